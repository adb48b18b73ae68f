package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.netty.util.concurrent.Promise;

/**
 * The end of a stack, asked for or because its event loop shuts down. Whatever
 * is said is said once and at once: afterwards nobody is there to repeat it.
 */
final class Farewell {
    private final TcpStack stack;
    private final Promise<Void> closed;
    private boolean closing;

    Farewell(TcpStack stack, Promise<Void> closed) {
        this.stack = stack;
        this.closed = closed;
    }

    Promise<Void> closed() {
        return closed;
    }

    /** Aborts everything, then closes the link. A second call does nothing. */
    void abortAll() {
        if (!closing) {
            closing = true;
            endAll(true, CloseCause.ABORTED);
            stack.link().flush();
            stack.link().close();
        }
    }

    /**
     * The link goes. A connection whose peer has everything we wrote ends with a FIN, as a kernel's would whose process
     * exits; any other with a RST, because a FIN would have the peer wait for bytes that nobody will send again.
     */
    void saidByLink() {
        closing = true;
        endAll(false, CloseCause.ABORTED);
    }

    /** The link has failed: nothing can be said any more. */
    void linkFailed() {
        closing = true;
        endAll(true, CloseCause.LINK_FAILED);
    }

    /** The link is gone. */
    void finish() {
        closing = true;
        endAll(true, CloseCause.ABORTED);
        stack.timer.stop();
        stack.timeWaits.clear();
        closed.trySuccess(null);
    }

    boolean isClosing() {
        return closing;
    }

    private void endAll(boolean abort, CloseCause cause) {
        stack.batch.begin(stack.nowNanos());
        for (TcpListener listener : stack.listeners.all()) {
            listener.close();
        }
        for (StackConnection connection : stack.connections.toArray()) {
            end(connection, abort, cause);
        }
        stack.batch.complete();
    }

    private void end(StackConnection connection, boolean abort, CloseCause cause) {
        TcpConnection tcp = connection.tcp();
        try {
            if (abort || tcp.sendQueueBytes() > 0) {
                tcp.abort(cause, stack.nowNanos());
            } else if (tcp.state() == TcpState.ESTABLISHED || tcp.state() == TcpState.CLOSE_WAIT) {
                tcp.close(stack.nowNanos());
            }
            for (TcpSegment segment = poll(tcp); segment != null; segment = poll(tcp)) {
                stack.batch.write(segment);
            }
            tcp.abort(cause, stack.nowNanos());
            for (TcpSegment unsaid = poll(tcp); unsaid != null; unsaid = poll(tcp)) {
                unsaid.release();
            }
        } catch (RuntimeException e) {
            stack.batch.abortFaulty(connection, e);
        }
        stack.batch.deliver(connection);
        if (connection.isLive()) {
            stack.forget(connection);
        }
    }

    private TcpSegment poll(TcpConnection tcp) {
        return tcp.pollSegment(stack.nowNanos(), stack.link().maxPayloadBytes());
    }
}
