package io.github.usertcp.channel;

import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/**
 * The byte stream between a channel and its connection, from the channel's side. There are two kinds:
 * {@link DirectPort} where both live on one event loop, {@link CrossingPort} where they don't. Every
 * method belongs to the channel's event loop, and so do the calls to the {@link PortOwner}.
 */
abstract class ConnectionPort {
    final TcpStack stack;
    final PortOwner owner;

    ConnectionPort(TcpStack stack, PortOwner owner) {
        this.stack = stack;
        this.owner = owner;
    }

    /** A port for an active open, to be started with {@link #connect}. */
    static ConnectionPort toConnect(TcpStack stack, EventLoop channelLoop, PortOwner owner) {
        return stack.eventLoop() == channelLoop ? new DirectPort(stack, null, owner) : new CrossingPort(stack, null, owner, channelLoop);
    }

    /** A port for a connection that a listener accepted, to be started with {@link #attach}. */
    static ConnectionPort toAccepted(StackConnection connection, EventLoop channelLoop, PortOwner owner) {
        TcpStack stack = connection.stack();
        return stack.eventLoop() == channelLoop
            ? new DirectPort(stack, connection, owner)
            : new CrossingPort(stack, connection, owner, channelLoop);
    }

    /** Leaves an accepted connection that no channel will use. Any thread. */
    static void drop(StackConnection accepted, boolean reset) {
        TcpStack stack = accepted.stack();
        try {
            stack.eventLoop().execute(() -> {
                if (reset) {
                    accepted.tcp().abort(stack.nowNanos());
                } else {
                    accepted.tcp().close(stack.nowNanos());
                }
                accepted.detach();
            });
        } catch (RejectedExecutionException ignored) {
            // the event loop has ended, and the connection with it
        }
    }

    /**
     * Starts the active open. The owner hears of the outcome, possibly before this returns.
     *
     * @param withData  something to write is there: where the SYN can take it (RFC 7413), the owner hears that it is connected before the
     *                  SYN leaves, writes, and flushes
     */
    abstract void connect(ConnectRequest request, boolean withData);

    /** Starts to tell the owner of what happens to the accepted connection; the owner hears the first of it after this has returned. */
    abstract void attach(TcpConfig config);

    /** How many bytes {@link #write} takes now. */
    abstract int writableBytes();

    /**
     * Hands over the first {@code length} readable bytes, which must not exceed {@link #writableBytes()}.
     * Retains the buffer for as long as it needs it; reader index and reference of the caller stay as they are.
     *
     * @return the bytes taken: all, unless the connection is gone
     */
    abstract int write(ByteBuf data, int length);

    /** A burst of writes is over: time to send. */
    abstract void flush();

    /** Received bytes in order, at most {@code maxBytes} of them, owned by the caller; {@code null} if there are none now. */
    abstract ByteBuf read(int maxBytes);

    abstract boolean isReadable();

    /** True once the peer has ended its stream and everything before the end has been read. */
    abstract boolean isInputEnded();

    /** Why the connection is gone, {@code null} as long as it is not. There may still be bytes to read. */
    abstract CloseCause closeCause();

    /** The channel wants to read: the receive window may open as far as it has read. */
    abstract void permitReading();

    /** FIN behind everything written so far. */
    abstract void shutdownOutput();

    /** Applies settings to the live connection. */
    abstract void reconfigure(TcpConfig config);

    /**
     * The channel leaves. What is written is still delivered and followed by a FIN, which
     * the stack looks after; unread input makes it a RST. A second call does nothing.
     */
    abstract void close();

    /** The channel leaves with a RST, behind what the connection could send at once. Does nothing after {@link #close()}. */
    abstract void abort();

    /** Like {@link #close()}, but the channel stays to hear {@link PortOwner#onFarewellDone()}, and then calls {@link #close()}. */
    abstract void closeLingering();

    /** A snapshot of the connection, at once on the stack's event loop. Any thread. */
    final Future<TcpInfo> info() {
        EventLoop loop = stack.eventLoop();
        Promise<TcpInfo> promise = loop.newPromise();
        if (loop.inEventLoop()) {
            tellInfo(promise);
        } else {
            try {
                loop.execute(() -> tellInfo(promise));
            } catch (RejectedExecutionException e) {
                promise.setFailure(e);
            }
        }
        return promise;
    }

    /** The connection, on the stack's event loop; {@code null} before an active open has begun, and when the connection is left. */
    abstract StackConnection connection();

    private void tellInfo(Promise<TcpInfo> promise) {
        StackConnection connection = connection();
        if (connection == null) {
            promise.setFailure(new ClosedChannelException());
        } else {
            promise.setSuccess(connection.tcp().info(stack.nowNanos()));
        }
    }
}
