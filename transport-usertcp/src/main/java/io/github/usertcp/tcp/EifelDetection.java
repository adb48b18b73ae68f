package io.github.usertcp.tcp;

/**
 * Tells a loss from a mistake. The idea: the acknowledgment of a segment that was sent twice echoes the timestamp of the
 * copy that arrived first. If an ACK that makes progress echoes a time before the first retransmission of the episode, the
 * original had only been late or overtaken.
 *
 * <p>Source: RFC 3522 section 3.2, which looks at the first such ACK. Each is looked at here, as in Linux: of several segments sent again
 * some may have been lost and others not, and what is undone is decided by what is still missing. Units are timestamp ticks as on the wire,
 * compared across their wrap. Without timestamps nothing is detected.
 */
final class EifelDetection {
    private enum Phase { IDLE, LOSS_SUSPECTED, RETRANSMITTED }

    private Phase phase = Phase.IDLE;
    private int retransmitTsVal;

    /** A loss episode begins, by duplicate ACKs or timeout. */
    void begin() {
        phase = Phase.LOSS_SUSPECTED;
    }

    /** A segment left again; the first of an episode counts. */
    void retransmitted(int tsVal) {
        if (phase == Phase.LOSS_SUSPECTED) {
            phase = Phase.RETRANSMITTED;
            retransmitTsVal = tsVal;
        }
    }

    /** The episode is over. */
    void end() {
        phase = Phase.IDLE;
    }

    /**
     * True if the peer had not seen the first retransmission when it sent this.
     *
     * @param tsEcr  what it echoes, 0 for nothing (RFC 7323 section 3.2)
     */
    boolean isLate(int tsEcr) {
        return phase == Phase.RETRANSMITTED && tsEcr != 0 && tsEcr - retransmitTsVal < 0;
    }
}
