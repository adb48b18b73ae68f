package io.github.usertcp.stack;

import java.util.Arrays;

/**
 * Deadlines of the rows of a table, at most one a row: a hierarchical timing wheel (Varghese and Lauck, 1987) in columns of primitives.
 *
 * <pre>
 *   level 0   64 buckets of 65.5 us each     deadlines in the current 4 ms
 *   level 1   64 buckets of 4.2 ms each      ... in the current 268 ms
 *   ...
 *   level 7                                  ... all that a long of nanoseconds can hold
 * </pre>
 *
 * <p>A deadline's level is the highest group of six bits in which its tick differs from the current tick, so the
 * first occupied bucket of the lowest occupied level always holds the earliest deadline. Scheduling and cancelling
 * take constant time; when time advances, deadlines of the bucket that became current move down. Buckets say where
 * to look, the exact deadline decides: nothing expires early, and nothing late because of rounding.
 */
final class TimingWheel {
    static final int NONE = -1;
    private static final int TICK_SHIFT = 16;
    private static final int LEVEL_BITS = 6;
    private static final int LEVELS = 8;
    private static final int EXPIRED = LEVELS << LEVEL_BITS;
    private static final int UNSCHEDULED = Integer.MIN_VALUE;

    private final long originNanos;
    private final int[] heads = new int[EXPIRED + 1];
    private final long[] occupied = new long[LEVELS];
    private long currentTick;
    private long earliestNanos = Long.MAX_VALUE;
    /** Columns by row; {@code prev} of a bucket's first row is the bucket's complement. */
    private int[] next = {};
    private int[] prev = {};
    private long[] deadlines = {};

    TimingWheel(long nowNanos) {
        originNanos = nowNanos;
        Arrays.fill(heads, NONE);
    }

    /** Makes room for rows up to {@code rows - 1}. */
    void capacity(int rows) {
        int old = next.length;
        next = Arrays.copyOf(next, rows);
        prev = Arrays.copyOf(prev, rows);
        deadlines = Arrays.copyOf(deadlines, rows);
        if (rows > old) {
            Arrays.fill(prev, old, rows, UNSCHEDULED);
        }
    }

    boolean isScheduled(int row) {
        return prev[row] != UNSCHEDULED;
    }

    /** The row's deadline; it means something only if {@link #isScheduled}. */
    long deadlineNanos(int row) {
        return deadlines[row];
    }

    /** Sets, or moves, the row's deadline. */
    void schedule(int row, long deadlineNanos) {
        cancel(row);
        deadlines[row] = deadlineNanos;
        link(row, bucketOf(deadlineNanos));
        earliestNanos = Math.min(earliestNanos, deadlineNanos);
    }

    /** Forgets the row's deadline, if it has one. */
    void cancel(int row) {
        if (isScheduled(row)) {
            unlink(row);
        }
    }

    /**
     * No deadline is earlier than this; it may be earlier than all of them until {@link #refresh}. {@link Long#MAX_VALUE} for none at all.
     */
    long earliestNanos() {
        return earliestNanos;
    }

    /** Makes {@link #earliestNanos} exact. */
    void refresh() {
        earliestNanos = Long.MAX_VALUE;
        int bucket = firstBucket();
        if (bucket != NONE) {
            for (int row = heads[bucket]; row != NONE; row = next[row]) {
                earliestNanos = Math.min(earliestNanos, deadlines[row]);
            }
        }
    }

    /** Takes out one row whose deadline has come, or returns {@link #NONE}. Call until it does, then {@link #refresh}. */
    int pollExpired(long nowNanos) {
        if (heads[EXPIRED] == NONE) {
            advance(nowNanos);
        }
        int row = heads[EXPIRED];
        if (row != NONE) {
            unlink(row);
        }
        return row;
    }

    private void advance(long nowNanos) {
        long tick = Math.max(tickOf(nowNanos), currentTick);
        int changed = levelOf(tick);
        currentTick = tick;
        // Everything below the level that moved lies in the past; on that level, everything up to the bucket that is current now.
        for (int level = 0; level <= changed; level++) {
            int last = level < changed ? 63 : digit(tick, level);
            long passed = occupied[level] & -1L >>> 63 - last;
            while (passed != 0) {
                int slot = Long.numberOfTrailingZeros(passed);
                passed &= passed - 1;
                spill(level << LEVEL_BITS | slot, nowNanos);
            }
        }
    }

    /** Moves a bucket's rows to the expired ones, or to where they belong by now. */
    private void spill(int bucket, long nowNanos) {
        int row = heads[bucket];
        while (row != NONE) {
            int following = next[row];
            int target = deadlines[row] <= nowNanos ? EXPIRED : bucketOf(deadlines[row]);
            if (target != bucket) {
                unlink(row);
                link(row, target);
            }
            row = following;
        }
    }

    private int firstBucket() {
        if (heads[EXPIRED] != NONE) {
            return EXPIRED;
        }
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                return level << LEVEL_BITS | Long.numberOfTrailingZeros(occupied[level]);
            }
        }
        return NONE;
    }

    private void link(int row, int bucket) {
        int first = heads[bucket];
        next[row] = first;
        prev[row] = ~bucket;
        if (first != NONE) {
            prev[first] = row;
        }
        heads[bucket] = row;
        if (bucket != EXPIRED) {
            occupied[bucket >> LEVEL_BITS] |= 1L << bucket;
        }
    }

    private void unlink(int row) {
        int after = next[row];
        int before = prev[row];
        if (after != NONE) {
            prev[after] = before;
        }
        if (before >= 0) {
            next[before] = after;
        } else {
            int bucket = ~before;
            heads[bucket] = after;
            if (after == NONE && bucket != EXPIRED) {
                occupied[bucket >> LEVEL_BITS] &= ~(1L << bucket);
            }
        }
        prev[row] = UNSCHEDULED;
    }

    private int bucketOf(long deadlineNanos) {
        long tick = Math.max(tickOf(deadlineNanos), currentTick);
        int level = levelOf(tick);
        return level << LEVEL_BITS | digit(tick, level);
    }

    private int levelOf(long tick) {
        return (63 - Long.numberOfLeadingZeros(tick ^ currentTick | 1)) / LEVEL_BITS;
    }

    private static int digit(long tick, int level) {
        return (int) (tick >>> level * LEVEL_BITS) & 63;
    }

    private long tickOf(long nanos) {
        return Math.max(0, nanos - originNanos) >>> TICK_SHIFT;
    }
}
