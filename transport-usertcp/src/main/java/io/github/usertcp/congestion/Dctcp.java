package io.github.usertcp.congestion;

/**
 * DCTCP, for data centres whose switches mark early. The idea: reduce in proportion to how much of a round trip's data met congestion, so
 * that queues stay short and the path stays full; grow, and treat losses, as Reno does.
 *
 * <p>Source: RFC 8257 sections 3.3 to 3.5.
 * <pre>
 *   once a round trip      M = marked / delivered,  alpha = (1 - g) * alpha + g * M,   g = 1/16, alpha = 1 to begin with
 *   congestion mark        cwnd = ssthresh = cwnd * (1 - alpha / 2)                    at most once a round trip
 * </pre>
 * Units are bytes. Only where both ends and the switches between them do it: beside Reno flows it takes more than its share.
 */
final class Dctcp implements CongestionControl {
    static final String NAME = "dctcp";

    /** RFC 8257 section 4.2. */
    private static final double GAIN = 1.0 / 16;

    private final NewReno reno = new NewReno();
    private int smss;
    /** The share of bytes that meet congestion; 1 makes the first mark halve the window as any other algorithm would. */
    private double alpha = 1;
    private long deliveredInRound;
    private long markedInRound;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
        this.smss = smss;
        reno.onEstablished(smss, cwndBytes, ssthreshBytes, nowNanos);
    }

    @Override
    public void onAck(AckSample sample) {
        deliveredInRound += sample.deliveredBytes();
        markedInRound += Math.min(sample.markedBytes(), sample.deliveredBytes());
        if (sample.isRoundStart() && deliveredInRound > 0) {
            alpha += GAIN * ((double) markedInRound / deliveredInRound - alpha);
            deliveredInRound = 0;
            markedInRound = 0;
        }
        reno.onAck(sample);
    }

    @Override
    public void onCongestionExperienced(long flightBytes, long nowNanos) {
        long cwnd = reno.cwndBytes();
        reno.reduceTo(Math.max(2L * smss, (long) (cwnd * (1 - alpha / 2))));
    }

    @Override
    public void onEnterRecovery(long flightBytes, long nowNanos) {
        reno.onEnterRecovery(flightBytes, nowNanos);
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
        reno.onExitRecovery(flightBytes, nowNanos);
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
        reno.onRetransmissionTimeout(flightBytes, first, nowNanos);
    }

    @Override
    public void onUndo(long nowNanos) {
        reno.onUndo(nowNanos);
    }

    @Override
    public void onIdleRestart(long restartWindowBytes) {
        reno.onIdleRestart(restartWindowBytes);
    }

    @Override
    public void onSmssChanged(int smss) {
        this.smss = smss;
        reno.onSmssChanged(smss);
    }

    @Override
    public long cwndBytes() {
        return reno.cwndBytes();
    }

    @Override
    public long ssthreshBytes() {
        return reno.ssthreshBytes();
    }

    @Override
    public boolean needsEcn() {
        return true;
    }

    /** For tests. */
    double alpha() {
        return alpha;
    }
}
