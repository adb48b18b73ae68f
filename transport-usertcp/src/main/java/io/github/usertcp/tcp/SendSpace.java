package io.github.usertcp.tcp;

/**
 * The send sequence space of RFC 9293 section 3.3.1, with 64-bit numbers.
 *
 * <pre>
 *        acknowledged     |   outstanding    |  may be sent   | not yet
 *   iss --------------- una --------------- nxt ---------- una + wnd
 * </pre>
 * {@code nxt} is the highest number ever sent and never goes back, but for data that a SYN carried in vain; what is sent again is the
 * business of {@link LossRecovery}.
 */
final class SendSpace {
    private long iss;
    private long una;
    private long nxt;
    private long wnd;
    private long maxWnd;
    private long wl1;
    private long wl2;

    void start(int wireIss) {
        iss = SequenceNumbers.first(wireIss);
        una = iss;
        nxt = iss;
        maxWnd = 0; // of an earlier peer, when LISTEN was returned to
    }

    void advanceTo(long newNxt) {
        nxt = Math.max(nxt, newNxt);
    }

    void acknowledge(long upTo) {
        una = upTo;
    }

    /** The peer has taken the SYN without the data from this number on: it counts as never sent (RFC 7413 section 4.2.2). */
    void refused(long from) {
        nxt = from;
    }

    /** Takes a window from a segment without comparing: the handshake's own, which nothing can have preceded. */
    void initialWindow(long window, long seq, long ack) {
        wnd = window;
        maxWnd = Math.max(maxWnd, window);
        wl1 = seq;
        wl2 = ack;
    }

    /**
     * RFC 9293 section 3.10.7.4, the SND.WL1/WL2 rule: a reordered old
     * segment must not change the window. Called before {@link #acknowledge}.
     *
     * <p>Departs from RFC 9293 3.10.7.4: a segment that acknowledges something new always sets the
     * window, as in Linux. A retransmission has an old sequence number and a new ACK; by the RFC's
     * letter SND.UNA would move on and carry a window along that was meant for where it stood before.
     *
     * @return true if the segment's window differs from the one in force before
     */
    boolean updateWindow(long window, long seq, long ack) {
        boolean differs = window != wnd;
        if (ack > una || wl1 < seq || wl1 == seq && wl2 <= ack) {
            initialWindow(window, Math.max(wl1, seq), ack);
        }
        return differs;
    }

    long iss() {
        return iss;
    }

    long una() {
        return una;
    }

    long nxt() {
        return nxt;
    }

    long wnd() {
        return wnd;
    }

    /** Largest window the peer ever offered (RFC 5961 section 5.2, RFC 9293 section 3.8.6.2.1). */
    long maxWnd() {
        return maxWnd;
    }

    /** Sequence numbers sent and not acknowledged, SYN and FIN included. */
    long outstanding() {
        return nxt - una;
    }

    /** What the peer's window still has room for; never negative, also when the peer has shrunk it. */
    long usableWindow() {
        return Math.max(0, una + wnd - nxt);
    }

    void checkInvariants() {
        assert iss <= una : "iss " + iss + " > una " + una;
        assert una <= nxt : "una " + una + " > nxt " + nxt;
        assert wnd >= 0 && wnd <= maxWnd : "wnd " + wnd + ", largest " + maxWnd;
    }
}
