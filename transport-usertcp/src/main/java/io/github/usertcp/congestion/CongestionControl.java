package io.github.usertcp.congestion;

/**
 * Decides how much one connection may have in flight, and how fast it may send it. All amounts are payload bytes.
 *
 * <p>The connection tells what happened; the algorithm keeps its own state and answers {@link #cwndBytes()} and
 * {@link #pacingBytesPerSecond()}. It never touches the sender, never reads a clock (times arrive with the calls) and is called from one
 * thread only. Loss detection and recovery are outside: an algorithm learns of their results.
 *
 * <p>Order of calls: {@link #onEstablished} once, then any sequence of the others. During a recovery episode {@link #onAck} goes on being
 * called with {@link AckSample#isInRecovery()} set, after the losses that the same ACK proved have been told.
 */
public interface CongestionControl {
    /**
     * What the library's algorithms let a window grow to at most, in bytes: 1 GiB. No peer can offer more (RFC 7323 section 2.3), so
     * nothing is lost by it, and a window without bound is a fault seen elsewhere.
     */
    long MAX_CWND_BYTES = 1L << 30;

    /** The name as a user chooses it and as {@code TcpInfo} shows it: lower case, such as {@code "reno"}. */
    String name();

    /**
     * The connection is established, or goes on with this algorithm instead of another; initialise.
     *
     * @param smss           sender maximum segment size in bytes
     * @param cwndBytes      window to begin with: the initial window (RFC 6928 by default), or the window of the algorithm before
     * @param ssthreshBytes  slow start threshold to begin with: {@link Long#MAX_VALUE}, or that of the algorithm before
     * @param nowNanos       the time; also all the chance an algorithm gets that wants to spread its probes
     */
    void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos);

    /** An ACK told something new. The sample is reused by the caller: read it, don't keep it. */
    void onAck(AckSample sample);

    /**
     * Loss was detected (RFC 5681 section 3.2) and a recovery episode begins: reduce.
     *
     * @param flightBytes  bytes in flight when the loss was detected
     */
    void onEnterRecovery(long flightBytes, long nowNanos);

    /**
     * The peer echoes a congestion mark (RFC 3168 section 6.1.2) and an episode without retransmissions begins; at most once a round trip.
     * The same reduction as for a loss unless the algorithm knows better.
     */
    default void onCongestionExperienced(long flightBytes, long nowNanos) {
        onEnterRecovery(flightBytes, nowNanos);
    }

    /** All data outstanding at the episode's start has been acknowledged (RFC 6582 section 3.2 step 3, full acknowledgment). */
    void onExitRecovery(long flightBytes, long nowNanos);

    /**
     * The retransmission timer expired.
     *
     * @param flightBytes  bytes in flight when it expired
     * @param first        true for the first expiry on this data, false for its repetitions (RFC 5681 section 3.1, equation 4)
     */
    void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos);

    /** The last reduction is proved spurious: restore what was before it. */
    void onUndo(long nowNanos);

    /** The sender was idle for longer than one RTO (RFC 5681 section 4.1): restart from the restart window. */
    void onIdleRestart(long restartWindowBytes);

    /**
     * The sender maximum segment size changed (path MTU discovery). A window keeps its number of segments when they become smaller, and its
     * number of bytes when they become larger, so that neither packets nor bytes in the network grow by it (as in Linux).
     */
    void onSmssChanged(int smss);

    /** Congestion window in bytes, at least one SMSS. */
    long cwndBytes();

    /** Slow start threshold in bytes; {@link Long#MAX_VALUE} while none has been set. */
    long ssthreshBytes();

    /** Pacing rate in bytes per second; 0 for no pacing. */
    default long pacingBytesPerSecond() {
        return 0;
    }

    /**
     * True (the default) if, during a recovery episode, the sender goes down to {@link #ssthreshBytes} in proportion to what is delivered
     * (RFC 6937) instead of heeding {@link #cwndBytes}. False for an algorithm that models the path and steers its window in recovery too.
     */
    default boolean usesProportionalRateReduction() {
        return true;
    }

    /** True for an algorithm that wants its packets marked as ECN capable even where the configuration does not ask for ECN (DCTCP). */
    default boolean needsEcn() {
        return false;
    }
}
