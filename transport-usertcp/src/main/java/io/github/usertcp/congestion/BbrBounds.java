package io.github.usertcp.congestion;

/**
 * What losses teach BBR. The idea: a long-term bound on the bytes in flight, learned where a probe lost more than 2 % and raised where a
 * later one did not; and short-term bounds on bytes in flight and bandwidth, lowered in each round with a loss, to leave room to others
 * until the next probe. Units are bytes and bytes per second; {@link #NONE} where nothing bounds.
 */
final class BbrBounds {
    static final long NONE = Long.MAX_VALUE;
    /** What remains after a loss: RFC 9438's beta. */
    static final double BETA = 0.7;
    /** The share of a flight that may be lost without being a sign of too much in flight. */
    private static final double LOSS_THRESHOLD = 0.02;
    /**
     * The same in startup, where the draft takes 2 % too: random loss of 1 % reaches that in a flight of a few hundred segments by chance,
     * and startup would end at a fraction of the bandwidth; what overruns a queue in startup loses tens of percent.
     */
    private static final double STARTUP_LOSS_THRESHOLD = 0.04;
    /** Losses in so many places in a round of startup mean that the queue is full. */
    private static final int STARTUP_LOSS_EVENTS = 6;
    /** What of the long-term bound is left free between probes. */
    private static final double HEADROOM = 0.15;

    private long longTermInflight = NONE;
    private long shortTermInflight = NONE;
    private long shortTermBandwidth = NONE;

    private long latestBandwidth;
    private long latestInflight;
    private boolean congestionInRound;
    private long roundEndDelivered;
    private boolean roundStart;
    private int lossEvents;

    private long longTermInflightBefore = NONE;
    private long shortTermInflightBefore = NONE;
    private long shortTermBandwidthBefore = NONE;

    // ---- signals of the latest round

    /** Before an ACK is judged. */
    void begin(AckSample sample) {
        if (sample.lostBytes() > 0) {
            congestion(sample.totalDeliveredBytes());
            lossEvents++;
        }
        latestBandwidth = Math.max(latestBandwidth, BbrPath.rate(sample));
        latestInflight = Math.max(latestInflight, delivered(sample));
        roundStart = sample.priorDeliveredBytes() >= roundEndDelivered;
        if (roundStart) {
            roundEndDelivered = sample.totalDeliveredBytes();
        }
    }

    /** A loss or a congestion mark. A round is waited for from the first of them on: what it does to the delivery rate shows only then. */
    void congestion(long totalDelivered) {
        if (!congestionInRound) {
            roundEndDelivered = totalDelivered;
            congestionInRound = true;
        }
    }

    /** After it was. */
    void end(AckSample sample) {
        if (roundStart) {
            latestBandwidth = BbrPath.rate(sample);
            latestInflight = delivered(sample);
            lossEvents = 0;
        }
    }

    private static long delivered(AckSample sample) {
        return Math.max(0, sample.totalDeliveredBytes() - sample.priorDeliveredBytes());
    }

    void forgetSignals() {
        congestionInRound = false;
        latestBandwidth = 0;
        latestInflight = 0;
        lossEvents = 0;
    }

    // ---- short term

    /** At the end of a round: lowers the short-term bounds if it had a loss that no probe was to blame for. */
    void adaptShortTerm(BbrModel model) {
        if (!roundStart) {
            return;
        }
        if (congestionInRound && !model.state.isAccelerating()) {
            long bandwidth = shortTermBandwidth == NONE ? model.path.bandwidth() : shortTermBandwidth;
            long inflight = shortTermInflight == NONE ? model.cwnd : shortTermInflight;
            shortTermBandwidth = Math.max(latestBandwidth, (long) (BETA * bandwidth));
            shortTermInflight = Math.max(latestInflight, (long) (BETA * inflight));
        }
        congestionInRound = false;
    }

    void resetShortTerm() {
        shortTermBandwidth = NONE;
        shortTermInflight = NONE;
    }

    // ---- long term

    /** More than 2 % of what was in flight with the segment that the ACK delivered has been lost since it left. */
    static boolean isInflightTooHigh(AckSample sample) {
        return sample.lostSinceSentBytes() > sample.sentFlightBytes() * LOSS_THRESHOLD;
    }

    /** A round of startup ended with this ACK, and it lost too much. */
    boolean isStartupTooHigh(AckSample sample) {
        return roundStart && lossEvents >= STARTUP_LOSS_EVENTS
            && sample.lostSinceSentBytes() > sample.sentFlightBytes() * STARTUP_LOSS_THRESHOLD;
    }

    /** A probe lost too much with so many bytes in flight. */
    void lowerLongTerm(long inflight, long target) {
        longTermInflight = Math.max(inflight, (long) (BETA * target));
    }

    /** Startup lost too much. */
    void boundStartup(long bdp) {
        longTermInflight = Math.max(bdp, latestInflight);
    }

    /** So much in flight has proved safe. */
    void raiseLongTerm(long inflight) {
        if (longTermInflight != NONE) {
            longTermInflight = Math.min(Math.max(longTermInflight, inflight), CongestionControl.MAX_CWND_BYTES);
        }
    }

    long longTermInflight() {
        return longTermInflight;
    }

    long longTermInflightWithHeadroom(int smss) {
        return longTermInflight == NONE ? NONE : longTermInflight - Math.max(smss, (long) (HEADROOM * longTermInflight));
    }

    long shortTermInflight() {
        return shortTermInflight;
    }

    long shortTermBandwidth() {
        return shortTermBandwidth;
    }

    // ---- undo

    void rememberForUndo() {
        longTermInflightBefore = longTermInflight;
        shortTermInflightBefore = shortTermInflight;
        shortTermBandwidthBefore = shortTermBandwidth;
    }

    void undo() {
        longTermInflight = Math.max(longTermInflight, longTermInflightBefore);
        shortTermInflight = Math.max(shortTermInflight, shortTermInflightBefore);
        shortTermBandwidth = Math.max(shortTermBandwidth, shortTermBandwidthBefore);
        congestionInRound = false;
    }
}
