package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;

/**
 * Bytes received in order and not yet read by the application.
 *
 * <p>A payload is a view of the datagram it came in, and a view of one byte keeps all of it alive. What is read at once may stay a view;
 * what has to wait is copied together when it is small, so that a sender of tiny segments cannot make us hold many times what it sent.
 */
final class ReceiveQueue {
    private static final int INITIAL_SLOTS = 2;
    /** A ring that grew larger than this is let go when it is empty, so that idle connections are small. */
    private static final int MAX_IDLE_SLOTS = 16;
    /** A payload that has to wait stays a view only if that keeps alive no more than so many times its size. */
    private static final int MAX_HELD_RATIO = 4;
    private static final int CHUNK_BYTES = 8192;

    private ByteBuf[] buffers;
    private int[] charges;
    private int head;
    private int size;
    private int bytes;
    private long heldBytes;
    /** The newest buffer if it is our own chunk with room behind its bytes, else null. */
    private ByteBuf openChunk;

    int bytes() {
        return bytes;
    }

    /** Memory held, views by the capacity of what they keep alive. */
    long heldBytes() {
        return heldBytes;
    }

    /** Takes ownership of the buffer. */
    void append(ByteBuf buffer) {
        int length = buffer.readableBytes();
        bytes += length;
        if (size > 0 && BufferMemory.heldBy(buffer) > MAX_HELD_RATIO * length) {
            appendCopy(buffer);
        } else {
            openChunk = null;
            push(buffer, BufferMemory.heldBy(buffer));
        }
    }

    private void appendCopy(ByteBuf buffer) {
        if (openChunk == null || openChunk.writableBytes() < buffer.readableBytes()) {
            int capacity = Math.max(CHUNK_BYTES, buffer.readableBytes());
            openChunk = buffer.alloc().buffer(capacity, capacity);
            push(openChunk, capacity);
        }
        openChunk.writeBytes(buffer);
        buffer.release();
    }

    /** Up to {@code maxBytes} in one buffer, owned by the caller, or {@code null}. */
    ByteBuf read(int maxBytes) {
        if (size == 0 || maxBytes <= 0) {
            return null;
        }
        ByteBuf first = buffers[head];
        if (first.readableBytes() > maxBytes) {
            bytes -= maxBytes;
            return first.readRetainedSlice(maxBytes);
        }
        if (first == openChunk) {
            openChunk = null;
        }
        heldBytes -= charges[head];
        buffers[head] = null;
        head = head + 1 & buffers.length - 1;
        size--;
        bytes -= first.readableBytes();
        if (size == 0 && buffers.length > MAX_IDLE_SLOTS) {
            buffers = null;
            charges = null;
        }
        return first;
    }

    void release() {
        for (ByteBuf buffer = read(Integer.MAX_VALUE); buffer != null; buffer = read(Integer.MAX_VALUE)) {
            buffer.release();
        }
        buffers = null;
        charges = null;
    }

    private void push(ByteBuf buffer, int charge) {
        if (buffers == null) {
            buffers = new ByteBuf[INITIAL_SLOTS];
            charges = new int[INITIAL_SLOTS];
            head = 0;
        } else if (size == buffers.length) {
            grow();
        }
        int slot = head + size & buffers.length - 1;
        buffers[slot] = buffer;
        charges[slot] = charge;
        size++;
        heldBytes += charge;
    }

    private void grow() {
        ByteBuf[] moreBuffers = new ByteBuf[size * 2];
        int[] moreCharges = new int[size * 2];
        for (int i = 0; i < size; i++) {
            int slot = head + i & buffers.length - 1;
            moreBuffers[i] = buffers[slot];
            moreCharges[i] = charges[slot];
        }
        buffers = moreBuffers;
        charges = moreCharges;
        head = 0;
    }

    void checkInvariants() {
        int sum = 0;
        long charged = 0;
        for (int i = 0; i < size; i++) {
            int slot = head + i & buffers.length - 1;
            sum += buffers[slot].readableBytes();
            charged += charges[slot];
        }
        assert sum == bytes : "buffers hold " + sum + " bytes, counter says " + bytes;
        assert charged == heldBytes : "charges sum to " + charged + ", counter says " + heldBytes;
    }
}
