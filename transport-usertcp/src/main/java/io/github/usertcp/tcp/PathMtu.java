package io.github.usertcp.tcp;

/**
 * How large a packet may be to reach the peer (RFC 1191, RFC 8201). All sizes are of IP packets, in bytes, but for those called MSS.
 *
 * <pre>
 *   floor ------ searchLow ------ mtu ------ linkMtu
 *                (while searching) (what the network says)
 * </pre>
 * It begins with what the link carries. The network may say that some hop carries less, down to a floor; that holds for ten minutes, then
 * the path may have changed. {@link PathMtuDiscovery} is what uses it.
 */
final class PathMtu {
    /**
     * Departs from RFC 1191 3: no report makes packets smaller than 552 bytes, where the RFC has 68, as in Linux (min_pmtu). No network of
     * today carries less, and a forged report must not make us send headers with a few bytes behind them (RFC 5927 section 7).
     */
    static final int FLOOR_V4 = 552;
    /** RFC 8201 section 4: every IPv6 network carries that much, and a report that says less is discarded. */
    static final int FLOOR_V6 = 1280;
    /** RFC 1191 section 6.3 recommends ten minutes, after which larger packets are tried again; Linux has the same. */
    private static final long LIFETIME_NANOS = 600_000_000_000L;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private final boolean v4;
    private final int headers;
    private final int linkMtu;
    private int mtu;
    private long expiresNanos = Timers.NEVER;
    /** What was sent before it was cut to another size. */
    private long resizedAt;

    /** @param linkMss  the largest TCP payload that the link carries whole */
    PathMtu(TcpTuple tuple, int linkMss) {
        v4 = tuple.remoteAddress().isV4();
        headers = (v4 ? IPV4_HEADER : IPV6_HEADER) + (tuple.remoteUdpPort() == 0 ? 0 : UDP_HEADER) + TCP_HEADER;
        linkMtu = linkMss + headers;
        mtu = linkMtu;
    }

    int mtu() {
        return mtu;
    }

    /** Payload of the largest segment, TCP options not subtracted, in packets of at most {@code limit} bytes. */
    int mss(int limit) {
        return Math.min(mtu, limit) - headers;
    }

    /** The IP packet around a segment of so much payload and TCP options. */
    int packet(int segmentBytes) {
        return segmentBytes + headers;
    }

    /** No smaller packets than that, whatever is reported or seems to be so. */
    int floor() {
        return Math.min(linkMtu, v4 ? FLOOR_V4 : FLOOR_V6);
    }

    /**
     * A hop reports that it carries only {@code claimed} bytes, 0 or anything.
     *
     * @return true if packets have to become smaller
     */
    boolean reduce(long claimed, long nowNanos) {
        if (!v4 && claimed < FLOOR_V6) {
            return false;
        }
        int believed = (int) Math.min(Integer.MAX_VALUE, Math.max(claimed, v4 ? FLOOR_V4 : FLOOR_V6));
        if (believed > mtu || believed >= linkMtu) {
            return false;
        }
        boolean smaller = believed < mtu;
        mtu = believed;
        expiresNanos = nowNanos + LIFETIME_NANOS;
        return smaller;
    }

    /** What an earlier connection to the peer has found out, until then. */
    void remember(int bytes, long untilNanos) {
        if (bytes < mtu) {
            mtu = bytes;
            expiresNanos = untilNanos;
        }
    }

    /** When what the network has said is to be forgotten; {@link Timers#NEVER} if it has said nothing. */
    long expiresNanos() {
        return expiresNanos;
    }

    void forget() {
        mtu = linkMtu;
        expiresNanos = Timers.NEVER;
    }

    /** Segments before {@code sequence} had another size than those behind it. */
    void resizedAt(long sequence) {
        resizedAt = sequence;
    }

    boolean wasResizedBehind(long sequence) {
        return sequence < resizedAt;
    }

    void checkInvariants() {
        assert mtu <= linkMtu && mtu > headers : "path MTU " + mtu + ", link " + linkMtu;
        assert mtu == linkMtu || expiresNanos != Timers.NEVER : "path MTU " + mtu + " for ever";
    }
}
