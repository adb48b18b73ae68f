package io.github.usertcp.congestion;

/**
 * NewReno. The idea: double the window every round trip until a loss shows the path's capacity (slow start), then grow by one segment a
 * round trip (congestion avoidance), halve at each loss episode, and start over from one segment when the retransmission timer expires.
 *
 * <p>Source: RFC 5681 sections 3.1 and 3.2, RFC 6582 for the end of an episode, RFC 3465 for counting bytes.
 * <pre>
 *   slow start             cwnd += acked                          while cwnd &lt; ssthresh
 *   congestion avoidance   cwnd += SMSS per cwnd bytes acked
 *   loss                   ssthresh = max(flight / 2, 2 * SMSS),  cwnd = ssthresh
 *   timeout                ssthresh as above (first expiry only), cwnd = SMSS
 * </pre>
 * Units are bytes. The window inflation of RFC 5681 section 3.2 steps 3
 * to 5 belongs to the recovery, which knows what has left the network.
 */
final class NewReno implements CongestionControl {
    static final String NAME = "reno";

    /** Far above any path, far below overflow: RFC 5681 sets no cap, an unbounded cwnd is a fault seen elsewhere. */
    private static final long MAX_CWND_BYTES = 1L << 30;

    private int smss = 536;
    private long cwnd;
    private long ssthresh = Long.MAX_VALUE;
    /** Bytes acknowledged since cwnd last grew in congestion avoidance (RFC 3465 section 2.1). */
    private long ackedSinceGrowth;
    private long cwndBeforeReduction;
    private long ssthreshBeforeReduction = Long.MAX_VALUE;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
        this.smss = smss;
        cwnd = Math.max(smss, cwndBytes);
        ssthresh = ssthreshBytes;
    }

    @Override
    public void onAck(AckSample sample) {
        if (sample.isInRecovery() || !sample.isCwndLimited()) {
            return; // RFC 7661: a window that was not used has not been tested and must not grow
        }
        long acked = sample.ackedBytes();
        if (cwnd < ssthresh) {
            acked -= slowStart(acked);
        }
        avoidCongestion(acked);
    }

    /**
     * Departs from RFC 5681 3.1 and RFC 3465 2.3: an ACK counts for all the bytes it acknowledges, not for one or two segments at
     * most. Receivers that coalesce (GRO in kernels, read batches here) acknowledge forty segments at once, and slow start would
     * take forty round trips for one. Linux does the same. An ACK split into many gains nothing, because bytes are counted.
     *
     * @return the bytes used up
     */
    private long slowStart(long acked) {
        long growth = Math.min(acked, Math.min(ssthresh, MAX_CWND_BYTES) - cwnd);
        cwnd += Math.max(0, growth);
        return Math.max(0, growth);
    }

    /** RFC 3465 section 2.1: one SMSS for each full window acknowledged. */
    private void avoidCongestion(long acked) {
        ackedSinceGrowth += acked;
        if (ackedSinceGrowth >= cwnd) {
            ackedSinceGrowth -= cwnd;
            cwnd = Math.min(cwnd + smss, MAX_CWND_BYTES);
        }
    }

    @Override
    public void onEnterRecovery(long flightBytes, long nowNanos) {
        rememberForUndo();
        ssthresh = halfOf(flightBytes);
        cwnd = ssthresh;
        ackedSinceGrowth = 0;
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
        // RFC 6582 3.2 step 3, option 1: min(ssthresh, max(flight, SMSS) + SMSS), so that an empty pipe is not refilled in one burst.
        cwnd = Math.min(ssthresh, Math.max(flightBytes, smss) + smss);
        ackedSinceGrowth = 0;
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
        if (first) {
            rememberForUndo();
            ssthresh = halfOf(flightBytes);
        }
        cwnd = smss;
        ackedSinceGrowth = 0;
    }

    @Override
    public void onUndo(long nowNanos) {
        cwnd = Math.max(cwnd, cwndBeforeReduction);
        ssthresh = Math.max(ssthresh, ssthreshBeforeReduction);
    }

    @Override
    public void onIdleRestart(long restartWindowBytes) {
        cwnd = Math.min(cwnd, restartWindowBytes);
        ackedSinceGrowth = 0;
    }

    @Override
    public void onSmssChanged(int smss) {
        this.smss = smss;
        cwnd = Math.max(cwnd, smss);
    }

    @Override
    public long cwndBytes() {
        return cwnd;
    }

    @Override
    public long ssthreshBytes() {
        return ssthresh;
    }

    private void rememberForUndo() {
        cwndBeforeReduction = cwnd;
        ssthreshBeforeReduction = ssthresh;
    }

    private long halfOf(long flightBytes) {
        return Math.max(flightBytes / 2, 2L * smss);
    }
}
