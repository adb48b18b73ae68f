package io.github.usertcp.tcp;

/**
 * What an active open puts on its first SYN for TCP Fast Open (RFC 7413 section 4.2.2). Retransmissions of the SYN carry neither option
 * nor data, for the sake of middleboxes that drop one or the other.
 *
 * @param cookie        the server's cookie; empty to ask for one, {@code null} for no option at all
 * @param experimental  the option is the experimental 254 of before RFC 7413
 * @param maxData       bytes of data the SYN may take along, 0 for none
 */
public record FastOpenSyn(byte[] cookie, boolean experimental, int maxData) {
    /** All that options may take up: middleboxes are known that add some (as Linux has it). */
    private static final int MAX_OPTIONS_LENGTH = 40;
    private static final byte[] EMPTY = {};

    /** A SYN that asks for a cookie (RFC 7413 section 4.2.1). */
    public static FastOpenSyn cookieRequest(boolean experimental) {
        return new FastOpenSyn(EMPTY, experimental, 0);
    }

    public boolean isCookieRequest() {
        return cookie != null && cookie.length == 0;
    }

    /**
     * A SYN with data.
     *
     * <p>Departs from RFC 7413 4.1.3: data to a server of unknown MSS is bounded by our own, not by 536 bytes, as in Linux. It is sent only
     * where the user has said that no cookie is needed, which is to say that the path is known.
     *
     * @param cookie   {@code null} where the server needs none
     * @param peerMss  as the server announced it last, 0 if it is not known
     */
    public static FastOpenSyn withData(byte[] cookie, boolean experimental, int peerMss, TcpConfig config, int linkMss) {
        int own = Handshake.announcedMss(config, linkMss);
        int mss = peerMss == 0 ? own : Math.min(own, peerMss);
        return new FastOpenSyn(cookie, experimental, Math.max(0, mss - MAX_OPTIONS_LENGTH));
    }
}
