package io.github.usertcp.tcp;

/**
 * Transmissions that have not been acknowledged, oldest first: what was sent, when, and what the {@link DeliveryRate} knew then. A ring of
 * rows of longs, one row per burst and never split: what became of parts of a burst is the {@link Scoreboard}'s to know.
 *
 * <p>While every burst begins where the one before ended or later, which is so for everything sent the first time, a row is found by
 * binary search. It begins at a guess from the mean size of the bursts and widens from there: where all are full, as in a bulk transfer,
 * the guess is right or next to it, and of the rows, each in a line of the cache of its own, few are looked at.
 */
final class TransmissionRing {
    static final int NONE = -1;

    private static final int INITIAL_ROWS = 2;
    /** A ring that a transfer made larger than this is let go when it is empty, so that idle connections are small. */
    private static final int MAX_IDLE_ROWS = 16;
    private static final int FROM = 0;
    private static final int TO = 1;
    private static final int SENT_NANOS = 2;
    private static final int DELIVERED = 3;
    private static final int DELIVERED_NANOS = 4;
    private static final int FIRST_SENT_NANOS = 5;
    private static final int FLIGHT = 6;
    private static final int LOST = 7;
    private static final int MARKS = 8;
    private static final int COLUMNS = 9;
    private static final int APP_LIMITED = 1;
    private static final int PUSHED = 2;

    private long[] cells;
    private int head;
    private int size;
    private boolean ascending = true;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** {@code [from, to)} left. */
    void sent(long from, long to, long nowNanos, DeliveryRate rate, long flightBytes) {
        if (size == 0) {
            ascending = true;
        } else if (from < to(size - 1)) {
            ascending = false;
        }
        if (cells == null) {
            cells = new long[INITIAL_ROWS * COLUMNS];
            head = 0;
        } else if (size == rows()) {
            grow();
        }
        int cell = cell(size);
        size++;
        cells[cell + FROM] = from;
        cells[cell + TO] = to;
        cells[cell + SENT_NANOS] = nowNanos;
        cells[cell + DELIVERED] = rate.deliveredBytes();
        cells[cell + DELIVERED_NANOS] = rate.deliveredNanos();
        cells[cell + FIRST_SENT_NANOS] = rate.firstSentNanos();
        cells[cell + FLIGHT] = flightBytes;
        cells[cell + LOST] = rate.lostBytes();
        cells[cell + MARKS] = rate.isAppLimited() ? APP_LIMITED : 0;
    }

    /** The last segment of the burst that left last carried PSH. */
    void pushed() {
        cells[cell(size - 1) + MARKS] |= PUSHED;
    }

    /** A burst ends there, and its last segment carried PSH. */
    boolean isPushedAt(long end) {
        int row = find(end - 1);
        return row != NONE && to(row) == end && (cells[cell(row) + MARKS] & PUSHED) != 0;
    }

    /** Forgets the oldest rows that end at or before {@code upTo}. */
    void forgetBefore(long upTo) {
        while (size > 0 && to(0) <= upTo) {
            forgetOldest();
        }
    }

    void forgetOldest() {
        head = head + 1 & rows() - 1;
        size--;
        if (size == 0) {
            clear();
        }
    }

    void clear() {
        size = 0;
        if (cells != null && rows() > MAX_IDLE_ROWS) {
            cells = null;
        }
    }

    /** Forgets everything, and the memory. */
    void release() {
        size = 0;
        cells = null;
    }

    /** The row that holds {@code sequence}, of a ring in which it is in one at most; {@link #NONE} if there is none. */
    int find(long sequence) {
        int row = firstEndingAfter(sequence);
        return row < size && from(row) <= sequence ? row : NONE;
    }

    /** The first row that may hold {@code sequence} or what comes after it; {@link #size} if none does. */
    int firstEndingAfter(long sequence) {
        if (!ascending || size == 0 || sequence < to(0)) {
            return 0;
        }
        if (to(size - 1) <= sequence) {
            return size;
        }
        // Away from the guess, to the left or to the right, until it lies between; an error of so many rows costs its logarithm.
        int low = guess(sequence);
        int high = low;
        for (int stride = 1; low > 0 && to(low - 1) > sequence; stride *= 2) {
            high = low - 1;
            low = Math.max(0, low - stride);
        }
        for (int stride = 1; to(high) <= sequence; stride *= 2) {
            low = high + 1;
            high = Math.min(size - 1, high + stride);
        }
        while (low < high) {
            int middle = low + high >>> 1;
            if (to(middle) > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Where the row would be if all were of one size, which those of a bulk transfer nearly are. */
    private int guess(long sequence) {
        long start = from(0);
        return (int) ((sequence - start) * size / (to(size - 1) - start));
    }

    /** The last row that left at {@code nanos} or before, of those from {@code row} on, which did: rows are in the order they left in. */
    int lastSentBy(long nanos, int row) {
        int low = row;
        int high = row + 1;
        for (int stride = 1; high < size && sentNanos(high) <= nanos; stride *= 2) {
            low = high;
            high = Math.min(size, high + stride);
        }
        while (low + 1 < high) {
            int middle = low + high >>> 1;
            if (sentNanos(middle) <= nanos) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** True if every row begins where the one before ended, or later. */
    boolean isAscending() {
        return ascending;
    }

    long from(int row) {
        return cells[cell(row) + FROM];
    }

    long to(int row) {
        return cells[cell(row) + TO];
    }

    long sentNanos(int row) {
        return cells[cell(row) + SENT_NANOS];
    }

    /** {@link DeliveryRate#deliveredBytes} when the burst left. */
    long deliveredBytes(int row) {
        return cells[cell(row) + DELIVERED];
    }

    long deliveredNanos(int row) {
        return cells[cell(row) + DELIVERED_NANOS];
    }

    long firstSentNanos(int row) {
        return cells[cell(row) + FIRST_SENT_NANOS];
    }

    /** Bytes in flight, the burst included, when it left. */
    long flightBytes(int row) {
        return cells[cell(row) + FLIGHT];
    }

    /** {@link DeliveryRate#lostBytes} when the burst left. */
    long lostBytes(int row) {
        return cells[cell(row) + LOST];
    }

    boolean isAppLimited(int row) {
        return (cells[cell(row) + MARKS] & APP_LIMITED) != 0;
    }

    private int rows() {
        return cells.length / COLUMNS;
    }

    private int cell(int row) {
        return (head + row & rows() - 1) * COLUMNS;
    }

    private void grow() {
        long[] more = new long[cells.length * 2];
        int first = (rows() - head) * COLUMNS;
        System.arraycopy(cells, head * COLUMNS, more, 0, first);
        System.arraycopy(cells, 0, more, first, cells.length - first);
        cells = more;
        head = 0;
    }

    /** Of the ring of first transmissions: gapless from {@code una} to {@code nxt}. */
    void checkGapless(long una, long nxt) {
        long previous = size == 0 ? nxt : from(0);
        assert previous <= una || una == nxt : "records begin at " + previous + ", una is " + una;
        for (int i = 0; i < size; i++) {
            assert from(i) == previous && to(i) > previous : "record " + i + " is " + from(i) + " to " + to(i) + " after " + previous;
            assert to(i) > una : "record " + i + " ends at " + to(i) + ", una is " + una;
            assert i == 0 || sentNanos(i) >= sentNanos(i - 1) : "record " + i + " left before its predecessor";
            previous = to(i);
        }
        assert size > 0 || una == nxt : "no record from una " + una + " to nxt " + nxt;
        assert previous == nxt : "records end at " + previous + ", nxt is " + nxt;
    }
}
