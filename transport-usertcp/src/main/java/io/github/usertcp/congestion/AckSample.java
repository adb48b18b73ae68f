package io.github.usertcp.congestion;

/**
 * What one acknowledgment told: the input of {@link CongestionControl#onAck}. Mutable and reused, one per
 * connection, because it is filled for every ACK; written by the connection, read by the algorithm during the call.
 */
public final class AckSample {
    private long nowNanos;
    private long ackedBytes;
    private long flightBytes;
    private long rttNanos;
    private long srttNanos;
    private long deliveredBytes;
    private long deliveryIntervalNanos;
    private boolean cwndLimited;
    private boolean inRecovery;

    /** Fills the sample; see the getters for units. */
    public AckSample set(long nowNanos, long ackedBytes, long flightBytes, boolean cwndLimited, boolean inRecovery) {
        this.nowNanos = nowNanos;
        this.ackedBytes = ackedBytes;
        this.flightBytes = flightBytes;
        this.cwndLimited = cwndLimited;
        this.inRecovery = inRecovery;
        rttNanos = -1;
        srttNanos = -1;
        deliveredBytes = 0;
        deliveryIntervalNanos = 0;
        return this;
    }

    /** Round-trip times in nanoseconds, -1 where none is known. */
    public AckSample rtt(long sampleNanos, long smoothedNanos) {
        rttNanos = sampleNanos;
        srttNanos = smoothedNanos;
        return this;
    }

    /** Delivery rate as bytes over an interval in nanoseconds; an interval of 0 means that there is no valid rate. */
    public AckSample delivery(long bytes, long intervalNanos) {
        deliveredBytes = bytes;
        deliveryIntervalNanos = intervalNanos;
        return this;
    }

    /** When the ACK arrived. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Bytes newly acknowledged, SYN and FIN not counted. */
    public long ackedBytes() {
        return ackedBytes;
    }

    /** Bytes outstanding after this ACK. */
    public long flightBytes() {
        return flightBytes;
    }

    /** RTT measured by this ACK in nanoseconds, -1 if it measured none (Karn's rule, RFC 6298 section 3). */
    public long rttNanos() {
        return rttNanos;
    }

    /** Smoothed RTT in nanoseconds, -1 before the first measurement. */
    public long srttNanos() {
        return srttNanos;
    }

    public long deliveredBytes() {
        return deliveredBytes;
    }

    public long deliveryIntervalNanos() {
        return deliveryIntervalNanos;
    }

    /** True if the congestion window, not the application or the peer's window, limited the sender (RFC 7661): only then may it grow. */
    public boolean isCwndLimited() {
        return cwndLimited;
    }

    public boolean isInRecovery() {
        return inRecovery;
    }
}
