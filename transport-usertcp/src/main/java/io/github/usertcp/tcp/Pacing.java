package io.github.usertcp.tcp;

/**
 * When the next segment may leave, so that data flows at the rate the congestion control wants instead of in bursts. The idea: every
 * departure moves the time of the next by its length over the rate; the time is kept as planned, not as it came out, so that what a late
 * timer has delayed is made up for, up to a bound.
 *
 * <p>Nanoseconds and bytes. A rate of 0 means no pacing.
 */
final class Pacing {
    /** What a late wake-up, or a pause, may be made up for: several ticks of the timers that wake us. */
    private static final long CREDIT_NANOS = 2_000_000L;
    /** A segment that leaves at once holds what the rate sends in this time, so that fast connections still send trains. */
    private static final long QUANTUM_NANOS = 1_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    private long nextNanos = Long.MIN_VALUE;

    boolean mayLeave(long rate, long nowNanos) {
        return rate == 0 || nextNanos <= nowNanos;
    }

    long nextNanos() {
        return nextNanos;
    }

    /** Largest payload for one departure, in whole segments, at least two. */
    static int quantum(long rate, long limit, int smss) {
        if (rate == 0) {
            return (int) limit;
        }
        long bytes = (long) (rate / NANOS_PER_SECOND * QUANTUM_NANOS);
        return (int) Math.min(limit, Math.max(2L * smss, bytes / smss * smss));
    }

    void sent(long rate, int bytes, long nowNanos) {
        if (rate > 0) {
            long planned = Math.max(nextNanos, nowNanos - CREDIT_NANOS);
            nextNanos = planned + (long) (bytes * NANOS_PER_SECOND / rate);
        }
    }

    /** The congestion control's own rate, or, where the user asks for pacing, one that spreads a window over a round trip. */
    static long rate(Tcb tcb) {
        long rate = tcb.congestion.pacingBytesPerSecond();
        long srtt = tcb.rtt.srttNanos();
        if (rate > 0 || !tcb.config.pacing() || srtt <= 0) {
            return rate;
        }
        // Linux tcp_pacing_ss_ratio and tcp_pacing_ca_ratio: twice the window a round trip in slow start, 1.2 times after.
        long cwnd = tcb.cwndBytes();
        double ratio = cwnd < tcb.congestion.ssthreshBytes() / 2 ? 2 : 1.2;
        return (long) (ratio * cwnd * NANOS_PER_SECOND / srtt) + 1;
    }
}
