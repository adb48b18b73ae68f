package io.github.usertcp.tcp;

/**
 * The search for the path MTU (RFC 4821 section 7.2): packets of {@code low} bytes get through, or are believed to; those above
 * {@code high} do not, or the link or the peer takes none. A probe in between makes one of the two move. Sizes are of IP packets.
 */
final class MtuSearch {
    /** Linux tcp_probe_threshold: a range smaller than this is not worth another probe. */
    private static final int THRESHOLD = 8;
    /** Linux tcp_probe_interval, ten minutes (RFC 4821 section 7.3 wants five at least): then what failed is tried again. */
    private static final long INTERVAL_NANOS = 600_000_000_000L;
    private static final int NONE = 0;

    private boolean active;
    private int low;
    private int high;
    private int highest;
    private long sinceNanos;
    private int probeSize = NONE;
    private long probeStart;
    private long probeEnd;
    /** When the retransmission timer expired for the first time since there was progress. */
    private long firstTimeoutNanos;
    /** Something of at most {@code low} bytes was acknowledged: until then that is a guess. */
    private boolean proven;
    /** What is proven has not been told yet. */
    private boolean hasNews;
    /** What another connection has found out, {@code null} for nothing. */
    private MtuRange earlier;

    boolean isActive() {
        return active;
    }

    void start(int from, int to, long nowNanos) {
        active = true;
        low = from;
        high = to;
        highest = to;
        sinceNanos = nowNanos;
        probeSize = NONE;
        if (earlier != null) {
            low = Math.min(to, earlier.low());
            high = Math.max(low, Math.min(to, earlier.high()));
            sinceNanos = earlier.sinceNanos();
        }
    }

    void remember(MtuRange found) {
        earlier = found;
    }

    boolean remembers() {
        return earlier != null;
    }

    boolean hasNews() {
        return hasNews;
    }

    MtuRange takeNews() {
        hasNews = false;
        if (low + THRESHOLD > highest) {
            return new MtuRange(highest, Integer.MAX_VALUE, highest, sinceNanos); // what is missing is not worth a probe
        }
        return new MtuRange(low, high == highest ? Integer.MAX_VALUE : high, highest, sinceNanos);
    }

    int low() {
        return low;
    }

    /** Not even that gets through. */
    void lower(int to) {
        low = Math.min(low, to);
        probeSize = NONE;
        proven = false;
    }

    /**
     * The network says that no more than that gets through.
     *
     * @return the end of a probe that was larger, 0 if there is none
     */
    long limit(int to) {
        low = Math.min(low, to);
        high = Math.min(high, to);
        if (probeSize <= to) {
            return 0;
        }
        probeSize = NONE;
        return probeEnd;
    }

    // ---- probes

    int nextSize() {
        return low + high >>> 1;
    }

    /** Whether a probe could tell anything new. */
    boolean isWorthwhile() {
        return probeSize == NONE && high - low >= THRESHOLD;
    }

    /** After a while, the path may have changed. */
    void reopen(long nowNanos) {
        if (probeSize == NONE && nowNanos - sinceNanos >= INTERVAL_NANOS) {
            high = highest;
            sinceNanos = nowNanos;
        }
    }

    void sent(int size, long start, long end) {
        probeSize = size;
        probeStart = start;
        probeEnd = end;
    }

    /** Returns whether a probe has got through. */
    boolean acknowledged(long una) {
        hasNews |= active && !proven;
        proven = active;
        if (probeSize == NONE || una < probeEnd) {
            return false;
        }
        low = probeSize;
        probeSize = NONE;
        hasNews = true;
        return true;
    }

    /** The first thing that is lost is the probe, so it was lost for its size (RFC 4821 section 7.6.2); returns whether that is so. */
    boolean failed(long una) {
        if (probeSize == NONE || una != probeStart) {
            return false;
        }
        high = probeSize - 1;
        probeSize = NONE;
        hasNews |= proven;
        return true;
    }

    long probeEnd() {
        return probeEnd;
    }

    /** Other things were lost beside the probe: it tells nothing (RFC 4821 section 7.6.4). */
    void abandonProbe() {
        probeSize = NONE;
    }

    // ---- timeouts

    void firstTimeout(long nowNanos) {
        firstTimeoutNanos = nowNanos;
    }

    long firstTimeoutNanos() {
        return firstTimeoutNanos;
    }

    void checkInvariants(SendSpace send) {
        assert low <= high && high <= highest : "search from " + low + " to " + high + " of " + highest;
        assert probeSize == NONE || active && low < probeSize && probeSize <= high : "probe of " + probeSize + " in " + low + " to " + high;
        assert probeSize == NONE || send.una() < probeEnd && probeEnd <= send.nxt() : "probe ends at " + probeEnd;
    }
}
