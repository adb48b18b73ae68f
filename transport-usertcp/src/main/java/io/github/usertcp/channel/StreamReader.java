package io.github.usertcp.channel;

import io.github.usertcp.tcp.CloseCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.concurrent.RejectedExecutionException;

/**
 * The reading half of a channel: hands received buffers to the pipeline, as many and as large as the
 * channel's {@link RecvByteBufAllocator} says, and then what comes behind the last of them: the end of
 * the stream or its failure. Nothing is allocated here; the buffers are those the segments came in.
 *
 * <p>The end is told when everything before it has been read, wanted or not, as the epoll transport does: otherwise a channel that
 * doesn't read would never notice that its peer has left.
 */
final class StreamReader implements Runnable {
    private final UserTcpSocketChannel channel;
    private boolean readPending;
    private boolean reading;
    private boolean scheduled;
    private boolean shutdown;
    private boolean endTold;

    StreamReader(UserTcpSocketChannel channel) {
        this.channel = channel;
    }

    /** No more input reaches the pipeline: half-closed by the peer, or {@linkplain #shutdown() by the user}. */
    boolean isShutdown() {
        return shutdown;
    }

    /** {@code Channel.read()}. Never delivers before it returns: the caller may be a handler in the middle of something. */
    void beginRead() {
        readPending = true;
        ConnectionPort port = channel.port();
        if (port == null || shutdown) {
            return;
        }
        port.permitReading();
        if (port.isReadable() && !reading) {
            schedule();
        }
    }

    /** There is something to read from: a read asked for before counts. */
    void connected(ConnectionPort port) {
        if (readPending) {
            port.permitReading();
        }
    }

    void clearReadPending() {
        readPending = false;
    }

    /**
     * The user wants no more input: what has arrived and what will arrive
     * is acknowledged and thrown away, as {@code java.net.Socket} has it.
     */
    void shutdown() {
        if (!shutdown) {
            shutdown = true;
            schedule();
        }
    }

    /** The port has news. */
    @Override
    public void run() {
        scheduled = false;
        ConnectionPort port = channel.port();
        if (port == null || reading || channel.isClosing()) {
            return;
        }
        if (port.closeCause() == CloseCause.ABORTED) {
            // Our own stack has ended, with its event loop or by its owner: no
            // news from the peer, so no exception, and nothing to wait for.
            channel.unsafe().close(channel.unsafe().voidPromise());
        } else if (shutdown) {
            discard(port);
        } else if (port.isReadable()) {
            if (isWanted()) {
                read(port);
            }
        } else {
            tellEnd(port);
        }
    }

    private boolean isWanted() {
        return readPending || channel.config().isAutoRead();
    }

    private void read(ConnectionPort port) {
        reading = true;
        ChannelPipeline pipeline = channel.pipeline();
        ExtendedHandle handle = (ExtendedHandle) channel.unsafe().recvBufAllocHandle();
        handle.reset(channel.config());
        do {
            int limit = Math.max(1, handle.guess());
            handle.attemptedBytesRead(limit);
            ByteBuf data = port.read(limit);
            if (data == null) {
                handle.lastBytesRead(0);
                break;
            }
            handle.lastBytesRead(data.readableBytes());
            handle.incMessagesRead(1);
            readPending = false;
            pipeline.fireChannelRead(data);
            // The handles' own idea of "there may be more", a full buffer, doesn't fit buffers that come as large as the peer's segments.
        } while (handle.continueReading(port::isReadable));
        handle.readComplete();
        pipeline.fireChannelReadComplete();
        reading = false;

        if (channel.isClosing()) {
            return;
        }
        if (isWanted()) {
            port.permitReading();
        } else {
            port.flush(); // what was read has left room, of which the peer has to hear even if the next read is far away
        }
        if (hasNews(port)) {
            schedule();
        }
    }

    private boolean hasNews(ConnectionPort port) {
        return port.isReadable() ? isWanted() || shutdown : !shutdown && (port.isInputEnded() || port.closeCause() != null);
    }

    private void tellEnd(ConnectionPort port) {
        CloseCause cause = port.closeCause();
        if (port.isInputEnded()) {
            readPending = false;
            channel.pipeline().fireChannelReadComplete();
            closeOnRead();
        } else if (cause != null && !port.isReadable()) {
            readPending = false;
            channel.pipeline().fireExceptionCaught(ConnectionErrors.onRead(cause));
            closeOnRead();
        }
    }

    private void closeOnRead() {
        if (!channel.config().isAllowHalfClosure()) {
            channel.unsafe().close(channel.unsafe().voidPromise());
            return;
        }
        shutdown = true;
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        tellReadComplete();
    }

    private void tellReadComplete() {
        if (!endTold && !channel.isClosing()) {
            endTold = true;
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    private void discard(ConnectionPort port) {
        for (ByteBuf data = port.read(Integer.MAX_VALUE); data != null; data = port.read(Integer.MAX_VALUE)) {
            data.release();
        }
        port.permitReading();
        if (channel.config().isAllowHalfClosure()) {
            tellReadComplete();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            try {
                channel.eventLoop().execute(this);
            } catch (RejectedExecutionException e) {
                scheduled = false; // the event loop has ended; its channels are being closed
            }
        }
    }
}
