package io.github.usertcp.congestion;

/**
 * Round trips counted by data: a round ends when something sent after its beginning is delivered. Counted here
 * and not taken from {@link AckSample#isRoundStart}, because BBR begins a round of its own with each phase.
 */
final class BbrRounds {
    private long nextDelivered;
    private boolean start;

    void onAck(AckSample sample) {
        start = sample.deliveredBytes() > 0 && sample.priorDeliveredBytes() >= nextDelivered;
        if (start) {
            begin(sample);
        }
    }

    /** A round begins now, whatever the one before was at. */
    void begin(AckSample sample) {
        nextDelivered = sample.totalDeliveredBytes();
    }

    /** The ACK in hand is the first of a round. */
    boolean isStart() {
        return start;
    }
}
