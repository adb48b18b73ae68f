package io.github.usertcp.tcp;

/**
 * Tells a loss from a mistake. The idea: the acknowledgment of a segment that was sent twice echoes the
 * timestamp of the copy that arrived first. If the first ACK after a retransmission echoes a time before it,
 * the original had only been late or overtaken, and what was done to the congestion window can be undone.
 *
 * <p>Source: RFC 3522 section 3.2. Units are timestamp ticks as on the
 * wire, compared across their wrap. Without timestamps nothing is detected.
 */
final class EifelDetection {
    private enum Phase { IDLE, LOSS_SUSPECTED, RETRANSMITTED }

    private Phase phase = Phase.IDLE;
    private int retransmitTsVal;

    /** A loss episode begins, by duplicate ACKs or timeout; a timeout repeated belongs to the same. */
    void lossSuspected() {
        if (phase == Phase.IDLE) {
            phase = Phase.LOSS_SUSPECTED;
        }
    }

    /** A segment left again; the first of an episode counts. */
    void retransmitted(int tsVal) {
        if (phase == Phase.LOSS_SUSPECTED) {
            phase = Phase.RETRANSMITTED;
            retransmitTsVal = tsVal;
        }
    }

    /**
     * An ACK of new data arrived; the first of an episode decides it.
     *
     * @param tsEcr  what it echoes, 0 for nothing (RFC 7323 section 3.2)
     * @return true if the loss was a mistake
     */
    boolean wasSpurious(int tsEcr) {
        boolean spurious = phase == Phase.RETRANSMITTED && tsEcr != 0 && tsEcr - retransmitTsVal < 0;
        phase = Phase.IDLE;
        return spurious;
    }
}
