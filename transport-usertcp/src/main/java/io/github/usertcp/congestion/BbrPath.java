package io.github.usertcp.congestion;

/**
 * The two numbers that describe a path to BBR: the largest delivery rate of the last two probing cycles, in bytes per second, and the
 * smallest round-trip time of the last ten seconds, in nanoseconds. The latter is looked for afresh where five seconds did not show it.
 */
final class BbrPath {
    static final long UNKNOWN = Long.MAX_VALUE;
    private static final long MIN_RTT_FILTER_NANOS = 10_000_000_000L;
    private static final long PROBE_RTT_INTERVAL_NANOS = 5_000_000_000L;
    /** What is a sixteenth above the smallest is as good: so much of a window queued costs nobody anything. */
    private static final int SAME_RTT_DIVISOR = 16;
    /** Far above any path; keeps products of nonsense within a long. */
    private static final long MAX_BANDWIDTH = 1L << 40;

    private final WindowedMax bandwidth = new WindowedMax();
    private long minRttNanos = UNKNOWN;
    private long minRttStamp;
    /** The smallest since the last look for it. */
    private long recentMinRttNanos = UNKNOWN;
    private long recentMinRttStamp;
    private boolean rttProbeDue;

    void start(long nowNanos) {
        minRttStamp = nowNanos;
        recentMinRttStamp = nowNanos;
    }

    static long rate(AckSample sample) {
        return Math.min(sample.deliveryRateBytesPerSecond(), MAX_BANDWIDTH);
    }

    /** A rate that the application limited says only that the path carries at least so much. */
    void updateBandwidth(AckSample sample, boolean appLimited) {
        long rate = rate(sample);
        if (rate > 0 && (rate >= bandwidth.max() || !appLimited)) {
            bandwidth.update(rate);
        }
    }

    /** A probing cycle is over; one without a sample forgets nothing. */
    void advanceCycle() {
        if (bandwidth.hasNewer()) {
            bandwidth.advance();
        }
    }

    void updateMinRtt(AckSample sample) {
        long now = sample.nowNanos();
        rttProbeDue = now - recentMinRttStamp > PROBE_RTT_INTERVAL_NANOS;
        if (sample.rttNanos() >= 0) {
            seen(Math.max(1, sample.rttNanos()), now);
        }
        boolean expired = now - minRttStamp > MIN_RTT_FILTER_NANOS;
        if (recentMinRttNanos < minRttNanos || expired) {
            minRttNanos = recentMinRttNanos;
            minRttStamp = recentMinRttStamp;
        }
    }

    /**
     * The draft puts off a probe only for a smaller round-trip time than before. One as good tells as much, the queue was empty; and
     * the smallest is often a single short segment's, that no full ones sent in pairs will come down to.
     */
    private void seen(long rttNanos, long now) {
        if (rttNanos < recentMinRttNanos || rttProbeDue) {
            recentMinRttNanos = rttNanos;
            recentMinRttStamp = now;
        } else if (rttNanos - recentMinRttNanos <= recentMinRttNanos / SAME_RTT_DIVISOR) {
            recentMinRttStamp = now;
        }
    }

    /** Five seconds have not shown as small a round-trip time as before: a queue may hide it. */
    boolean isRttProbeDue() {
        return rttProbeDue;
    }

    void rttProbed(long nowNanos) {
        recentMinRttStamp = nowNanos;
    }

    long bandwidth() {
        return bandwidth.max();
    }

    long minRttNanos() {
        return minRttNanos;
    }
}
