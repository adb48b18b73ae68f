package io.github.usertcp.tcp;

/**
 * Retransmission timeout from round-trip samples. The idea: a smoothed mean and a smoothed
 * deviation, and a timeout far enough above both that it fires only when something was lost.
 *
 * <p>Source: RFC 6298. Units are nanoseconds.
 * <pre>
 *   first sample R    SRTT = R, RTTVAR = R/2                                   (2.2)
 *   next samples R'   RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R'|, SRTT = 7/8 SRTT + 1/8 R'   (2.3)
 *   RTO               SRTT + max(G, 4 RTTVAR), bounded, doubled per expiry      (2.3, 2.4, 2.5, 5.5)
 * </pre>
 * G is half the minimum timeout instead of our clock's granularity (section 1 lets us be more
 * conservative): on a path whose round trips hardly vary RTTVAR goes to zero, and the timer
 * would fire each time the peer delays an ACK. Linux adds a whole minimum for the same reason.
 */
final class RttEstimator {
    /** RFC 6298 section 5.7: the timeout data starts with after a SYN was retransmitted. */
    private static final long AFTER_LOST_SYN_NANOS = 3_000_000_000L;
    /** Beyond this the bound has long been reached; keeps the shift in range. */
    private static final int MAX_BACKOFF = 40;

    private long srtt = -1;
    private long rttvar;
    private long minRtt = -1;
    private long base;
    private int backoff;

    void start(long initialRtoNanos) {
        base = initialRtoNanos;
        backoff = 0;
    }

    void sample(long rttNanos) {
        long rtt = Math.max(rttNanos, 1);
        if (srtt < 0) {
            srtt = rtt;
            rttvar = rtt / 2;
            minRtt = rtt;
        } else {
            rttvar += (Math.abs(srtt - rtt) - rttvar) / 4;
            srtt += (rtt - srtt) / 8;
            sampleMinimum(rtt);
        }
        base = srtt + 4 * rttvar;
        backoff = 0; // RFC 6298 section 5, last paragraph: only a new measurement collapses the timeout (Karn); Linux does the same
    }

    /** A round trip that is none for the timeout, because it allows for no delay of ACKs. */
    void sampleMinimum(long rttNanos) {
        long rtt = Math.max(rttNanos, 1);
        minRtt = minRtt < 0 ? rtt : Math.min(minRtt, rtt);
    }

    /** The timer expired: double (RFC 6298 section 5.5). */
    void backOff() {
        backoff = Math.min(backoff + 1, MAX_BACKOFF);
    }

    /** The last doubling was not the path's fault (RFC 6069 section 4). */
    void revertBackOff() {
        backoff = Math.max(0, backoff - 1);
    }

    void synWasRetransmitted() {
        backoff = 0;
        if (srtt < 0) {
            base = Math.max(base, AFTER_LOST_SYN_NANOS);
        }
    }

    long rtoNanos(TcpConfig config) {
        long steady = srtt + config.minRtoNanos() / 2; // of no effect before the first sample
        long bounded = Math.max(Math.max(base, steady), config.minRtoNanos());
        int shift = Math.min(backoff, Long.numberOfLeadingZeros(bounded) - 1);
        return Math.min(bounded << shift, config.maxRtoNanos());
    }

    /** -1 before the first sample. */
    long srttNanos() {
        return srtt;
    }

    long rttvarNanos() {
        return rttvar;
    }

    /** -1 before the first sample. */
    long minRttNanos() {
        return minRtt;
    }

    int backoff() {
        return backoff;
    }
}
