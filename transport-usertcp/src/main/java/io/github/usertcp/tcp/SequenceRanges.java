package io.github.usertcp.tcp;

/**
 * A set of sequence numbers as ranges {@code [start, end)} that are sorted and don't touch. Every call costs a search, or none where the
 * call before was about the same place, and what it changes: one acknowledgment asks of a place whether it is known, what of it is new and
 * whether it fits, and then adds it.
 *
 * <p>It is the ranges it consists of, rather than having them, because an idle connection has two sets and is to be small.
 */
final class SequenceRanges extends PagedRanges {
    /** No such place. */
    static final long NONE = Long.MIN_VALUE;

    private final int maxRanges;

    /** @param maxRanges  how many ranges {@link #hasRoomFor} lets the set grow to */
    SequenceRanges(int maxRanges) {
        this.maxRanges = maxRanges;
    }

    boolean contains(long sequence) {
        return contains(sequence, sequence + 1);
    }

    /** True if all of the range is in the set. */
    boolean contains(long from, long to) {
        seek(from);
        return !isPastLast() && start() <= from && to <= end();
    }

    /** The first number from {@code sequence} on that is in no range. */
    long skip(long sequence) {
        seek(sequence);
        return !isPastLast() && start() <= sequence ? end() : sequence;
    }

    /** Where the first range after {@code sequence}, which is in none, begins; at most {@code limit}. */
    long nextStart(long sequence, long limit) {
        seek(sequence);
        return isPastLast() ? limit : Math.min(start(), limit);
    }

    /** How many numbers of {@code [from, to)} are in the set. */
    long bytesIn(long from, long to) {
        long sum = 0;
        for (seek(from); !isPastLast() && start() < to; next()) {
            sum += Math.min(end(), to) - Math.max(start(), from);
        }
        return sum;
    }

    /** Where the shortest tail of the set begins that has so many ranges, or more than so many bytes; {@link #NONE} if there is none. */
    long startOfTail(int ranges, long moreThanBytes) {
        long sum = 0;
        seekPastLast();
        for (int i = 1; i <= size(); i++) {
            previous();
            sum += end() - start();
            if (i == ranges || sum > moreThanBytes) {
                return start();
            }
        }
        return NONE;
    }

    /** True if the range can be added without exceeding the bound on ranges. */
    boolean hasRoomFor(long from, long to) {
        if (size() < maxRanges) {
            return true;
        }
        seek(from - 1);
        return !isPastLast() && start() <= to; // it touches one that is there
    }

    void add(long from, long to) {
        seek(from - 1);
        if (isPastLast() || start() > to) {
            insert(from, to);
            return;
        }
        // The first that it touches becomes all of it, and the others that it reaches go.
        long start = Math.min(from, start());
        long end = Math.max(to, end());
        next();
        end = Math.max(end, deleteStartingUpTo(to));
        previous();
        set(start, end);
    }

    /**
     * Takes {@code [from, to)} out.
     *
     * @return how many of these numbers were in the set
     */
    long remove(long from, long to) {
        long before = bytes();
        seek(from);
        long end = from;
        if (!isPastLast() && start() < from) {
            end = end();
            set(start(), from);
            next();
        }
        end = Math.max(end, deleteStartingUpTo(to - 1));
        if (end > to) {
            insert(to, end);
        }
        return before - bytes();
    }
}
