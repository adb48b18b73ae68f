package io.github.usertcp.tcp;

/** TS.Recent (RFC 7323 section 4.3): the timestamp to echo, and the guard against old duplicates (PAWS, section 5). */
final class Timestamps {
    /** RFC 7323 section 5.5: after 24 days without a segment the peer's clock may have wrapped, and TS.Recent proves nothing. */
    private static final long EXPIRY_NANOS = 24L * 24 * 3600 * 1_000_000_000L;

    /** How much older than TS.Recent, in ticks of the peer's clock, which are 1 ms in nearly every TCP. Linux tolerates 1. */
    private static final int REORDERING_TICKS = 10;

    private int recent;
    private long recentNanos;

    void start(int tsVal, long nowNanos) {
        recent = tsVal;
        recentNanos = nowNanos;
    }

    int recent() {
        return recent;
    }

    /**
     * RFC 7323 section 5.3, R1: an older timestamp than the last one betrays an old duplicate.
     *
     * <p>Departs from RFC 7323 5.3: not one only a little older. A retransmission that fills a gap moves TS.Recent on, and whatever left
     * just before it but is overtaken on the way would be dropped; where a path reorders by a few milliseconds each loss would cost
     * hundreds of good segments. Those that PAWS is there for are 2 GiB old.
     */
    boolean isOld(int tsVal, long nowNanos) {
        return tsVal - recent < -REORDERING_TICKS && nowNanos - recentNanos < EXPIRY_NANOS;
    }

    /**
     * RFC 7323 section 4.3, rule 2. Called only for acceptable segments: a spoofed one outside of the window must not poison the guard
     * (CVE-2005-0356).
     */
    void update(int tsVal, long seq, long lastAckSent, long nowNanos) {
        boolean newer = tsVal - recent >= 0 || nowNanos - recentNanos >= EXPIRY_NANOS;
        if (newer && seq <= lastAckSent) {
            recent = tsVal;
            recentNanos = nowNanos;
        }
    }
}
