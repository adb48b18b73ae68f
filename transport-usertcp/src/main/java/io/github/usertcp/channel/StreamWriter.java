package io.github.usertcp.channel;

import io.github.usertcp.tcp.CloseCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The writing half of a channel: moves flushed messages into the connection's send buffer, as far as it has
 * room. A message's promise succeeds when the send buffer has taken its last byte, as with a kernel socket.
 *
 * <p>Heap buffers and small pieces are copied, many of them into one buffer; large direct ones are retained until the peer has
 * acknowledged them ({@link UserTcpChannelOption#ZERO_COPY_THRESHOLD}).
 */
final class StreamWriter implements ChannelOutboundBuffer.MessageProcessor {
    /** Copies are collected in buffers of up to this size, in bytes: what one super-segment carries. */
    private static final int MAX_CHUNK_BYTES = 64 * 1024;

    private final UserTcpSocketChannel channel;
    private boolean blocked;

    // Of the gathering in progress.
    private ConnectionPort port;
    private ByteBuf chunk;
    private long pendingBytes;
    private int room;
    private int gathered;

    StreamWriter(UserTcpSocketChannel channel) {
        this.channel = channel;
    }

    /** The message if it is one that can be written, else an exception. */
    static Object checked(Object message) {
        if (message instanceof ByteBuf || message instanceof FileRegion) {
            return message;
        }
        throw new UnsupportedOperationException(
            "unsupported message type: " + StringUtil.simpleClassName(message) + " (expected: ByteBuf, FileRegion)");
    }

    /** As Netty's epoll transport has it: with TCP Fast Open, connecting flushes. Returns whether there is something a SYN could carry. */
    static boolean flushForSyn(ChannelOutboundBuffer buffer) {
        if (buffer == null) {
            return false;
        }
        buffer.addFlush();
        return buffer.current() instanceof ByteBuf;
    }

    /** The send buffer was full: flushing makes no sense before {@link #unblock()}. */
    boolean isBlocked() {
        return blocked;
    }

    void unblock() {
        blocked = false;
    }

    /**
     * Moves what fits.
     *
     * @return false if it stopped for the sake of other channels, with room left: it wants to be called again soon
     */
    boolean write(ChannelOutboundBuffer in, ConnectionPort to) throws IOException {
        CloseCause cause = to.closeCause();
        if (cause != null) {
            throw ConnectionErrors.onWrite(cause);
        }
        port = to;
        try {
            int spins = channel.config().getWriteSpinCount();
            for (Object message = in.current(); message != null && !blocked; message = in.current()) {
                if (spins-- <= 0) {
                    return false;
                }
                room = port.writableBytes();
                boolean progressed = message instanceof FileRegion region ? transfer(in, region) : gather(in);
                if (!progressed) {
                    return false;
                }
            }
            return true;
        } finally {
            port.flush();
            port = null;
        }
    }

    // ---- ByteBufs ----

    private boolean gather(ChannelOutboundBuffer in) throws IOException {
        gathered = 0;
        pendingBytes = in.totalPendingWriteBytes();
        try {
            in.forEachFlushedMessage(this);
            passChunk();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            dropChunk();
        }
        remove(in, gathered);
        blocked = in.current() instanceof ByteBuf && port.writableBytes() == 0;
        return true;
    }

    /**
     * Takes one flushed message into the send buffer; the promises wait
     * until {@link #remove}, because their listeners may close the channel.
     */
    @Override
    public boolean processMessage(Object message) {
        if (!(message instanceof ByteBuf data)) {
            return false;
        }
        int length = Math.min(data.readableBytes(), room);
        if (length > 0) {
            if (isCopied(data, length)) {
                copy(data, length);
            } else {
                passChunk();
                port.write(data, length);
            }
            room -= length;
            gathered += length;
        }
        return room > 0;
    }

    private boolean isCopied(ByteBuf data, int length) {
        if (!data.isDirect()) {
            return true;
        }
        int threshold = channel.config().getZeroCopyThreshold();
        // A composite of crumbs costs more to carry around than to copy.
        return length < threshold || length / Math.max(1, data.nioBufferCount()) < threshold;
    }

    private void copy(ByteBuf data, int length) {
        int copied = 0;
        while (copied < length) {
            if (chunk == null) {
                int wanted = (int) Math.min(MAX_CHUNK_BYTES, Math.max(length - copied, pendingBytes));
                chunk = channel.alloc().directBuffer(Math.min(wanted, Math.max(room, length - copied)));
            }
            int piece = Math.min(length - copied, chunk.writableBytes());
            chunk.writeBytes(data, data.readerIndex() + copied, piece);
            copied += piece;
            pendingBytes -= piece;
            if (!chunk.isWritable()) {
                passChunk();
            }
        }
    }

    private void passChunk() {
        if (chunk != null) {
            port.write(chunk, chunk.readableBytes());
            dropChunk();
        }
    }

    private void dropChunk() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** Like {@link ChannelOutboundBuffer#removeBytes}, which minds when a promise's listener closes the channel in between. */
    private static void remove(ChannelOutboundBuffer in, int bytes) {
        int left = bytes;
        while (in.current() instanceof ByteBuf data) {
            int readable = data.readableBytes();
            if (readable > left) {
                data.skipBytes(left);
                in.progress(left);
                return;
            }
            left -= readable;
            in.progress(readable);
            in.remove();
        }
    }

    // ---- FileRegions ----

    /** One chunk of the region. @return false if the region had nothing to give, so that trying again at once makes no sense */
    private boolean transfer(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        if (region.transferred() >= region.count()) {
            in.remove();
            return true;
        }
        if (room == 0) {
            blocked = true;
            return true;
        }
        long left = region.count() - region.transferred();
        ByteBuf target = channel.alloc().directBuffer((int) Math.min(Math.min(left, room), MAX_CHUNK_BYTES));
        int length;
        try {
            region.transferTo(new BoundedTarget(target), region.transferred());
            length = target.readableBytes();
            port.write(target, length);
        } finally {
            target.release();
        }
        in.progress(length);
        if (region.transferred() >= region.count()) {
            in.remove();
            return true;
        }
        return length > 0;
    }

    /** Takes as much as a buffer has room for, and no more. */
    private record BoundedTarget(ByteBuf buffer) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) {
            int length = Math.min(source.remaining(), buffer.writableBytes());
            ByteBuffer piece = source.duplicate();
            piece.limit(source.position() + length);
            buffer.writeBytes(piece);
            source.position(source.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }
}
