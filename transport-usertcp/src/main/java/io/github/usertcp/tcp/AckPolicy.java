package io.github.usertcp.tcp;

/**
 * When to acknowledge. The idea: at once at the start of a connection, so that the peer's slow start is not held back, and whenever
 * something is out of the ordinary; else every second full segment, or when the delayed-ACK time is over, or with whatever leaves anyway.
 *
 * <p>Source: RFC 9293 section 3.8.6.3, RFC 5681 section 4.2; the quick start is Linux's.
 */
final class AckPolicy {
    private boolean now;
    private int quickLeft;
    private long lastReceivedNanos;
    /** Payload bytes received since an ACK left. */
    private long unacknowledged;
    /** Largest payload seen in one segment, at most the MSS we announced: an estimate of what the peer calls a full segment. */
    private int fullSegment;
    /** The next challenge ACK may leave then. */
    private long challengeAllowedAt = Long.MIN_VALUE;

    void start(long nowNanos, TcpConfig config) {
        quickLeft = config.quickAckSegments();
        lastReceivedNanos = nowNanos;
    }

    /** Data arrives at {@code nowNanos}: after {@code idleNanos} without any, the peer is in slow start again. */
    void dataArrives(long nowNanos, long idleNanos, TcpConfig config) {
        if (nowNanos - lastReceivedNanos > idleNanos) {
            quickLeft = config.quickAckSegments();
        }
        lastReceivedNanos = nowNanos;
    }

    /** Something unusual arrived, or the sender is waiting for us: acknowledge with the next poll. */
    void acknowledgeNow() {
        now = true;
    }

    /**
     * New data arrived in order.
     *
     * @param segmentBytes  payload of one wire segment of it
     * @return true if the ACK may wait
     */
    boolean received(int bytes, int segmentBytes, TcpConfig config) {
        fullSegment = Math.max(fullSegment, segmentBytes);
        unacknowledged += bytes;
        if (quickLeft > 0) {
            quickLeft--;
            now = true;
        }
        // RFC 5681 4.2: an ACK at least for every second full-sized segment.
        if (unacknowledged >= 2L * fullSegment || config.quickAck() || config.delayedAckNanos() == 0) {
            now = true;
        }
        return !now;
    }

    /** A segment with an up-to-date acknowledgment left. */
    void sent() {
        now = false;
        unacknowledged = 0;
    }

    boolean isDue() {
        return now;
    }

    int fullSegment() {
        return fullSegment;
    }

    /**
     * An ACK in answer to a segment that is not acceptable, at most one in the configured time. The limit is this connection's own: a limit
     * shared between connections lets an off-path attacker find out about one by probing another (CVE-2016-5696, RFC 5961 section 7).
     *
     * @return true if it was allowed
     */
    boolean challenge(long nowNanos, TcpConfig config) {
        if (nowNanos < challengeAllowedAt) {
            return false;
        }
        challengeAllowedAt = nowNanos + config.challengeAckIntervalNanos();
        now = true;
        return true;
    }
}
