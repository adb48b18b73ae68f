package io.github.usertcp.tcp;

/**
 * The receive sequence space of RFC 9293 section 3.3.1, with 64-bit numbers, and the window we offer.
 *
 * <pre>
 *        received      |    offered     | not offered
 *   irs ------------- nxt ------------ edge
 * </pre>
 * {@code edge} is the farthest right edge the peer has been told; it never moves left (RFC
 * 9293 section 3.8.6: shrinking is discouraged), whatever happens to the buffer behind it.
 */
final class ReceiveSpace {
    private static final int MAX_WINDOW_FIELD = 65_535;

    private long irs;
    private long nxt;
    private long edge;
    private int scale;
    private long lastAckSent;

    void start(int wireIrs) {
        irs = SequenceNumbers.first(wireIrs);
        nxt = irs + 1;
        lastAckSent = nxt;
        edge = nxt;
    }

    /** The shift of our window fields from now on; 0 without RFC 7323 scaling. */
    void scale(int shift) {
        scale = shift;
    }

    void advanceTo(long newNxt) {
        nxt = newNxt;
        edge = Math.max(edge, nxt); // a FIN just beyond the edge is taken
    }

    /** SYN and SYN-ACK carry the window unscaled (RFC 7323 section 2.2). */
    int offerInHandshake(int window) {
        int field = (int) Math.max(window, Math.min(wnd(), MAX_WINDOW_FIELD)); // a SYN of ours may have offered a little more
        edge = Math.max(edge, nxt + field);
        lastAckSent = nxt;
        return field;
    }

    /**
     * The window field for a segment that leaves now, and with it the new right edge.
     *
     * @param freeBytes      room in the receive buffer
     * @param worthwhile     smallest step by which the edge may move: receiver silly window avoidance (RFC 9293 section 3.8.6.2.2)
     */
    int offer(int freeBytes, int worthwhile) {
        long wanted = nxt + freeBytes;
        long field;
        if (wanted - edge >= worthwhile) {
            field = freeBytes >> scale;
        } else {
            field = keepEdge(wanted);
        }
        field = Math.min(field, MAX_WINDOW_FIELD);
        edge = Math.max(edge, nxt + (field << scale));
        lastAckSent = nxt;
        return (int) field;
    }

    /**
     * The field that says {@code edge} again. Rounding down takes back up to 2^scale - 1 bytes, rounding
     * up gives as many; up, therefore, only while they fit into the buffer, or segments smaller than
     * that would never use up the window (RFC 7323 section 2.4). What was taken back is still accepted.
     */
    private long keepEdge(long wanted) {
        long down = edge - nxt >> scale;
        long up = edge - nxt + (1L << scale) - 1 >> scale;
        return nxt + (up << scale) <= wanted ? up : down;
    }

    /** By how much {@link #offer} would move the edge to the right. */
    long openable(int freeBytes) {
        long wanted = nxt + Math.min(freeBytes >> scale << scale, largestWindow());
        return Math.max(0, wanted - edge);
    }

    long irs() {
        return irs;
    }

    long nxt() {
        return nxt;
    }

    long edge() {
        return edge;
    }

    /** RCV.WND: what the peer may still send. */
    long wnd() {
        return edge - nxt;
    }

    int scale() {
        return scale;
    }

    /** Bytes received, and a FIN, since we last acknowledged. */
    long unacknowledged() {
        return nxt - lastAckSent;
    }

    /** The largest window that the 16 bits of the field can say, in bytes. */
    long largestWindow() {
        return (long) MAX_WINDOW_FIELD << scale;
    }

    /** Last.ACK.sent of RFC 7323 section 4.3. */
    long lastAckSent() {
        return lastAckSent;
    }

    /**
     * RFC 9293 section 3.10.7.4, first step: the four cases of an acceptable segment.
     *
     * <p>Departs from RFC 9293 3.10.7.4: an empty segment may also stand at the edge of an open window, as in Linux. A peer that
     * has filled the window sends its ACKs from there, and while one of its data segments is lost none of them would be taken.
     */
    boolean isAcceptable(long seq, int length) {
        if (length == 0) {
            return nxt <= seq && seq <= edge;
        }
        if (wnd() == 0) {
            return false;
        }
        long last = seq + length - 1;
        return nxt <= seq && seq < edge || nxt <= last && last < edge || seq < nxt && last >= edge;
    }

    void checkInvariants() {
        assert irs < nxt || irs == 0 : "irs " + irs + " >= nxt " + nxt;
        assert nxt <= edge : "nxt " + nxt + " > edge " + edge;
        assert lastAckSent <= nxt : "lastAckSent " + lastAckSent + " > nxt " + nxt;
    }
}
