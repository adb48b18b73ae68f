package io.github.usertcp.channel;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpListener;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Between a server channel and its listener, which may be on different event loops. What has to be done on the other one is
 * run there, and at once if there is only one.
 */
final class ListenerPort {
    /** How a bind ended. On the channel's event loop. */
    @FunctionalInterface
    interface BindListener {
        void onEnd(InetSocketAddress bound, Throwable cause);
    }

    /** How many connections cross at a time; those not yet handed to the pipeline wait on the channel's side. */
    private static final int BATCH = 16;

    private final EventLoop channelLoop;
    private final Runnable onAcceptable;
    private final boolean ownsStack;

    // On the channel's event loop.
    private final Queue<Accepted> accepted = new ArrayDeque<>();
    private boolean accepting;
    private boolean closed;
    private volatile TcpStack stack;

    // On the stack's event loop.
    private TcpListener listener;
    private boolean listenerClosed;

    /** A connection with its addresses, which only the stack's event loop may ask it for. */
    record Accepted(StackConnection connection, TcpTuple tuple) {
    }

    ListenerPort(EventLoop channelLoop, TcpStack explicitStack, Runnable onAcceptable) {
        this.channelLoop = channelLoop;
        this.onAcceptable = onAcceptable;
        stack = explicitStack;
        ownsStack = explicitStack == null;
    }

    TcpStack stack() {
        return stack;
    }

    void bind(InetSocketAddress address, UserTcpServerSocketChannelConfig config, BindListener end) {
        if (!ownsStack) {
            // Any port: over UDP best the one whose number clients find by the port of the server's address, the UDP port's.
            listen(address, address.getPort() == 0 ? stack.link().udpPort() : address.getPort(), config, end);
            return;
        }
        TcpStack.builder().link(UdpLink.bind(address).reusePort(config.isReusePort())).config(config.settings()).open(channelLoop)
            .addListener((Future<TcpStack> opened) -> {
                if (opened.isSuccess()) {
                    stack = opened.getNow();
                    listen(address, stack.link().udpPort(), config, end);
                } else {
                    end.onEnd(null, opened.cause());
                }
            });
    }

    private void listen(InetSocketAddress address, int tcpPort, UserTcpServerSocketChannelConfig config, BindListener end) {
        onStackLoop(() -> {
            if (listenerClosed) {
                closeOwnStack();
                onChannelLoop(() -> end.onEnd(null, new ClosedChannelException()));
                return;
            }
            try {
                int port = config.isAllPorts() ? TcpListener.ALL_PORTS : tcpPort;
                listener = stack.listen(IpAddress.of(address.getAddress()), port, config.getBacklog(), config.settings(),
                    () -> onChannelLoop(onAcceptable));
                applyFastOpen(config);
                InetSocketAddress bound = new InetSocketAddress(address.getAddress(), Math.max(0, listener.port()));
                onChannelLoop(() -> end.onEnd(bound, null));
            } catch (BindException | RuntimeException e) {
                closeOwnStack();
                onChannelLoop(() -> end.onEnd(null, e));
            }
        });
    }

    /** Options of Fast Open, set before bind or changed after. */
    void applyFastOpen(UserTcpServerSocketChannelConfig config) {
        onStackLoop(() -> {
            if (listener != null) {
                config.applyFastOpen(listener);
            }
        });
    }

    /** Fetches up to {@code max} connections that are waiting, and then runs {@code arrived}, if there are any. One fetch at a time. */
    void accept(int max, Runnable arrived) {
        if (accepting || closed) {
            return;
        }
        if (!accepted.isEmpty()) {
            arrived.run();
            return;
        }
        accepting = true;
        onStackLoop(() -> {
            Queue<Accepted> batch = new ArrayDeque<>();
            while (!listenerClosed && batch.size() < Math.min(max, BATCH)) {
                StackConnection connection = listener.accept();
                if (connection == null) {
                    break;
                }
                batch.add(new Accepted(connection, connection.tcp().tuple()));
            }
            onChannelLoop(() -> arrive(batch, arrived));
        });
    }

    private void arrive(Queue<Accepted> batch, Runnable arrived) {
        accepting = false;
        accepted.addAll(batch);
        if (closed) {
            dropAccepted();
        } else if (!batch.isEmpty()) {
            arrived.run();
        }
    }

    boolean hasAccepted() {
        return !accepted.isEmpty();
    }

    /** {@code null} if there is none. */
    Accepted nextAccepted() {
        return accepted.poll();
    }

    /** Stops listening; connections that no channel has taken are reset. A stack of its own ends with its last connection. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        dropAccepted();
        if (stack == null) {
            listenerClosed = true; // still opening, on this very event loop
            return;
        }
        onStackLoop(() -> {
            listenerClosed = true;
            if (listener != null) {
                listener.close();
                closeOwnStack();
            }
        });
    }

    private void closeOwnStack() {
        if (ownsStack) {
            stack.closeWhenIdle();
        }
    }

    private void dropAccepted() {
        for (Accepted next = accepted.poll(); next != null; next = accepted.poll()) {
            ConnectionPort.drop(next.connection(), true);
        }
    }

    private void onStackLoop(Runnable task) {
        runOn(stack.eventLoop(), task);
    }

    void onChannelLoop(Runnable task) {
        runOn(channelLoop, task);
    }

    private static void runOn(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ignored) {
            // the event loop has ended, and with it all that it could have told or been told
        }
    }
}
