package io.github.usertcp.tcp;

import java.util.Arrays;

/**
 * A set of sequence numbers as sorted, disjoint ranges that don't touch: {@code [start, end)}. Every call costs a binary search and what
 * it changes; nothing is allocated before the first range.
 */
final class SequenceRanges {
    private static final int INITIAL_SLOTS = 4;
    /** Room that a loss episode made larger than this is let go when the set is empty, so that idle connections are small. */
    private static final int MAX_IDLE_SLOTS = 16;
    private static final long[] NONE = {};

    private final int maxRanges;
    private long[] starts = NONE;
    private long[] ends = NONE;
    private int size;
    private long bytes;

    /** @param maxRanges  how many ranges {@link #hasRoomFor} lets the set grow to */
    SequenceRanges(int maxRanges) {
        this.maxRanges = maxRanges;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    long start(int index) {
        return starts[index];
    }

    long end(int index) {
        return ends[index];
    }

    /** Sequence numbers in all ranges together. */
    long bytes() {
        return bytes;
    }

    /** The first range that ends beyond {@code sequence}; {@link #size} if there is none. */
    int indexAfter(long sequence) {
        int low = 0;
        int high = size;
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

    boolean contains(long sequence) {
        int index = indexAfter(sequence);
        return index < size && starts[index] <= sequence;
    }

    /** The first number from {@code sequence} on that is in no range. */
    long skip(long sequence) {
        int index = indexAfter(sequence);
        return index < size && starts[index] <= sequence ? ends[index] : sequence;
    }

    /** Where the first range after {@code sequence}, which is in none, begins; at most {@code limit}. */
    long nextStart(long sequence, long limit) {
        int index = indexAfter(sequence);
        return index < size ? Math.min(starts[index], limit) : limit;
    }

    /** How many numbers of {@code [from, to)} are in the set. */
    long bytesIn(long from, long to) {
        long sum = 0;
        for (int i = indexAfter(from); i < size && starts[i] < to; i++) {
            sum += Math.min(ends[i], to) - Math.max(starts[i], from);
        }
        return sum;
    }

    /** True if the range can be added without exceeding the bound on ranges. */
    boolean hasRoomFor(long from, long to) {
        if (size < maxRanges) {
            return true;
        }
        int index = indexAfter(from - 1);
        return index < size && starts[index] <= to; // it touches one that is there
    }

    void add(long from, long to) {
        int first = indexAfter(from - 1);
        int end = first;
        long start = from;
        long stop = to;
        while (end < size && starts[end] <= to) {
            start = Math.min(start, starts[end]);
            stop = Math.max(stop, ends[end]);
            bytes -= ends[end] - starts[end];
            end++;
        }
        replace(first, end, 1);
        starts[first] = start;
        ends[first] = stop;
        bytes += stop - start;
    }

    /**
     * Takes {@code [from, to)} out.
     *
     * @return how many of these numbers were in the set
     */
    long remove(long from, long to) {
        long before = bytes;
        int index = indexAfter(from);
        if (index < size && starts[index] < from) {
            long end = ends[index];
            bytes -= end - from;
            ends[index] = from;
            index++;
            if (end > to) {
                replace(index, index, 1);
                starts[index] = to;
                ends[index] = end;
                bytes += end - to;
                return before - bytes;
            }
        }
        int last = index;
        while (last < size && ends[last] <= to) {
            bytes -= ends[last] - starts[last];
            last++;
        }
        replace(index, last, 0);
        if (index < size && starts[index] < to) {
            bytes -= to - starts[index];
            starts[index] = to;
        }
        return before - bytes;
    }

    void clear() {
        size = 0;
        bytes = 0;
        if (starts.length > MAX_IDLE_SLOTS) {
            starts = NONE;
            ends = NONE;
        }
    }

    /** Makes {@code count} slots of those from {@code first} up to {@code end}, exclusive. */
    private void replace(int first, int end, int count) {
        int newSize = size - (end - first) + count;
        if (newSize > starts.length) {
            int slots = Math.max(INITIAL_SLOTS, starts.length * 2);
            starts = Arrays.copyOf(starts, slots);
            ends = Arrays.copyOf(ends, slots);
        }
        if (end < size && first + count != end) {
            System.arraycopy(starts, end, starts, first + count, size - end);
            System.arraycopy(ends, end, ends, first + count, size - end);
        }
        size = newSize;
        if (size == 0) {
            clear();
        }
    }

    void checkInvariants(long low, long high) {
        long previous = low - 1;
        long sum = 0;
        for (int i = 0; i < size; i++) {
            assert starts[i] > previous : "range " + i + " starts at " + starts[i] + ", its predecessor ended at " + previous;
            assert ends[i] > starts[i] : "range " + i + " is empty: " + starts[i] + " to " + ends[i];
            previous = ends[i];
            sum += ends[i] - starts[i];
        }
        assert size == 0 || previous <= high : "ranges end at " + previous + " beyond " + high;
        assert sum == bytes : "ranges sum to " + sum + ", counter says " + bytes;
    }
}
