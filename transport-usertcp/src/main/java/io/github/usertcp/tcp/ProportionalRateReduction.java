package io.github.usertcp.tcp;

/**
 * The window during a recovery episode. The idea: while what is in flight exceeds ssthresh, send in proportion to what is delivered, so
 * that the flight comes down to ssthresh over one round trip instead of standing still for half of one; once below it, because much was
 * lost, grow back no faster than slow start would.
 *
 * <p>Source: RFC 6937 section 3, with the safe conservative bound of section 2 unless an ACK shows progress without new loss. Bytes; what
 * may be sent is rounded up to whole segments, as counting in segments does.
 * <pre>
 *   flight &gt; ssthresh    may send  ceil(delivered * ssthresh / window before) - sent
 *   else                 may send  min(ssthresh - flight, max(delivered - sent, delivered by this ACK) [+ SMSS if it goes well])
 * </pre>
 */
final class ProportionalRateReduction {
    private long priorCwnd;
    private long delivered;
    private long sent;
    private long cwnd;

    /** An episode begins. */
    void start(long cwndBefore) {
        priorCwnd = Math.max(cwndBefore, 1);
        delivered = 0;
        sent = 0;
        cwnd = cwndBefore;
    }

    /** Anything left during the episode. */
    void sent(int bytes) {
        sent += bytes;
    }

    void onAck(Delivery delivery, long flight, long ssthresh, int smss) {
        long newly = delivery.bytes();
        delivered += newly;
        long may;
        if (flight > ssthresh) {
            // Long.MAX_VALUE / ssthresh is no concern: ssthresh is finite in an episode, and both are below 2^31 segments of 2^16 bytes.
            long due = (long) Math.ceil((double) ssthresh * delivered / priorCwnd / smss) * smss;
            may = due - sent;
        } else {
            boolean goesWell = delivery.isAdvanced() && delivery.lostBytes() == 0;
            long grow = Math.max(delivered - sent, newly) + (goesWell ? smss : 0);
            may = Math.min(ssthresh - flight, grow);
        }
        // The first retransmission of an episode leaves at once.
        may = Math.max(may, sent == 0 ? smss : 0);
        cwnd = flight + may;
    }

    /** Bytes that may be in flight. */
    long cwndBytes() {
        return cwnd;
    }
}
