package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.BindException;

/**
 * Many connections over one {@link Link}, on the link's event loop: lookup, listeners, ports, timers, TIME-WAIT, memory. No locks: whatever is not
 * documented as callable from any thread belongs to {@link #eventLoop()}.
 */
public final class TcpStack {
    private TcpStack() {
        throw new UnsupportedOperationException();
    }

    public static Builder builder() {
        throw new UnsupportedOperationException();
    }

    /** Any thread. */
    public EventLoop eventLoop() {
        throw new UnsupportedOperationException();
    }

    /** Any thread. */
    public Link link() {
        throw new UnsupportedOperationException();
    }

    /** What connections start with unless told otherwise. Any thread. */
    public TcpConfig config() {
        throw new UnsupportedOperationException();
    }

    /** Time of the current read batch, or the loop's ticker outside of one. */
    public long nowNanos() {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts an active open; the owner hears CONNECTED or CLOSED. The SYN leaves with the next {@link StackConnection#touch()}, which the caller makes.
     *
     * @param local      source address, or the wildcard of either family to let the link choose
     * @param localPort  source port, or 0 for an ephemeral one (RFC 6056)
     * @param udpPort    the peer's UDP port, 0 on plain IP
     * @throws BindException  if the port is taken for this peer, or all ephemeral ports are
     */
    public StackConnection connect(IpAddress local, int localPort, IpAddress remote, int remotePort, int udpPort, TcpConfig config,
                                   ConnectionOwner owner) throws BindException {
        throw new UnsupportedOperationException();
    }

    /**
     * Listens.
     *
     * @param local     address, or the wildcard for all
     * @param port      TCP port, 0 for an ephemeral one
     * @param backlog   length of the accept queue, capped by {@link TcpStackConfig#maxBacklog()}
     * @param onAccept  run when the accept queue has something new, once per batch
     * @throws BindException  if the port is taken
     */
    public TcpListener listen(IpAddress local, int port, int backlog, TcpConfig childConfig, Runnable onAccept) throws BindException {
        throw new UnsupportedOperationException();
    }

    /** Connections, orphans included, TIME-WAIT entries not. */
    public int connectionCount() {
        throw new UnsupportedOperationException();
    }

    public int timeWaitCount() {
        throw new UnsupportedOperationException();
    }

    public StackStats stats() {
        throw new UnsupportedOperationException();
    }

    /** Succeeds once the link is gone, for whatever reason; nothing can be connected or listened to from then on. Any thread. */
    public Future<Void> closeFuture() {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes the stack as soon as it has no listener and no connection left, orphans included; TIME-WAIT entries are not waited for. For a stack
     * that belongs to one listener: the connections it accepted outlive it, as they do in a kernel. Twice does nothing.
     */
    public void closeWhenIdle() {
        throw new UnsupportedOperationException();
    }

    /** Aborts every connection with a RST, closes listeners and link. Any thread; twice returns the same future. */
    public Future<Void> close() {
        throw new UnsupportedOperationException();
    }

    /** Collects what a stack is made of. */
    public static final class Builder {
        /** Required: where segments go. */
        public Builder link(LinkProvider provider) {
            throw new UnsupportedOperationException();
        }

        /** Default: {@link TcpConfig#defaults()}. */
        public Builder config(TcpConfig config) {
            throw new UnsupportedOperationException();
        }

        /** Default: {@link TcpStackConfig#defaults()}. */
        public Builder stackConfig(TcpStackConfig config) {
            throw new UnsupportedOperationException();
        }

        /** Default: keyed by a secret of the stack's own, from {@code SecureRandom}. */
        public Builder initialNumbers(InitialNumbers numbers) {
            throw new UnsupportedOperationException();
        }

        /** Opens the link and the stack on it. Any thread. */
        public Future<TcpStack> open(EventLoop loop) {
            throw new UnsupportedOperationException();
        }
    }
}
