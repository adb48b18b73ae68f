package io.github.usertcp.congestion;

/**
 * BBR's look at the path without its own queue: when five seconds have not shown the smallest round-trip time again, half a
 * bandwidth-delay product in flight for 200 ms and at least a round trip. Flows that share a bottleneck find each other's probes and
 * come to do it together, so that all see the empty queue. Source: draft-ietf-ccwg-bbr, "ProbeRTT". Nanoseconds and bytes.
 */
final class BbrProbeRtt {
    private static final long DURATION_NANOS = 200_000_000;

    private final BbrModel model;
    /** Few enough bytes are in flight, until then at least. */
    private boolean down;
    private long doneNanos;
    private boolean roundDone;
    private long cwndBefore;
    /** What was sent while few bytes were in flight says nothing about the bandwidth. */
    private long restrainedUntilDelivered = -1;

    BbrProbeRtt(BbrModel model) {
        this.model = model;
    }

    void enter() {
        model.enter(BbrState.PROBE_RTT);
        cwndBefore = model.cwnd;
        down = false;
    }

    /**
     * An ACK arrived during the probe.
     *
     * @return true if the probe is over; the window is again what it was
     */
    boolean onAck(AckSample sample) {
        restrainedUntilDelivered = sample.totalDeliveredBytes() + sample.flightBytes();
        if (!down) {
            if (sample.flightBytes() <= cwndBytes()) {
                down = true;
                doneNanos = sample.nowNanos() + DURATION_NANOS;
                roundDone = false;
                model.rounds.begin(sample);
            }
            return false;
        }
        roundDone |= model.rounds.isStart();
        if (!roundDone || sample.nowNanos() - doneNanos <= 0) {
            return false;
        }
        model.path.rttProbed(sample.nowNanos());
        model.cwnd = Math.max(model.cwnd, cwndBefore);
        return true;
    }

    /** The window during the probe. */
    long cwndBytes() {
        return Math.max(model.bdp(BbrState.PROBE_RTT.cwndGain), model.minPipe());
    }

    boolean restrained(AckSample sample) {
        return sample.priorDeliveredBytes() <= restrainedUntilDelivered;
    }
}
