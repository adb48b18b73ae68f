package io.github.usertcp.tcp;

/**
 * One record per transmitted burst, in a ring ordered by sequence number: when it left, and whether any of it was sent
 * again. This is where round-trip times come from. Columns of primitives, not objects; a record is found by binary search.
 */
final class TransmissionRecords {
    /** No departure time. Any other value may be one: the caller's clock may start anywhere. */
    static final long UNTIMED = Long.MIN_VALUE;

    private static final int INITIAL_SLOTS = 2;
    /** A ring that a transfer made larger than this is let go when it is empty, so that idle connections are small. */
    private static final int MAX_IDLE_SLOTS = 16;

    /** End of the burst, exclusive; it starts where its predecessor ends. */
    private long[] ends;
    private long[] sentNanos;
    private boolean[] resent;
    private int head;
    private int size;
    private long start;

    /** Result of the last {@link #acknowledge}. */
    private long ackedSentNanos;

    void startAt(long sequence) {
        start = sequence;
    }

    /** A burst of new data, ending before {@code end}, left. */
    void sent(long end, long nowNanos) {
        if (ends == null) {
            ends = new long[INITIAL_SLOTS];
            sentNanos = new long[INITIAL_SLOTS];
            resent = new boolean[INITIAL_SLOTS];
            head = 0;
        } else if (size == ends.length) {
            grow();
        }
        int slot = slot(size);
        ends[slot] = end;
        sentNanos[slot] = nowNanos;
        resent[slot] = false;
        size++;
    }

    /** {@code [from, to)} left again. */
    void sentAgain(long from, long to) {
        for (int i = indexOf(from); i < size && (i == 0 || ends[slot(i - 1)] < to); i++) {
            resent[slot(i)] = true;
        }
    }

    /**
     * Forgets what lies before {@code upTo}. Afterwards {@link #ackedSentNanos} is the departure
     * time of the newest burst the acknowledgment reached into, or {@link #UNTIMED} if any of
     * the bursts was sent again: by Karn's rule (RFC 6298 section 3) such an ACK times nothing.
     */
    void acknowledge(long upTo) {
        ackedSentNanos = UNTIMED;
        boolean ambiguous = false;
        while (size > 0 && start < upTo) {
            ackedSentNanos = sentNanos[head];
            ambiguous |= resent[head];
            if (ends[head] > upTo) {
                break;
            }
            start = ends[head];
            head = head + 1 & ends.length - 1;
            size--;
        }
        start = Math.max(start, upTo);
        if (size == 0 && ends != null && ends.length > MAX_IDLE_SLOTS) {
            release();
        }
        if (ambiguous) {
            ackedSentNanos = UNTIMED;
        }
    }

    /** When the oldest burst outstanding left, {@link #UNTIMED} if there is none. */
    long oldestSentNanos() {
        return size == 0 ? UNTIMED : sentNanos[head];
    }

    long ackedSentNanos() {
        return ackedSentNanos;
    }

    /** Forgets everything, and the memory. */
    void release() {
        ends = null;
        sentNanos = null;
        resent = null;
        size = 0;
    }

    /** The first record that ends beyond {@code sequence}. */
    private int indexOf(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (ends[slot(middle)] > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void grow() {
        long[] moreEnds = new long[size * 2];
        long[] moreSent = new long[size * 2];
        boolean[] moreResent = new boolean[size * 2];
        for (int i = 0; i < size; i++) {
            moreEnds[i] = ends[slot(i)];
            moreSent[i] = sentNanos[slot(i)];
            moreResent[i] = resent[slot(i)];
        }
        ends = moreEnds;
        sentNanos = moreSent;
        resent = moreResent;
        head = 0;
    }

    private int slot(int index) {
        return head + index & ends.length - 1;
    }

    void checkInvariants(long una, long nxt) {
        assert size == 0 || start == una : "records start at " + start + ", una is " + una;
        long previous = start;
        for (int i = 0; i < size; i++) {
            assert ends[slot(i)] > previous : "record " + i + " ends at " + ends[slot(i)] + ", its predecessor at " + previous;
            previous = ends[slot(i)];
        }
        assert size == 0 ? una == nxt : previous == nxt : "records end at " + previous + ", nxt is " + nxt;
    }
}
