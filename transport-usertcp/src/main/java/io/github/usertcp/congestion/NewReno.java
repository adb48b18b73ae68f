package io.github.usertcp.congestion;

/**
 * NewReno. The idea: double the window every round trip until a loss shows the path's capacity (slow start), then grow by one segment a
 * round trip (congestion avoidance), halve at each loss episode, and start over from one segment when the retransmission timer expires.
 *
 * <p>Source: RFC 5681 sections 3.1 and 3.2, RFC 6582 for the end of an episode, RFC 3465 for counting bytes.
 * <pre>
 *   slow start             cwnd += acked                          while cwnd &lt; ssthresh
 *   congestion avoidance   cwnd += SMSS per cwnd bytes acked
 *   loss                   ssthresh = max(cwnd / 2, 2 * SMSS),    cwnd = ssthresh
 *   timeout                ssthresh as above (first expiry only), cwnd = SMSS
 * </pre>
 * Units are bytes. The window inflation of RFC 5681 section 3.2 steps 3
 * to 5 belongs to the recovery, which knows what has left the network.
 */
final class NewReno implements CongestionControl {
    static final String NAME = "reno";

    private int smss = 536;
    private long cwnd;
    private long ssthresh = Long.MAX_VALUE;
    /** Bytes acknowledged since cwnd last grew in congestion avoidance (RFC 3465 section 2.1). */
    private long ackedSinceGrowth;
    private boolean recovering;
    private long cwndBeforeReduction;
    private long ssthreshBeforeReduction = Long.MAX_VALUE;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
        this.smss = smss;
        cwnd = bounded(cwndBytes);
        ssthresh = ssthreshBytes;
        rememberForUndo();
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
        reduceTo(half());
    }

    /** An episode begins; not in {@link #onEnterRecovery} itself because DCTCP, which is this and more, reduces by another amount. */
    void reduceTo(long newSsthresh) {
        rememberForUndo();
        ssthresh = newSsthresh;
        cwnd = bounded(newSsthresh);
        ackedSinceGrowth = 0;
        recovering = true;
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
        cwnd = bounded(ssthresh); // RFC 6582 3.2 step 3, option 2, as RFC 6937 and Linux have it
        ackedSinceGrowth = 0;
        recovering = false;
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
        if (first && !recovering) { // an episode that ends in a timeout has reduced already; Linux doesn't do it twice either
            rememberForUndo();
            ssthresh = half();
        }
        cwnd = smss;
        ackedSinceGrowth = 0;
        recovering = false;
    }

    @Override
    public void onUndo(long nowNanos) {
        cwnd = Math.max(cwnd, cwndBeforeReduction);
        ssthresh = Math.max(ssthresh, ssthreshBeforeReduction);
        recovering = false;
    }

    @Override
    public void onIdleRestart(long restartWindowBytes) {
        if (restartWindowBytes < cwnd) {
            ssthresh = Math.max(ssthresh, cwnd / 4 * 3); // RFC 2861 section 3.1: remembers what the path has carried
            cwnd = bounded(restartWindowBytes);
        }
        ackedSinceGrowth = 0;
    }

    @Override
    public void onSmssChanged(int smss) {
        if (smss < this.smss) {
            cwnd = cwnd / this.smss * smss;
        }
        this.smss = smss;
        cwnd = bounded(cwnd);
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

    /**
     * Departs from RFC 5681 3.1: half of cwnd, not of the amount in flight. The RFC fears a cwnd that was never used; this one
     * doesn't grow unused and restarts after idleness (RFC 7661), and what is in flight is little when the peer's or the
     * application's pause, not the path, made it so. In whole segments, as in Linux.
     */
    private long half() {
        return Math.max(2, cwnd / 2 / smss) * smss;
    }

    private long bounded(long bytes) {
        return Math.max(smss, Math.min(bytes, MAX_CWND_BYTES));
    }
}
