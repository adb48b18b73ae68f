package io.github.usertcp.congestion;

/**
 * All that BBR knows of a connection's path, and what follows from it: the parts that measure, and the formulas over them. The
 * parts read each other here. {@link Bbr} writes the fields, {@link BbrProbeRtt} restores the window after its probe, and the probes
 * {@link #enter} states. Units are bytes, nanoseconds and bytes per second.
 */
final class BbrModel {
    private static final int MIN_PIPE_SEGMENTS = 4;
    private static final long QUANTUM_NANOS = 1_000_000;
    private static final int MAX_QUANTUM_BYTES = 65_536;
    private static final int QUANTA_IN_FLIGHT = 3;

    final BbrRounds rounds = new BbrRounds();
    final BbrPath path = new BbrPath();
    final BbrBounds bounds = new BbrBounds();
    final BbrFullPipe fullPipe = new BbrFullPipe();
    final BbrAckAggregation aggregation = new BbrAckAggregation();

    BbrState state = BbrState.STARTUP;
    int smss = 536;
    long initialCwnd;
    long cwnd;
    long pacingRate;
    /** The ACK in hand measured a sender that had too little to send, or that probed for the round-trip time. */
    boolean appLimited;

    void enter(BbrState next) {
        state = next;
    }

    /** What to send by: the path's bandwidth, or less where recent losses say so. */
    long bandwidth() {
        return Math.min(path.bandwidth(), bounds.shortTermBandwidth());
    }

    /** Multiple of the bandwidth-delay product; of the initial window while no round trip has been measured. */
    long bdp(double gain) {
        return bdp(bandwidth(), gain);
    }

    private long bdp(long bandwidth, double gain) {
        if (path.minRttNanos() == BbrPath.UNKNOWN) {
            return (long) (gain * initialCwnd);
        }
        return (long) Math.min(gain * bandwidth * (path.minRttNanos() / 1e9), CongestionControl.MAX_CWND_BYTES);
    }

    /** The same by the unbounded bandwidth, as much as can be in flight: the level that draining must come down to. */
    long inflight(double gain) {
        return quantized(bdp(path.bandwidth(), gain));
    }

    /** How much to have in flight at most. */
    long maxInflight() {
        return quantized(bdp(state.cwndGain) + aggregation.extraAckedBytes());
    }

    /** Sending, receiving and acknowledging in batches needs a few batches in flight. */
    private long quantized(long inflight) {
        long bytes = Math.max(Math.max(inflight, QUANTA_IN_FLIGHT * sendQuantum()), minPipe());
        return state == BbrState.PROBE_UP ? bytes + 2L * smss : bytes;
    }

    /** What leaves at once: a millisecond's worth, at least two segments. */
    private long sendQuantum() {
        double millisecond = pacingRate * (QUANTUM_NANOS / 1e9);
        return Math.max(2L * smss, (long) Math.min(millisecond, MAX_QUANTUM_BYTES));
    }

    /** Enough for ACKs to go on coming where receivers delay every other one. */
    long minPipe() {
        return (long) MIN_PIPE_SEGMENTS * smss;
    }

    /** What is in flight now, as the algorithm means it. */
    long targetInflight() {
        return Math.min(bdp(1), cwnd);
    }

    /** The long-term bound less the room left to others. */
    long inflightWithHeadroom() {
        return Math.max(bounds.longTermInflightWithHeadroom(smss), minPipe());
    }

    void checkInvariants() {
        assert cwnd >= smss && cwnd <= Math.max(smss, CongestionControl.MAX_CWND_BYTES) : "cwnd " + cwnd;
        assert pacingRate > 0 : "pacing " + pacingRate;
        assert bounds.longTermInflight() > 0 && bounds.shortTermInflight() >= 0 : "bounds of " + cwnd;
    }
}
