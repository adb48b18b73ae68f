package io.github.usertcp.tcp;

import java.util.Arrays;

/** Deadlines of one connection's {@link Timer}s in nanoseconds of the caller's clock. The stack sees only the earliest. */
final class Timers {
    static final long NEVER = Long.MAX_VALUE;

    private final long[] deadlines = new long[Timer.ALL.length];
    private long earliest = NEVER;

    Timers() {
        Arrays.fill(deadlines, NEVER);
    }

    void set(Timer timer, long deadlineNanos) {
        long before = deadlines[timer.ordinal()];
        deadlines[timer.ordinal()] = deadlineNanos;
        if (deadlineNanos <= earliest) {
            earliest = deadlineNanos;
        } else if (before == earliest) {
            earliest = minimum();
        }
    }

    void stop(Timer timer) {
        set(timer, NEVER);
    }

    void stopAll() {
        Arrays.fill(deadlines, NEVER);
        earliest = NEVER;
    }

    boolean isSet(Timer timer) {
        return deadlines[timer.ordinal()] != NEVER;
    }

    long deadline(Timer timer) {
        return deadlines[timer.ordinal()];
    }

    boolean isDue(Timer timer, long nowNanos) {
        return deadlines[timer.ordinal()] <= nowNanos;
    }

    long earliest() {
        return earliest;
    }

    private long minimum() {
        long minimum = NEVER;
        for (long deadline : deadlines) {
            minimum = Math.min(minimum, deadline);
        }
        return minimum;
    }

    void checkInvariants() {
        assert earliest == minimum() : "earliest " + earliest + ", minimum " + minimum();
    }
}
