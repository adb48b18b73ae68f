package io.github.usertcp.congestion;

/** What BBR is doing, and how fast it paces and how much it keeps in flight meanwhile, as multiples of what it measured. */
enum BbrState {
    /** Looking for the bandwidth by doubling. 4 ln 2, the smallest gain that doubles the rate each round. */
    STARTUP(2.77, 2),
    /** Letting the queue that startup made drain. */
    DRAIN(0.5, 2),
    /** Letting the queue of a probe drain, and leaving room to others. */
    PROBE_DOWN(0.9, 2),
    /** At the measured bandwidth. */
    PROBE_CRUISE(1, 2),
    /** A round at the measured bandwidth without its short-term bounds, so that the probe starts from a full pipe. */
    PROBE_REFILL(1, 2),
    /** Probing for more. */
    PROBE_UP(1.25, 2.25),
    /** Nearly nothing in flight, to see the round-trip time without a queue. */
    PROBE_RTT(1, 0.5);

    final double pacingGain;
    final double cwndGain;

    BbrState(double pacingGain, double cwndGain) {
        this.pacingGain = pacingGain;
        this.cwndGain = cwndGain;
    }

    boolean isProbeBandwidth() {
        return this == PROBE_DOWN || this == PROBE_CRUISE || this == PROBE_REFILL || this == PROBE_UP;
    }

    /** Losses are expected, and judged by the probe's own rules. */
    boolean isAccelerating() {
        return this == STARTUP || this == PROBE_REFILL || this == PROBE_UP;
    }
}
