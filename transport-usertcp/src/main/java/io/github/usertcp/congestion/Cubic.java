package io.github.usertcp.congestion;

/**
 * CUBIC, the default. The idea: after a loss go down to 0.7 of the window, then grow with time, not with round trips: fast back to near
 * where the loss happened, slowly past it, and faster again where all is new ({@link CubicCurve}); never less than Reno would have. Slow
 * start before the first loss is left early when the round-trip time rises ({@link HyStart}).
 *
 * <p>Source: RFC 9438; RFC 9406 for slow start; RFC 5681 for what a timeout does.
 * <pre>
 *   slow start             cwnd += acked                                   while cwnd &lt; ssthresh
 *   congestion avoidance   cwnd follows max(W_cubic, W_est)
 *   loss                   ssthresh = max(0.7 * cwnd, 2 * SMSS), cwnd = ssthresh
 *   timeout                ssthresh as above (first expiry only), cwnd = SMSS
 * </pre>
 * Units are bytes; the curve's are segments and seconds.
 */
final class Cubic implements CongestionControl {
    static final String NAME = "cubic";

    /** 0.7 as Linux has it: tests written against it expect its whole segments. */
    private static final long BETA_NUMERATOR = 717;
    private static final long BETA_DENOMINATOR = 1024;

    private final CubicCurve curve = new CubicCurve();
    private final CubicCurve curveBefore = new CubicCurve();
    /** The first slow start's; {@code null} once that is over. */
    private HyStart hyStart = new HyStart();
    private int smss = 536;
    /** With its fraction of a byte: growth near the plateau is less than one an ACK. */
    private double cwnd;
    private long ssthresh = Long.MAX_VALUE;
    private boolean recovering;
    private double cwndBefore;
    private long ssthreshBefore = Long.MAX_VALUE;
    private long lastAckNanos;
    private boolean lastAckLeftNothing;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
        this.smss = smss;
        cwnd = bounded(cwndBytes);
        ssthresh = ssthreshBytes;
        lastAckNanos = nowNanos;
        rememberForUndo();
    }

    @Override
    public void onAck(AckSample sample) {
        excludeUnusedTime(sample);
        if (sample.isInRecovery()) {
            return;
        }
        double acked = sample.ackedBytes();
        if (cwnd < ssthresh) {
            acked = slowStart(sample, acked);
        }
        // RFC 9438 5.8: a window that was not used has not been tested and must not grow.
        if (acked > 0 && sample.isCwndLimited() && cwnd >= ssthresh) {
            cwnd = bounded(cwnd + smss * curve.growth(cwnd / smss, acked / smss, sample.nowNanos(), sample.srttNanos()));
        }
    }

    /** RFC 9438 section 4.2: the curve stands still while the application is idle or sends less than it may. */
    private void excludeUnusedTime(AckSample sample) {
        long sinceLast = sample.nowNanos() - lastAckNanos;
        if (lastAckLeftNothing) {
            curve.exclude(Math.max(0, sinceLast - Math.max(0, sample.srttNanos()))); // what is acknowledged now took a round trip
        } else if (!sample.isCwndLimited()) {
            curve.exclude(Math.max(0, sinceLast));
        }
        lastAckNanos = sample.nowNanos();
        lastAckLeftNothing = sample.flightBytes() == 0;
    }

    /**
     * Departs from RFC 5681 3.1 and RFC 3465 2.3: an ACK counts for all the bytes it acknowledges; see {@link NewReno}.
     *
     * @return the acknowledged bytes that are left for congestion avoidance
     */
    private double slowStart(AckSample sample, double acked) {
        if (hyStart != null) {
            hyStart.onAck(sample);
            if (hyStart.hasEnded()) {
                ssthresh = cwndBytes();
                hyStart = null;
                return acked;
            }
        }
        if (!sample.isCwndLimited() || acked == 0) {
            return 0;
        }
        double wanted = hyStart == null ? acked : hyStart.growth(acked);
        double growth = Math.min(wanted, ssthresh - cwnd);
        cwnd = bounded(cwnd + growth);
        return acked * (wanted - growth) / wanted;
    }

    @Override
    public void onEnterRecovery(long flightBytes, long nowNanos) {
        rememberForUndo();
        curve.loss(cwnd / smss);
        ssthresh = reduced();
        cwnd = ssthresh;
        recovering = true;
        hyStart = null;
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
        recovering = false;
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
        if (first && !recovering) { // an episode that ends in a timeout has reduced already; Linux doesn't do it twice either
            rememberForUndo();
            curve.loss(cwnd / smss);
            ssthresh = reduced();
        }
        curve.forgetPlateau();
        cwnd = smss;
        recovering = false;
        hyStart = null;
    }

    /**
     * RFC 9438 section 4.6, which lets a sender whose window is validated (it doesn't grow unused, and restarts after idleness)
     * take cwnd for the amount in flight. In whole segments.
     */
    private long reduced() {
        long segments = cwndBytes() * BETA_NUMERATOR / BETA_DENOMINATOR / smss;
        return Math.max(2, segments) * smss;
    }

    /** RFC 9438 section 4.9: the curve goes on as if nothing had been, unless the window has come as far without it. */
    @Override
    public void onUndo(long nowNanos) {
        recovering = false;
        ssthresh = Math.max(ssthresh, ssthreshBefore);
        if (cwnd < cwndBefore) {
            cwnd = cwndBefore;
            curve.copyFrom(curveBefore);
        }
    }

    @Override
    public void onIdleRestart(long restartWindowBytes) {
        if (restartWindowBytes < cwnd) {
            ssthresh = Math.max(ssthresh, cwndBytes() / 4 * 3); // RFC 2861 section 3.1: remembers what the path has carried
            cwnd = bounded(restartWindowBytes);
        }
        curve.stop();
    }

    @Override
    public void onSmssChanged(int smss) {
        if (smss < this.smss) {
            cwnd = cwnd / this.smss * smss; // the curve is one of segments and stays as it is
        } else {
            double ratio = (double) this.smss / smss;
            curve.rescale(ratio);
            curveBefore.rescale(ratio);
        }
        this.smss = smss;
        cwnd = bounded(cwnd);
    }

    @Override
    public long cwndBytes() {
        return (long) cwnd;
    }

    @Override
    public long ssthreshBytes() {
        return ssthresh;
    }

    private void rememberForUndo() {
        cwndBefore = cwnd;
        ssthreshBefore = ssthresh;
        curveBefore.copyFrom(curve);
    }

    private double bounded(double bytes) {
        return Math.max(smss, Math.min(bytes, MAX_CWND_BYTES));
    }
}
