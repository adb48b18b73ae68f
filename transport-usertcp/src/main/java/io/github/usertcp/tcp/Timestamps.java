package io.github.usertcp.tcp;

/** TS.Recent (RFC 7323 section 4.3): the timestamp to echo, and the guard against old duplicates (PAWS, section 5). */
final class Timestamps {
    /** RFC 7323 section 5.5: after 24 days without a segment the peer's clock may have wrapped, and TS.Recent proves nothing. */
    private static final long EXPIRY_NANOS = 24L * 24 * 3600 * 1_000_000_000L;

    private int recent;
    private long recentNanos;

    void start(int tsVal, long nowNanos) {
        recent = tsVal;
        recentNanos = nowNanos;
    }

    int recent() {
        return recent;
    }

    /** RFC 7323 section 5.3, R1: an older timestamp than the last one betrays an old duplicate. */
    boolean isOld(int tsVal, long nowNanos) {
        return tsVal - recent < 0 && nowNanos - recentNanos < EXPIRY_NANOS;
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
