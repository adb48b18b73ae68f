package io.github.usertcp.handlers;

import io.github.usertcp.tcp.TcpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import java.io.IOException;

/** Writes that the connection has not taken over yet, in order. They count for the channel's writability. */
final class WaitingWrites {
    private final PendingWriteQueue queue;
    /** How many at the head of the queue have been flushed. */
    private int flushed;
    private IOException shutdownCause;

    WaitingWrites(ChannelHandlerContext ctx) {
        queue = new PendingWriteQueue(ctx);
    }

    /** Takes ownership of the data. */
    void add(ByteBuf data, ChannelPromise promise) {
        if (shutdownCause != null) {
            data.release();
            promise.tryFailure(shutdownCause);
        } else {
            queue.add(data, promise);
        }
    }

    void flush() {
        flushed = queue.size();
    }

    /** Hands over what fits, and tells whether anything did. */
    boolean moveTo(TcpConnection connection, long nowNanos) {
        boolean moved = false;
        while (flushed > 0) {
            ByteBuf data = (ByteBuf) queue.current();
            moved |= connection.write(data, nowNanos) > 0;
            if (data.isReadable()) {
                break;
            }
            flushed--;
            queue.remove().trySuccess();
            moved = true;
        }
        return moved;
    }

    /** Fails what waits and what may still come; {@code false} if that has happened before. */
    boolean shutdown(IOException cause) {
        if (shutdownCause != null) {
            return false;
        }
        shutdownCause = cause;
        flushed = 0;
        queue.removeAndFailAll(cause);
        return true;
    }
}
