package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;

/**
 * Data that arrived ahead of its turn (RFC 9293 section 3.10.7.4, seventh step): sorted ranges above RCV.NXT with gaps between
 * them, each a list of buffers. What touches becomes one range, so that a range is what one SACK block reports.
 *
 * <p>The byte that was accepted first wins over a later one for the same place; what was accepted is never rewritten,
 * so that two observers of a stream with inconsistent overlaps see the same. Small payloads are copied out of the datagrams that
 * carried them, neighbours into one buffer, and memory is charged as held, so that a flood of one-byte segments costs its sender more
 * than us (CVE-2018-5390). What was taken may have been reported to the sender, who then forgets it: it is given up only when the
 * memory granted is used up, and then what is farthest from RCV.NXT goes first, since it is needed last.
 *
 * <p>A segment costs a binary search, and at most one move of the range table, which is 24 KiB when full.
 */
final class ReassemblyQueue {
    /** A segment that would make another one is refused: with so many holes the peer's window has better uses. */
    static final int MAX_RANGES = 1024;
    private static final int INITIAL_RANGES = 4;
    /** Tables that grew larger than this are let go when the queue is empty, so that idle connections are small. */
    private static final int MAX_IDLE_SLOTS = 16;
    private static final int MAX_CHUNK_BYTES = 16_384;

    private long[] starts;
    private long[] ends;
    private int[] firsts;
    private int[] lasts;
    private int ranges;
    private final PieceLists pieces = new PieceLists();

    boolean isEmpty() {
        return ranges == 0;
    }

    int ranges() {
        return ranges;
    }

    long rangeStart(int range) {
        return starts[range];
    }

    long rangeEnd(int range) {
        return ends[range];
    }

    long heldBytes() {
        return pieces.heldBytes();
    }

    /** Binary search: the first range that reaches beyond {@code sequence}; their number if none does. */
    int firstEndingAfter(long sequence) {
        int low = 0;
        int high = ranges;
        while (low < high) {
            int middle = low + high >>> 1;
            if (ends[middle] > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * Adds those bytes of the buffer that are not here yet, and releases it.
     *
     * @param budgetBytes  the memory this queue may hold
     */
    void add(long sequence, ByteBuf text, long budgetBytes) {
        long end = sequence + text.readableBytes();
        int range = firstEndingAfter(sequence - 1); // one that ends where this begins will do
        if (range < ranges && starts[range] <= end) {
            extend(range, sequence, text);
        } else if (ranges < MAX_RANGES) {
            insert(range, sequence, end, pieces.add(pieceOf(text, text.readerIndex(), text.readableBytes(), 0)));
        }
        text.release();
        while (ranges > 0 && pieces.heldBytes() > budgetBytes) {
            dropFarthest();
        }
    }

    /** The text touches this range, and maybe some behind it, which it then joins. */
    private void extend(int range, long sequence, ByteBuf text) {
        long end = sequence + text.readableBytes();
        if (sequence < starts[range]) {
            int before = pieces.add(pieceOf(text, text.readerIndex(), (int) (starts[range] - sequence), 0));
            pieces.unite(before, firsts[range]);
            firsts[range] = before;
            starts[range] = sequence;
        }
        int behind = range + 1;
        while (ends[range] < end) {
            long gapEnd = behind < ranges ? Math.min(end, starts[behind]) : end;
            append(range, text, text.readerIndex() + (int) (ends[range] - sequence), (int) (gapEnd - ends[range]));
            if (behind < ranges && starts[behind] == gapEnd) {
                pieces.unite(lasts[range], firsts[behind]);
                lasts[range] = lasts[behind];
                ends[range] = ends[behind];
                behind++;
            }
        }
        removeRanges(range + 1, behind);
    }

    private void append(int range, ByteBuf text, int index, int length) {
        ByteBuf last = pieces.buffer(lasts[range]);
        if (last.writableBytes() >= length) {
            last.writeBytes(text, index, length);
        } else {
            int piece = pieces.add(pieceOf(text, index, length, ends[range] - starts[range]));
            pieces.unite(lasts[range], piece);
            lasts[range] = piece;
        }
        ends[range] += length;
    }

    /**
     * A view, which has no room behind its bytes; or a copy where a view would keep alive much more than its size, with
     * room for what may follow: no more than there is before, so that memory held stays in proportion to bytes received.
     */
    private static ByteBuf pieceOf(ByteBuf text, int index, int length, long bytesBefore) {
        if (BufferMemory.heldBy(text) > length + length / 8) {
            int capacity = Math.max(length, (int) Math.min(bytesBefore, MAX_CHUNK_BYTES));
            return text.alloc().buffer(capacity, capacity).writeBytes(text, index, length);
        }
        return text.retainedSlice(index, length);
    }

    /**
     * Takes the first piece of the first range if it touches {@code nxt}, less what lies before
     * {@code nxt}; owned by the caller. {@code null} if there is a gap.
     */
    ByteBuf pollAt(long nxt) {
        while (ranges > 0 && starts[0] <= nxt) {
            int skip = (int) Math.min(nxt - starts[0], Integer.MAX_VALUE);
            ByteBuf first = removeFirst();
            if (skip < first.readableBytes()) {
                return first.skipBytes(skip);
            }
            first.release();
        }
        return null;
    }

    private ByteBuf removeFirst() {
        int piece = firsts[0];
        int next = pieces.next(piece);
        ByteBuf buffer = pieces.remove(piece);
        if (next == PieceLists.NONE) {
            removeRanges(0, 1);
        } else {
            starts[0] += buffer.readableBytes();
            firsts[0] = next;
        }
        return buffer;
    }

    private void dropFarthest() {
        int range = ranges - 1;
        int piece = lasts[range];
        int previous = pieces.previous(piece);
        ByteBuf buffer = pieces.remove(piece);
        if (previous == PieceLists.NONE) {
            removeRanges(range, ranges);
        } else {
            ends[range] -= buffer.readableBytes();
            lasts[range] = previous;
        }
        buffer.release();
    }

    void release() {
        while (ranges > 0) {
            dropFarthest();
        }
        releaseTables();
    }

    private void insert(int range, long start, long end, int piece) {
        if (starts == null) {
            resize(INITIAL_RANGES);
        } else if (ranges == starts.length) {
            resize(2 * ranges);
        }
        move(range, range + 1);
        starts[range] = start;
        ends[range] = end;
        firsts[range] = piece;
        lasts[range] = piece;
        ranges++;
    }

    private void removeRanges(int from, int to) {
        if (from == to) {
            return;
        }
        move(to, from);
        ranges -= to - from;
        if (ranges == 0 && Math.max(starts.length, pieces.slots()) > MAX_IDLE_SLOTS) {
            releaseTables();
        }
    }

    /** Moves the ranges from an index on to another one. */
    private void move(int from, int to) {
        System.arraycopy(starts, from, starts, to, ranges - from);
        System.arraycopy(ends, from, ends, to, ranges - from);
        System.arraycopy(firsts, from, firsts, to, ranges - from);
        System.arraycopy(lasts, from, lasts, to, ranges - from);
    }

    private void resize(int slots) {
        long[] moreStarts = new long[slots];
        long[] moreEnds = new long[slots];
        int[] moreFirsts = new int[slots];
        int[] moreLasts = new int[slots];
        if (ranges > 0) {
            System.arraycopy(starts, 0, moreStarts, 0, ranges);
            System.arraycopy(ends, 0, moreEnds, 0, ranges);
            System.arraycopy(firsts, 0, moreFirsts, 0, ranges);
            System.arraycopy(lasts, 0, moreLasts, 0, ranges);
        }
        starts = moreStarts;
        ends = moreEnds;
        firsts = moreFirsts;
        lasts = moreLasts;
    }

    private void releaseTables() {
        starts = null;
        ends = null;
        firsts = null;
        lasts = null;
        pieces.release();
    }

    void checkInvariants(long nxt) {
        assert ranges <= MAX_RANGES : ranges + " ranges";
        long previousEnd = nxt; // the first range starts beyond nxt, or it would have been delivered
        for (int i = 0; i < ranges; i++) {
            assert starts[i] > previousEnd : "range " + i + " starts at " + starts[i] + ", not beyond " + previousEnd;
            long held = pieces.checkList(firsts[i], lasts[i]);
            assert held == ends[i] - starts[i] : "range " + i + " holds " + held + " bytes, should be " + (ends[i] - starts[i]);
            previousEnd = ends[i];
        }
        pieces.checkInvariants();
    }
}
