package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;

/**
 * Data that arrived ahead of its turn: sorted disjoint ranges above RCV.NXT (RFC 9293 section 3.10.7.4, seventh step).
 *
 * <p>The byte that was accepted first wins over a later one for the same place; what was accepted is never rewritten,
 * so that two observers of a stream with inconsistent overlaps see the same. Small payloads are copied out of the
 * datagram that carried them and memory is charged as held, so that a flood of one-byte segments costs its sender
 * more than us (CVE-2018-5390). When there is no room, what is farthest from RCV.NXT goes first: it is needed last.
 */
final class ReassemblyQueue {
    private static final int INITIAL_SLOTS = 4;
    private static final int MAX_RANGES = 1024;
    /** Object and array overhead of one range, roughly: without it a million one-byte ranges would look like one megabyte. */
    private static final int RANGE_OVERHEAD_BYTES = 128;

    private ByteBuf[] buffers;
    private long[] starts;
    private int[] charges;
    private int size;
    private long heldBytes;

    boolean isEmpty() {
        return size == 0;
    }

    long rangeStart(int index) {
        return starts[index];
    }

    long rangeEnd(int index) {
        return starts[index] + buffers[index].readableBytes();
    }

    long heldBytes() {
        return heldBytes;
    }

    /**
     * Adds those bytes of the buffer that are not here yet, and releases it.
     *
     * @param budgetBytes  the memory this queue may hold
     */
    void add(long sequence, ByteBuf buffer, long budgetBytes) {
        long from = sequence;
        long end = sequence + buffer.readableBytes();
        int index = firstEndingAfter(from);
        while (from < end) {
            if (index < size && starts[index] <= from) {
                from = rangeEnd(index);
                index++;
                continue;
            }
            long gapEnd = index < size ? Math.min(end, starts[index]) : end;
            insert(index, from, pieceOf(buffer, (int) (from - sequence), (int) (gapEnd - from)));
            from = gapEnd;
            index++;
        }
        buffer.release();
        while (size > 0 && (heldBytes > budgetBytes || size > MAX_RANGES)) {
            remove(size - 1).release();
        }
    }

    /** A view, or a copy where a view would keep more than twice its size alive. */
    private static ByteBuf pieceOf(ByteBuf buffer, int offset, int length) {
        int index = buffer.readerIndex() + offset;
        if (BufferMemory.heldBy(buffer) > 2 * length) {
            return buffer.alloc().buffer(length, length).writeBytes(buffer, index, length);
        }
        return buffer.retainedSlice(index, length);
    }

    /**
     * Takes the next range if it touches {@code nxt}, less what lies before
     * {@code nxt}; owned by the caller. {@code null} if there is a gap.
     */
    ByteBuf pollAt(long nxt) {
        while (size > 0 && starts[0] <= nxt) {
            long skip = nxt - starts[0];
            ByteBuf first = remove(0);
            if (skip < first.readableBytes()) {
                return first.skipBytes((int) skip);
            }
            first.release();
        }
        return null;
    }

    void release() {
        while (size > 0) {
            remove(size - 1).release();
        }
        buffers = null;
        starts = null;
        charges = null;
    }

    /** Binary search: the first range whose end is beyond {@code sequence}. */
    private int firstEndingAfter(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (rangeEnd(middle) > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void insert(int index, long start, ByteBuf piece) {
        if (buffers == null) {
            resize(INITIAL_SLOTS);
        } else if (size == buffers.length) {
            resize(size * 2);
        }
        System.arraycopy(buffers, index, buffers, index + 1, size - index);
        System.arraycopy(starts, index, starts, index + 1, size - index);
        System.arraycopy(charges, index, charges, index + 1, size - index);
        buffers[index] = piece;
        starts[index] = start;
        charges[index] = BufferMemory.heldBy(piece) + RANGE_OVERHEAD_BYTES;
        heldBytes += charges[index];
        size++;
    }

    private ByteBuf remove(int index) {
        ByteBuf removed = buffers[index];
        heldBytes -= charges[index];
        size--;
        System.arraycopy(buffers, index + 1, buffers, index, size - index);
        System.arraycopy(starts, index + 1, starts, index, size - index);
        System.arraycopy(charges, index + 1, charges, index, size - index);
        buffers[size] = null;
        return removed;
    }

    private void resize(int slots) {
        ByteBuf[] moreBuffers = new ByteBuf[slots];
        long[] moreStarts = new long[slots];
        int[] moreCharges = new int[slots];
        if (size > 0) {
            System.arraycopy(buffers, 0, moreBuffers, 0, size);
            System.arraycopy(starts, 0, moreStarts, 0, size);
            System.arraycopy(charges, 0, moreCharges, 0, size);
        }
        buffers = moreBuffers;
        starts = moreStarts;
        charges = moreCharges;
    }

    void checkInvariants(long nxt) {
        long previousEnd = nxt;
        long charged = 0;
        for (int i = 0; i < size; i++) {
            // The first range starts beyond nxt, or it would have been delivered.
            assert starts[i] > nxt : "range " + i + " starts at " + starts[i] + ", nxt is " + nxt;
            assert starts[i] >= previousEnd : "range " + i + " starts at " + starts[i] + " inside of its predecessor's end " + previousEnd;
            assert buffers[i].isReadable() : "range " + i + " is empty";
            previousEnd = rangeEnd(i);
            charged += charges[i];
        }
        assert charged == heldBytes : "charges sum to " + charged + ", counter says " + heldBytes;
        assert size <= MAX_RANGES : size + " ranges";
    }
}
