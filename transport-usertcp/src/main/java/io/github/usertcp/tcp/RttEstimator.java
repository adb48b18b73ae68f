package io.github.usertcp.tcp;

/**
 * Retransmission timeout from round-trip samples. The idea: a smoothed mean and a bound of the deviation from it, and a timeout far enough
 * above both that it fires only when something was lost.
 *
 * <p>Source: RFC 6298, computed as Linux's {@code tcp_rtt_estimator} does. Units are nanoseconds; MDEV and RTTVAR are scaled by 4, so that
 * RTTVAR is what stands behind the plus sign.
 * <pre>
 *   first sample R    SRTT = R, MDEV = 2 R, RTTVAR = MDEV                              (2.2)
 *   next samples R'   MDEV += |SRTT - R'| - MDEV/4, an eighth of it where R' is small; SRTT += (R' - SRTT)/8
 *                     RTTVAR = largest MDEV of this round trip: up at once, down by a quarter of the way a round trip
 *   RTO               SRTT + max(RTTVAR, minimum), bounded, doubled per expiry         (2.3, 2.4, 2.5, 5.5)
 * </pre>
 *
 * <p>Departs from RFC 6298 2.3: RTTVAR falls once a round trip, not once a sample, and is itself bounded below by the minimum timeout. With
 * many samples a window the RFC's RTTVAR goes to zero on a steady path, and the timer would fire each time the peer delays an ACK.
 */
final class RttEstimator {
    /** RFC 6298 section 5.7: the timeout data starts with after a SYN was retransmitted. */
    private static final long AFTER_LOST_SYN_NANOS = 3_000_000_000L;
    /** Beyond this the bound has long been reached; keeps the shift in range. */
    private static final int MAX_BACKOFF = 40;

    private long srtt = -1;
    private long mdev;
    /** Largest {@link #mdev} since {@link #roundEnd} was set. */
    private long mdevMax;
    private long rttvar;
    /** A round trip is over when what was sent last at its beginning is acknowledged. */
    private long roundEnd;
    private long minRtt = -1;
    private long unmeasured;
    private int backoff;

    void start(long initialRtoNanos) {
        unmeasured = initialRtoNanos;
        backoff = 0;
    }

    void sample(long rttNanos) {
        long rtt = Math.max(rttNanos, 1);
        if (srtt < 0) {
            srtt = rtt;
            mdev = 2 * rtt;
            mdevMax = mdev;
            rttvar = mdev;
        } else {
            deviate(rtt - srtt);
            srtt = Math.max(1, srtt + (rtt - srtt) / 8);
        }
        sampleMinimum(rtt);
        backoff = 0; // RFC 6298 section 5, last paragraph: only a new measurement collapses the timeout (Karn); Linux does the same
    }

    /** A round trip that is none for the timeout, because it allows for no delay of ACKs. */
    void sampleMinimum(long rttNanos) {
        long rtt = Math.max(rttNanos, 1);
        minRtt = minRtt < 0 ? rtt : Math.min(minRtt, rtt);
    }

    /** Something new was acknowledged, and what it measured is sampled: perhaps a round trip is over. */
    void progress(SendSpace send, TcpConfig config) {
        if (send.una() > roundEnd) {
            rttvar -= Math.max(0, rttvar - Math.max(mdevMax, config.minRtoNanos())) / 4;
            roundEnd = send.nxt();
            mdevMax = 0;
        }
    }

    private void deviate(long error) {
        long change = Math.abs(error) - mdev / 4;
        // A path that has become shorter is no reason to wait longer: Eifel (Ludwig and Sklower), but with a finer gain, not none.
        mdev += error < 0 && change > 0 ? change / 8 : change;
        mdevMax = Math.max(mdevMax, mdev);
        rttvar = Math.max(rttvar, mdevMax);
    }

    /** The timer expired: double (RFC 6298 section 5.5). */
    void backOff() {
        backoff = Math.min(backoff + 1, MAX_BACKOFF);
    }

    /** The last expiry was not for congestion: half again (RFC 6069 section 4). */
    void revertBackOff() {
        backoff = Math.max(0, backoff - 1);
    }

    void synWasRetransmitted() {
        backoff = 0;
        if (srtt < 0) {
            unmeasured = Math.max(unmeasured, AFTER_LOST_SYN_NANOS);
        }
    }

    long rtoNanos(TcpConfig config) {
        long base = srtt < 0 ? unmeasured : srtt + Math.max(rttvar, config.minRtoNanos());
        long bounded = Math.max(base, config.minRtoNanos());
        int shift = Math.min(backoff, Long.numberOfLeadingZeros(bounded) - 1);
        return Math.min(bounded << shift, config.maxRtoNanos());
    }

    /** -1 before the first sample. */
    long srttNanos() {
        return srtt;
    }

    /** Mean deviation of the samples, the RFC's RTTVAR. */
    long rttvarNanos() {
        return mdev / 4;
    }

    /** -1 before the first sample. */
    long minRttNanos() {
        return minRtt;
    }

    int backoff() {
        return backoff;
    }
}
