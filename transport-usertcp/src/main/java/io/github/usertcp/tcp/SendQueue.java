package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;

/**
 * Bytes written and not yet acknowledged: a ring of buffers addressed by sequence number. A segment's payload is a retained view
 * cut at send time; the queue knows nothing of segments and copies nothing. Who writes small pieces does well to gather them first.
 */
final class SendQueue {
    private static final int INITIAL_SLOTS = 2;
    /** A ring that a transfer made larger than this is let go when it is empty, so that idle connections are small. */
    private static final int MAX_IDLE_SLOTS = 16;

    private ByteBuf[] buffers;
    /** Sequence number of the first byte of the buffer in the same slot. */
    private long[] starts;
    private int head;
    private int size;
    private long start;
    private long end;

    /** The first byte written will have this number. */
    void startAt(long sequence) {
        start = sequence;
        end = sequence;
    }

    long start() {
        return start;
    }

    /** The number of the byte that will be written next. */
    long end() {
        return end;
    }

    int bytes() {
        return (int) (end - start);
    }

    /** Bytes of all buffers held: a buffer counts in full until its last byte is acknowledged. */
    long heldBytes() {
        return size == 0 ? 0 : end - starts[head];
    }

    /** Takes ownership of the buffer. */
    void append(ByteBuf buffer) {
        push(buffer);
        end += buffer.readableBytes();
    }

    /** A retained view of {@code [sequence, sequence + length)}, owned by the caller. */
    ByteBuf slice(long sequence, int length) {
        assert sequence >= start && sequence + length <= end : sequence + "+" + length + " outside of " + start + " to " + end;
        int index = indexOf(sequence);
        ByteBuf first = buffers[slot(index)];
        int offset = (int) (sequence - starts[slot(index)]);
        if (offset + length <= first.readableBytes()) {
            return first.retainedSlice(first.readerIndex() + offset, length);
        }
        return gather(index, offset, length);
    }

    private ByteBuf gather(int firstIndex, int firstOffset, int length) {
        CompositeByteBuf whole = buffers[slot(firstIndex)].alloc().compositeDirectBuffer(size - firstIndex);
        int index = firstIndex;
        int offset = firstOffset;
        int left = length;
        while (left > 0) {
            ByteBuf buffer = buffers[slot(index)];
            int part = Math.min(left, buffer.readableBytes() - offset);
            whole.addComponent(true, buffer.retainedSlice(buffer.readerIndex() + offset, part));
            left -= part;
            offset = 0;
            index++;
        }
        return whole;
    }

    /** Lets go of everything before {@code upTo}. A buffer goes when its last byte does. */
    void acknowledge(long upTo) {
        while (size > 0) {
            ByteBuf first = buffers[head];
            if (starts[head] + first.readableBytes() > upTo) {
                break;
            }
            drop(first);
        }
        start = Math.max(start, Math.min(upTo, end));
        if (size == 0 && buffers != null && buffers.length > MAX_IDLE_SLOTS) {
            release();
        }
    }

    void release() {
        while (size > 0) {
            drop(buffers[head]);
        }
        start = end;
        buffers = null;
        starts = null;
    }

    private void drop(ByteBuf first) {
        buffers[head] = null;
        head = head + 1 & buffers.length - 1;
        size--;
        first.release();
    }

    private void push(ByteBuf buffer) {
        if (buffers == null) {
            buffers = new ByteBuf[INITIAL_SLOTS];
            starts = new long[INITIAL_SLOTS];
            head = 0;
        } else if (size == buffers.length) {
            grow();
        }
        int slot = slot(size);
        buffers[slot] = buffer;
        starts[slot] = end;
        size++;
    }

    private void grow() {
        ByteBuf[] moreBuffers = new ByteBuf[size * 2];
        long[] moreStarts = new long[size * 2];
        for (int i = 0; i < size; i++) {
            moreBuffers[i] = buffers[slot(i)];
            moreStarts[i] = starts[slot(i)];
        }
        buffers = moreBuffers;
        starts = moreStarts;
        head = 0;
    }

    /** The buffer that holds {@code sequence}: the last one that starts at or before it. */
    private int indexOf(long sequence) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (starts[slot(middle)] <= sequence) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private int slot(int index) {
        return head + index & buffers.length - 1;
    }

    void checkInvariants() {
        long expected = size == 0 ? end : starts[head];
        assert expected <= start || size == 0 : "first buffer starts at " + expected + ", queue at " + start;
        for (int i = 0; i < size; i++) {
            assert starts[slot(i)] == expected : "buffer " + i + " starts at " + starts[slot(i)] + ", expected " + expected;
            expected += buffers[slot(i)].readableBytes();
        }
        assert expected == end : "buffers end at " + expected + ", queue at " + end;
    }
}
