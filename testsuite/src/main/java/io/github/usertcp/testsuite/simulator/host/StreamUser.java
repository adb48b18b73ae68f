package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpEvent;
import io.github.usertcp.tcp.TcpState;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * Acts out a {@link StreamPlan} and is the first of the oracles: every byte it reads is the one the peer has written there, and no event
 * follows the last.
 */
public final class StreamUser implements HostUser {
    private final StreamPlan plan;
    private final StreamContent own;
    private final StreamContent peers;
    private final SplittableRandom random;
    /** Buffers handed to the connection, which must give them all back. */
    private final ArrayDeque<ByteBuf> lent = new ArrayDeque<>();
    private long written;
    private long received;
    private long restAfterBytes;
    private long restUntilNanos;
    private long writeAgainNanos;
    private boolean closed;
    private boolean toldConnected;
    private boolean toldClosed;

    /**
     * A user who has not acted yet.
     *
     * @param key      of the stream it sends
     * @param peerKey  of the stream it expects
     */
    public StreamUser(StreamPlan plan, int key, int peerKey, SplittableRandom random) {
        this.plan = plan;
        own = new StreamContent(key);
        peers = new StreamContent(peerKey);
        this.random = random;
        restAfterBytes = plan.readPauseBytes();
    }

    public StreamPlan plan() {
        return plan;
    }

    /** Bytes read so far, all of them right. */
    public long received() {
        return received;
    }

    /** Bytes the connection has taken so far. */
    public long written() {
        return written;
    }

    @Override
    public void act(EngineHost host, long nowNanos) {
        TcpConnection tcp = host.tcp();
        takeEvents(tcp);
        if (closed) {
            return;
        }
        read(host, nowNanos);
        write(host, nowNanos);
        if (isTimeToClose(tcp)) {
            closed = true;
            if (plan.ending() == StreamPlan.Ending.ABORT) {
                tcp.abort(nowNanos);
            } else {
                tcp.close(nowNanos);
            }
        }
    }

    private void takeEvents(TcpConnection tcp) {
        for (TcpEvent event = tcp.pollEvent(); event != null; event = tcp.pollEvent()) {
            if (toldClosed) {
                throw new AssertionError(event + " after CLOSED");
            }
            toldConnected |= event == TcpEvent.CONNECTED;
            toldClosed = event == TcpEvent.CLOSED;
            if (toldClosed && tcp.state() != TcpState.CLOSED && tcp.state() != TcpState.TIME_WAIT) {
                throw new AssertionError("told CLOSED in " + tcp.state());
            }
        }
    }

    private void read(EngineHost host, long nowNanos) {
        while (nowNanos >= restUntilNanos) {
            ByteBuf bytes = host.tcp().read(random.nextInt(plan.maxReadBytes()) + 1, nowNanos);
            if (bytes == null) {
                return;
            }
            int wrong = peers.mismatch(bytes, received);
            if (wrong >= 0) {
                throw new AssertionError("wrong byte at " + (received + wrong));
            }
            received += bytes.readableBytes();
            bytes.release();
            if (received >= restAfterBytes) {
                restAfterBytes = received + plan.readPauseBytes();
                restUntilNanos = nowNanos + plan.readPauseNanos();
                host.wakeUserAfter(plan.readPauseNanos());
            }
        }
    }

    private void write(EngineHost host, long nowNanos) {
        TcpConnection tcp = host.tcp();
        while (written < bytesToWrite() && nowNanos >= writeAgainNanos && tcp.writableBytes() > 0) {
            int length = (int) Math.min(bytesToWrite() - written, random.nextInt(plan.maxWriteBytes()) + 1);
            // No more than it takes: the rest would be held with it, as a view's memory is.
            ByteBuf bytes = own.copy(written, Math.min(length, tcp.writableBytes()));
            written += tcp.write(bytes, nowNanos);
            bytes.release();
            lend(bytes);
            if (plan.writePauseNanos() > 0) {
                long pause = random.nextLong(plan.writePauseNanos()) + 1;
                writeAgainNanos = nowNanos + pause;
                host.wakeUserAfter(pause);
            }
        }
        if (written == plan.bytesToSend() && plan.ending() == StreamPlan.Ending.HALF_CLOSE) {
            tcp.shutdownOutput(nowNanos);
        }
    }

    /** Remembers a buffer until it is freed, which happens in the order of writing. */
    private void lend(ByteBuf bytes) {
        while (!lent.isEmpty() && lent.peek().refCnt() == 0) {
            lent.poll();
        }
        lent.add(bytes);
    }

    private long bytesToWrite() {
        return plan.ending() == StreamPlan.Ending.ABORT ? plan.bytesToSend() / 2 : plan.bytesToSend();
    }

    private boolean isTimeToClose(TcpConnection tcp) {
        if (tcp.state() == TcpState.CLOSED || tcp.state() == TcpState.LISTEN || written < bytesToWrite()) {
            return false;
        }
        return switch (plan.ending()) {
            case HALF_CLOSE, WAIT_FOR_PEER -> tcp.isInputEnded();
            case CLOSE_EARLY -> tcp.state().isSynchronized();
            case ABORT -> true;
        };
    }

    /** True if there was ever a connection. */
    public boolean isToldConnected() {
        return toldConnected;
    }

    /** True if the user has heard of the end. */
    public boolean isToldClosed() {
        return toldClosed;
    }

    /** Buffers that the connection should have given back by now. */
    public long unreturnedBuffers() {
        return lent.stream().filter(buffer -> buffer.refCnt() > 0).count();
    }

    @Override
    public String toString() {
        return "written " + written + " of " + plan.bytesToSend() + ", received " + received;
    }
}
