package io.github.usertcp.congestion;

/**
 * BBR, version 3. The idea: measure what the path is, its bandwidth and its round-trip time without a queue, and send by that: paced at
 * the bandwidth, with about twice the product of the two in flight. Losses do not reduce by themselves; a probe that loses more than
 * 2 % shows how much in flight is too much. So random loss costs little, and a full queue is not needed to know that the path is full.
 *
 * <p>Source: draft-ietf-ccwg-bbr.
 * <pre>
 *   STARTUP --&gt; DRAIN --&gt; PROBE_DOWN, CRUISE, REFILL, UP in a cycle ({@link BbrProbeBandwidth})
 *   PROBE_RTT where the smallest round-trip time has not been seen again  ({@link BbrProbeRtt})
 *
 *   pacing rate = 0.99 * pacing gain * min(largest delivery rate of two cycles, short-term bound)
 *   cwnd        = cwnd gain * bandwidth * smallest RTT + what ACKs gather, within the bounds of losses ({@link BbrBounds})
 * </pre>
 * Units are bytes, nanoseconds, and bytes per second. Losses are judged as ACKs arrive, by the flight that the delivered
 * segment left with, not once for each lost segment: the sample tells as much, and a burst of losses is one burst.
 */
final class Bbr implements CongestionControl {
    static final String NAME = "bbr";

    /** A little below the bandwidth, so that queues that other things made drain. */
    private static final double PACING_MARGIN = 0.99;
    /** The rate to begin with, before a round trip is measured: as if it were 1 ms. */
    private static final long NOMINAL_RTT_NANOS = 1_000_000;
    /** Startup sends its window in half a round trip at the latest, as Linux paces slow start. */
    private static final double STARTUP_WINDOWS_A_ROUND = 2;

    private final BbrModel model = new BbrModel();
    private final BbrProbeBandwidth probeBandwidth = new BbrProbeBandwidth(model);
    private final BbrProbeRtt probeRtt = new BbrProbeRtt(model);
    private long cwndBefore;
    private long totalDelivered;
    private boolean rttSeen;
    private boolean lastAckLeftNothing = true;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
        model.smss = smss;
        model.cwnd = bounded(cwndBytes);
        model.initialCwnd = model.cwnd;
        cwndBefore = model.cwnd;
        model.path.start(nowNanos);
        model.aggregation.restart(nowNanos);
        probeBandwidth.start(nowNanos);
        startPacing(NOMINAL_RTT_NANOS);
    }

    private void startPacing(long rttNanos) {
        model.pacingRate = atLeastASegment(BbrState.STARTUP.pacingGain * model.cwnd * 1e9 / Math.max(1, rttNanos));
    }

    @Override
    public void onAck(AckSample sample) {
        boolean idleRestart = lastAckLeftNothing && sample.isAppLimited();
        lastAckLeftNothing = sample.flightBytes() == 0;
        totalDelivered = sample.totalDeliveredBytes();
        if (idleRestart) {
            model.aggregation.restart(sample.nowNanos());
        }
        measure(sample);
        changeState(sample, idleRestart);
        model.bounds.end(sample);
        setPacingRate(sample);
        setCwnd(sample);
    }

    private void measure(AckSample sample) {
        model.appLimited = sample.isAppLimited() || probeRtt.restrained(sample);
        model.rounds.onAck(sample);
        model.bounds.begin(sample);
        model.path.updateBandwidth(sample, model.appLimited);
        model.bounds.adaptShortTerm(model);
        model.aggregation.onAck(sample, model);
        model.fullPipe.onAck(BbrPath.rate(sample), model.appLimited, model.rounds.isStart());
    }

    private void changeState(AckSample sample, boolean idleRestart) {
        if (model.state == BbrState.STARTUP) {
            leaveStartupIfFull(sample);
        }
        if (model.state == BbrState.DRAIN && sample.flightBytes() <= model.inflight(1)) {
            probeBandwidth.enter(sample);
        }
        probeBandwidth.onAck(sample);
        model.path.updateMinRtt(sample);
        // After idleness the queue is empty, and the round-trip time as small as it gets, without a probe for it.
        if (model.state != BbrState.PROBE_RTT && model.path.isRttProbeDue() && !idleRestart) {
            probeRtt.enter();
            probeBandwidth.interrupt(sample);
        }
        if (model.state == BbrState.PROBE_RTT && probeRtt.onAck(sample)) {
            leaveProbeRtt(sample);
        }
    }

    private void leaveStartupIfFull(AckSample sample) {
        if (sample.isInRecovery() && model.bounds.isStartupTooHigh(sample)) {
            model.fullPipe.declareFull();
            model.bounds.boundStartup(model.inflight(1));
        }
        if (model.fullPipe.wasReached()) {
            model.enter(BbrState.DRAIN);
        }
    }

    private void leaveProbeRtt(AckSample sample) {
        model.bounds.resetShortTerm();
        if (model.fullPipe.wasReached()) {
            probeBandwidth.resume(sample);
        } else {
            model.enter(BbrState.STARTUP);
        }
    }

    private void setPacingRate(AckSample sample) {
        if (!rttSeen && sample.srttNanos() > 0) {
            rttSeen = true;
            startPacing(sample.srttNanos());
        }
        paceAt(model.state.pacingGain);
        if (model.state == BbrState.STARTUP && sample.srttNanos() > 0) {
            // The first rates measured are those of windows half as large; on long paths waiting for them costs a round trip or two.
            model.pacingRate = Math.max(model.pacingRate, (long) (STARTUP_WINDOWS_A_ROUND * model.cwnd * 1e9 / sample.srttNanos()));
        }
    }

    private void paceAt(double gain) {
        long bandwidth = model.bandwidth();
        long rate = atLeastASegment(PACING_MARGIN * gain * bandwidth);
        // In startup early samples, of a window still small, must not slow it down.
        if (bandwidth > 0 && (model.fullPipe.wasReached() || rate > model.pacingRate)) {
            model.pacingRate = rate;
        }
    }

    /** 0 would mean no pacing. */
    private long atLeastASegment(double rate) {
        return Math.max(model.smss, (long) rate);
    }

    private void setCwnd(AckSample sample) {
        long acked = sample.deliveredBytes();
        long cwnd = model.cwnd;
        if (acked > 0) {
            long max = model.maxInflight();
            if (model.fullPipe.wasReached()) {
                cwnd = Math.min(cwnd + acked, max);
            } else if (cwnd < max || totalDelivered < model.initialCwnd) {
                cwnd += acked;
            }
            cwnd = Math.max(cwnd, model.minPipe());
        }
        if (model.state == BbrState.PROBE_RTT) {
            cwnd = Math.min(cwnd, probeRtt.cwndBytes());
        }
        model.cwnd = bounded(Math.min(cwnd, cap()));
    }

    /** What losses allow. */
    private long cap() {
        long longTerm = switch (model.state) {
            case PROBE_DOWN, PROBE_REFILL, PROBE_UP -> model.bounds.longTermInflight();
            case PROBE_CRUISE, PROBE_RTT -> model.inflightWithHeadroom();
            case STARTUP, DRAIN -> BbrBounds.NONE;
        };
        return Math.max(Math.min(longTerm, model.bounds.shortTermInflight()), model.minPipe());
    }

    @Override
    public void onEnterRecovery(long flightBytes, long nowNanos) {
        rememberForUndo();
    }

    /** The draft knows no classic ECN; RFC 3168 wants an answer to a mark: that of a loss. */
    @Override
    public void onCongestionExperienced(long flightBytes, long nowNanos) {
        rememberForUndo();
        model.bounds.congestion(totalDelivered);
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
        // the window was the model's all the time
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
        if (first) {
            rememberForUndo();
        }
        model.cwnd = model.smss; // all is taken for lost; each ACK lets the window grow back to the model's
    }

    @Override
    public void onUndo(long nowNanos) {
        model.bounds.undo();
        model.fullPipe.restart(0); // it may have been the reduction, not the path, that kept the rate from growing
        model.cwnd = Math.max(model.cwnd, cwndBefore);
    }

    private void rememberForUndo() {
        cwndBefore = model.cwnd;
        model.bounds.rememberForUndo();
    }

    /** The model stays true: pacing, not a small window, keeps the restart from being a burst. */
    @Override
    public void onIdleRestart(long restartWindowBytes) {
        if (model.state.isProbeBandwidth()) {
            paceAt(1);
        }
    }

    @Override
    public void onSmssChanged(int smss) {
        model.smss = smss;
        model.cwnd = bounded(model.cwnd);
    }

    @Override
    public long cwndBytes() {
        return model.cwnd;
    }

    @Override
    public long ssthreshBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public long pacingBytesPerSecond() {
        return model.pacingRate;
    }

    @Override
    public boolean usesProportionalRateReduction() {
        return false;
    }

    /** For tests. */
    BbrModel model() {
        return model;
    }

    private long bounded(long bytes) {
        return Math.max(model.smss, Math.min(bytes, MAX_CWND_BYTES));
    }
}
