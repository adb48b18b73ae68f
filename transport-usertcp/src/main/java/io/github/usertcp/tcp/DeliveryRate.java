package io.github.usertcp.tcp;

import io.github.usertcp.congestion.AckSample;

/**
 * How fast the network delivers. The idea: remember with every transmission how much had been delivered, and when, at its departure; when
 * it is delivered itself, the data delivered in between, over the time that took, is a rate the path has sustained. The longer of the
 * time it took to send and the time it took to acknowledge counts, so that ACKs that arrive in a bunch don't look like a fast path.
 *
 * <p>Source: draft-cheng-iccrg-delivery-rate-estimation-02, sections 2 and 3. Bytes and nanoseconds.
 * <pre>
 *   rate = (delivered now - delivered then) / max(sent - first sent, delivered time now - delivered time then)
 * </pre>
 * Once per round trip, a round being over when data is acknowledged that left after the round began, {@link #startsRound} says so.
 */
final class DeliveryRate {
    private long delivered;
    private long deliveredNanos;
    private long firstSentNanos;
    private long lost;
    /** Until so much has been delivered, samples tell of the application's rate, not of the path's; 0 if they don't. */
    private long appLimitedUntil;
    private long roundEnd;

    long deliveredBytes() {
        return delivered;
    }

    long deliveredNanos() {
        return deliveredNanos;
    }

    long firstSentNanos() {
        return firstSentNanos;
    }

    /** Bytes ever believed lost. */
    long lostBytes() {
        return lost;
    }

    boolean isAppLimited() {
        return appLimitedUntil > 0;
    }

    /** Data leaves while the network is empty: a new flight begins. */
    void startFlight(long nowNanos) {
        firstSentNanos = nowNanos;
        deliveredNanos = nowNanos;
    }

    /** Nothing is left to send although the windows would allow it. */
    void appLimited(long flightBytes) {
        appLimitedUntil = Math.max(delivered + flightBytes, 1);
    }

    void lost(long bytes) {
        lost += bytes;
    }

    /** Bytes were delivered. */
    void delivered(long bytes, long nowNanos) {
        delivered += bytes;
        deliveredNanos = nowNanos;
        if (delivered > appLimitedUntil) {
            appLimitedUntil = 0;
        }
    }

    /** The sample that a delivered transmission gives; {@link #delivered} has been called for the ACK. */
    void sample(Delivery newest, long minRttNanos, AckSample sample) {
        if (!newest.hasRate()) {
            return;
        }
        boolean round = newest.deliveredThen() >= roundEnd;
        if (round) {
            roundEnd = delivered;
        }
        firstSentNanos = newest.sentNanos();
        long sendNanos = newest.sentNanos() - newest.firstSentNanos();
        long ackNanos = deliveredNanos - newest.deliveredThenNanos();
        long interval = Math.max(sendNanos, ackNanos);
        // Section 3.3: shorter than any round trip, it comes from spurious retransmissions or compressed ACKs.
        long valid = interval < minRttNanos ? 0 : interval;
        sample.rate(delivered - newest.deliveredThen(), valid, newest.wasAppLimited());
        sample.sent(newest.deliveredThen(), newest.flightThen(), lost - newest.lostThen(), round);
    }
}
