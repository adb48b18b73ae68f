package io.github.usertcp.congestion;

/**
 * BBR's steady state, a cycle of four phases. The idea: every two to three seconds, or as often as a Reno flow of this size would fill
 * the pipe, send a quarter faster until the delivery rate no longer grows or a probe loses too much, then go below the bandwidth until
 * the queue is gone, and cruise.
 *
 * <pre>
 *   DOWN    --&gt; CRUISE   the queue is gone, and headroom is left
 *   CRUISE  --&gt; REFILL   after 2 to 3 s or 63 rounds
 *   REFILL  --&gt; UP       after one round
 *   UP      --&gt; DOWN     the pipe is full, or loses too much
 * </pre>
 * Source: draft-ietf-ccwg-bbr, "ProbeBW". Units are bytes and nanoseconds.
 */
final class BbrProbeBandwidth {
    private static final long MIN_WAIT_NANOS = 2_000_000_000L;
    private static final long MAX_EXTRA_WAIT_NANOS = 1_000_000_000L;
    /** A Reno flow at 25 Mbit/s and 30 ms needs so many rounds between losses. */
    private static final int MAX_RENO_ROUNDS = 63;
    private static final int MAX_UP_ROUNDS = 30;

    /** What the ACKs that arrive now tell of: they lag a round trip behind the phases. */
    private enum AckPhase { INITIAL, REFILLING, PROBE_STARTING, PROBE_FEEDBACK, PROBE_STOPPING }

    private final BbrModel model;
    private AckPhase ackPhase = AckPhase.INITIAL;
    private long chance;
    private long cycleStart;
    private long waitNanos;
    private long roundsSinceProbe;
    /** ACKs are of data sent while probing; until the first reaction to it. */
    private boolean probeSamples;
    private int upRounds;
    private long upAckedBytes;
    /** So many acknowledged bytes raise the long-term bound by a segment. */
    private long upStepBytes = Long.MAX_VALUE;

    BbrProbeBandwidth(BbrModel model) {
        this.model = model;
    }

    /** Flows that begin together must not probe together. */
    void start(long nowNanos) {
        chance = nowNanos;
    }

    void enter(AckSample sample) {
        goDown(sample);
    }

    /** After a probe for the round-trip time: there is no queue to drain. */
    void resume(AckSample sample) {
        goDown(sample);
        model.enter(BbrState.PROBE_CRUISE);
    }

    /** The samples of a bandwidth probe, if there was one, are over. */
    void interrupt(AckSample sample) {
        ackPhase = AckPhase.PROBE_STOPPING;
        model.rounds.begin(sample);
    }

    void onAck(AckSample sample) {
        if (model.rounds.isStart()) {
            roundsSinceProbe++;
        }
        if (!model.fullPipe.wasReached()) {
            return;
        }
        adaptLongTerm(sample);
        switch (model.state) {
            case PROBE_DOWN -> {
                if (!probeIfDue(sample) && hasDrained(sample)) {
                    model.enter(BbrState.PROBE_CRUISE);
                }
            }
            case PROBE_CRUISE -> probeIfDue(sample);
            case PROBE_REFILL -> {
                if (model.rounds.isStart()) {
                    goUp(sample);
                }
            }
            case PROBE_UP -> {
                if (isProbeDone(sample)) {
                    goDown(sample);
                }
            }
            default -> { } // no bandwidth probing
        }
    }

    // ---- what the ACKs of a probe teach

    private void adaptLongTerm(AckSample sample) {
        if (model.rounds.isStart()) {
            if (ackPhase == AckPhase.PROBE_STARTING) {
                ackPhase = AckPhase.PROBE_FEEDBACK;
            } else if (ackPhase == AckPhase.PROBE_STOPPING) {
                ackPhase = AckPhase.INITIAL;
                probeSamples = false;
                if (model.state.isProbeBandwidth() && !model.appLimited) {
                    model.path.advanceCycle();
                }
            }
        }
        if (BbrBounds.isInflightTooHigh(sample)) {
            if (probeSamples) {
                inflightTooHigh(sample);
            }
        } else if (model.bounds.longTermInflight() != BbrBounds.NONE) {
            model.bounds.raiseLongTerm(sample.sentFlightBytes());
            if (model.state == BbrState.PROBE_UP) {
                raiseLongTerm(sample);
            }
        }
    }

    private void inflightTooHigh(AckSample sample) {
        probeSamples = false; // one reaction to a probe
        if (!model.appLimited) {
            model.bounds.lowerLongTerm(sample.sentFlightBytes(), model.targetInflight());
        }
        if (model.state == BbrState.PROBE_UP) {
            goDown(sample);
        }
    }

    /** By one segment in the first round of a probe, two in the second, four in the third: cautious first, then fast. */
    private void raiseLongTerm(AckSample sample) {
        if (!sample.isCwndLimited() || model.cwnd < model.bounds.longTermInflight()) {
            return; // not in use, so not tested
        }
        upAckedBytes += sample.deliveredBytes();
        if (upAckedBytes >= upStepBytes) {
            long steps = upAckedBytes / upStepBytes;
            upAckedBytes -= steps * upStepBytes;
            model.bounds.raiseLongTerm(model.bounds.longTermInflight() + steps * model.smss);
        }
        if (model.rounds.isStart()) {
            steepen();
        }
    }

    private void steepen() {
        upStepBytes = Math.max(model.cwnd >> upRounds, model.smss);
        upRounds = Math.min(upRounds + 1, MAX_UP_ROUNDS);
    }

    // ---- phases

    private void goDown(AckSample sample) {
        model.bounds.forgetSignals();
        upStepBytes = Long.MAX_VALUE;
        roundsSinceProbe = nextChance() & 1;
        waitNanos = MIN_WAIT_NANOS + Long.remainderUnsigned(nextChance(), MAX_EXTRA_WAIT_NANOS);
        cycleStart = sample.nowNanos();
        ackPhase = AckPhase.PROBE_STOPPING;
        model.rounds.begin(sample);
        model.enter(BbrState.PROBE_DOWN);
    }

    private boolean probeIfDue(AckSample sample) {
        long renoRounds = Math.min(model.targetInflight() / model.smss, MAX_RENO_ROUNDS);
        if (sample.nowNanos() - cycleStart <= waitNanos && roundsSinceProbe < renoRounds) {
            return false;
        }
        model.bounds.resetShortTerm();
        upRounds = 0;
        upAckedBytes = 0;
        ackPhase = AckPhase.REFILLING;
        model.rounds.begin(sample);
        model.enter(BbrState.PROBE_REFILL);
        return true;
    }

    private boolean hasDrained(AckSample sample) {
        return sample.flightBytes() <= Math.min(model.inflightWithHeadroom(), model.inflight(1));
    }

    private void goUp(AckSample sample) {
        probeSamples = true;
        ackPhase = AckPhase.PROBE_STARTING;
        model.rounds.begin(sample);
        model.fullPipe.restart(BbrPath.rate(sample));
        model.enter(BbrState.PROBE_UP);
        steepen();
    }

    private boolean isProbeDone(AckSample sample) {
        if (sample.isCwndLimited() && model.cwnd >= model.bounds.longTermInflight()) {
            model.fullPipe.restart(BbrPath.rate(sample)); // our own bound, not the path, limits the rate
            return false;
        }
        return model.fullPipe.isFullNow();
    }

    /** SplitMix64: spreads what little chance the time of the handshake is over all bits. */
    private long nextChance() {
        chance += 0x9E37_79B9_7F4A_7C15L;
        long z = (chance ^ chance >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
