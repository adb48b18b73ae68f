package io.github.usertcp.congestion;

/**
 * What one acknowledgment told: the input of {@link CongestionControl#onAck}. Mutable and reused, one per connection, because it is
 * filled for every ACK; written by the connection, read by the algorithm during the call. Amounts are payload bytes, times nanoseconds.
 *
 * <p>The delivery rate is that of draft-cheng-iccrg-delivery-rate-estimation-02: the data delivered between the departure of the newest
 * segment this ACK delivered and now, over the longer of the time it took to send and the time it took to acknowledge.
 */
public final class AckSample {
    private long nowNanos;
    private long ackedBytes;
    private long flightBytes;
    private long priorFlightBytes;
    private long deliveredBytes;
    private long lostBytes;
    private long totalDeliveredBytes;
    private long rttNanos;
    private long srttNanos;
    private long minRttNanos;
    private long rateBytes;
    private long rateIntervalNanos;
    private long priorDeliveredBytes;
    private long sentFlightBytes;
    private long lostSinceSentBytes;
    private boolean appLimited;
    private boolean roundStart;
    private boolean cwndLimited;
    private boolean inRecovery;
    private long markedBytes;

    /** Begins a sample in which nothing else is known; see the getters for units. */
    public AckSample start(long now, long acked, long flight) {
        nowNanos = now;
        ackedBytes = acked;
        flightBytes = flight;
        priorFlightBytes = flight + acked;
        deliveredBytes = acked;
        lostBytes = 0;
        totalDeliveredBytes = 0;
        rttNanos = -1;
        srttNanos = -1;
        minRttNanos = -1;
        rateBytes = 0;
        rateIntervalNanos = 0;
        priorDeliveredBytes = 0;
        sentFlightBytes = 0;
        lostSinceSentBytes = 0;
        appLimited = false;
        roundStart = false;
        cwndLimited = false;
        inRecovery = false;
        markedBytes = 0;
        return this;
    }

    /** What limits the sender. */
    public AckSample limits(boolean limitedByCwnd, boolean recovering) {
        cwndLimited = limitedByCwnd;
        inRecovery = recovering;
        return this;
    }

    /** Round-trip times, -1 where none is known. */
    public AckSample rtt(long sample, long smoothed, long min) {
        rttNanos = sample;
        srttNanos = smoothed;
        minRttNanos = min;
        return this;
    }

    /** What left the network with this ACK, by delivery and by loss, and how much was in it before. */
    public AckSample delivered(long delivered, long lost, long priorFlight, long totalDelivered) {
        deliveredBytes = delivered;
        lostBytes = lost;
        priorFlightBytes = priorFlight;
        totalDeliveredBytes = totalDelivered;
        return this;
    }

    /** Delivery rate as bytes over an interval; an interval of 0 means that there is no valid rate. */
    public AckSample rate(long bytes, long interval, boolean limitedByApp) {
        rateBytes = bytes;
        rateIntervalNanos = interval;
        appLimited = limitedByApp;
        return this;
    }

    /** What was known when the newest segment that this ACK delivered had left. */
    public AckSample sent(long totalDeliveredThen, long flightThen, long lostSince, boolean startsRound) {
        priorDeliveredBytes = totalDeliveredThen;
        sentFlightBytes = flightThen;
        lostSinceSentBytes = lostSince;
        roundStart = startsRound;
        return this;
    }

    /** Delivered bytes of packets that carried a congestion mark. */
    public AckSample marked(long bytes) {
        markedBytes = bytes;
        return this;
    }

    /** When the ACK arrived. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Bytes newly acknowledged cumulatively, SYN and FIN not counted. */
    public long ackedBytes() {
        return ackedBytes;
    }

    /** Bytes believed to be in the network after this ACK. */
    public long flightBytes() {
        return flightBytes;
    }

    /** The same before this ACK. */
    public long priorFlightBytes() {
        return priorFlightBytes;
    }

    /** Bytes newly known to have arrived: acknowledged cumulatively or selectively, each byte once. */
    public long deliveredBytes() {
        return deliveredBytes;
    }

    /** Bytes newly believed lost. */
    public long lostBytes() {
        return lostBytes;
    }

    /** Bytes delivered since the connection began, this ACK's included. */
    public long totalDeliveredBytes() {
        return totalDeliveredBytes;
    }

    /** RTT measured by this ACK, -1 if it measured none (Karn's rule, RFC 6298 section 3). */
    public long rttNanos() {
        return rttNanos;
    }

    /** Smoothed RTT, -1 before the first measurement. */
    public long srttNanos() {
        return srttNanos;
    }

    /** Smallest RTT seen, -1 before the first measurement. */
    public long minRttNanos() {
        return minRttNanos;
    }

    /** Delivery rate in bytes per second, 0 if this ACK gives none. */
    public long deliveryRateBytesPerSecond() {
        return rateIntervalNanos <= 0 ? 0 : (long) (rateBytes * 1e9 / rateIntervalNanos);
    }

    /** The time over which the delivery rate was measured; 0 if this ACK gives none. */
    public long rateIntervalNanos() {
        return rateIntervalNanos;
    }

    /** {@link #totalDeliveredBytes} at the departure of the newest segment that this ACK delivered. */
    public long priorDeliveredBytes() {
        return priorDeliveredBytes;
    }

    /** Bytes in the network, itself included, when that segment left. */
    public long sentFlightBytes() {
        return sentFlightBytes;
    }

    /** Bytes believed lost between its departure and now. */
    public long lostSinceSentBytes() {
        return lostSinceSentBytes;
    }

    /** The delivery rate was measured while the application had too little to send: the path may be faster. */
    public boolean isAppLimited() {
        return appLimited;
    }

    /** The first ACK of data that was sent after the last round began: once in a round trip. */
    public boolean isRoundStart() {
        return roundStart;
    }

    /** True if the congestion window, not the application or the peer's window, limited the sender (RFC 7661): only then may it grow. */
    public boolean isCwndLimited() {
        return cwndLimited;
    }

    /** A recovery episode is going on, from {@link CongestionControl#onEnterRecovery} to {@link CongestionControl#onExitRecovery}. */
    public boolean isInRecovery() {
        return inRecovery;
    }

    /**
     * Delivered bytes that the peer says have met congestion (RFC 3168; with accurate feedback the exact amount, else all bytes of an ACK
     * with ECE set); 0 without ECN.
     */
    public long markedBytes() {
        return markedBytes;
    }
}
