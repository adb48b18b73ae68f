package io.github.usertcp.tcp;

/**
 * The part TCP Fast Open plays in one connection (RFC 7413): none in most. In an active open, what the first SYN is to carry and what came
 * of it; in a connection that a SYN opened all by itself, what its handshake still owes. {@link FastOpenClient} and {@link FastOpenServer}
 * have the steps.
 */
final class FastOpen {
    // Active open.
    private FastOpenSyn offer;
    private boolean optionSent;
    private boolean experimental;
    private int synBytes;
    private FastOpenOutcome outcome;

    // Passive open.
    private boolean opened;
    private boolean awaitingThird;
    private boolean accepted;
    private byte[] answer;
    private boolean answerExperimental;
    private long synAckSentNanos;
    private int synAcks;
    private int synAckTimeouts;

    /** Both: data on the SYN has reached the application at the other end, or here. */
    private boolean synDataTaken;

    // ---- active open

    void offer(FastOpenSyn syn) {
        offer = syn;
    }

    /** What the SYN that leaves now is to carry: something once at most, {@code null} on a retransmission. */
    FastOpenSyn takeOffer() {
        FastOpenSyn taken = offer;
        offer = null;
        return taken;
    }

    int synDataRoom() {
        return offer == null ? 0 : offer.maxData();
    }

    void synLeft(FastOpenSyn sent, int dataBytes) {
        optionSent = sent.cookie() != null;
        experimental = sent.experimental();
        synBytes = dataBytes;
    }

    /** The SYN carried the option or data. */
    boolean isTried() {
        return optionSent || synBytes > 0;
    }

    boolean isOptionSent() {
        return optionSent;
    }

    boolean isExperimental() {
        return experimental;
    }

    /** Data bytes on our SYN. */
    int synBytes() {
        return synBytes;
    }

    void outcome(FastOpenOutcome learned, boolean dataTaken) {
        outcome = learned;
        synDataTaken = dataTaken;
    }

    FastOpenOutcome outcome() {
        return outcome;
    }

    // ---- passive open

    /** A SYN with a valid cookie has made this connection; its data, if any, is on its way to the application. */
    void openedBySyn(boolean withData) {
        opened = true;
        awaitingThird = true;
        synDataTaken = withData;
    }

    /** The connection came into being with the SYN. Our own SYN has no place in its send space: that begins behind it, acknowledged. */
    boolean isOpenedBySyn() {
        return opened;
    }

    /** The peer has not yet shown that it hears us; the retransmission timer belongs to the SYN-ACK. */
    boolean isAwaitingThird() {
        return awaitingThird;
    }

    /** The application has taken the connection. */
    void accepted() {
        accepted = true;
    }

    /** Neither the peer nor the application has laid hands on the connection yet. */
    boolean isUnclaimed() {
        return awaitingThird && !accepted;
    }

    void answerWith(byte[] cookie, boolean inExperiment) {
        answer = cookie;
        answerExperimental = inExperiment;
    }

    /** The cookie for the SYN-ACK that leaves now, {@code null} for none: it goes out once. */
    byte[] takeAnswer() {
        byte[] taken = answer;
        answer = null;
        return taken;
    }

    boolean isAnswerExperimental() {
        return answerExperimental;
    }

    void synAckLeft(long nowNanos) {
        synAcks++;
        synAckSentNanos = nowNanos;
    }

    /** SYN-ACKs sent so far. */
    int synAcks() {
        return synAcks;
    }

    /** When the last one left. */
    long synAckSentNanos() {
        return synAckSentNanos;
    }

    /** Counts an expiry of the SYN-ACK's timer. */
    void synAckTimedOut() {
        synAckTimeouts++;
    }

    int synAckTimeouts() {
        return synAckTimeouts;
    }

    void thirdArrived() {
        awaitingThird = false;
        answer = null;
    }

    // ---- both

    boolean isSynDataTaken() {
        return synDataTaken;
    }

    void checkInvariants(SendSpace send, TcpState state) {
        assert !awaitingThird || opened : "awaiting a third segment of an ordinary handshake";
        boolean handshaking = state == TcpState.SYN_RECEIVED || state == TcpState.FIN_WAIT_1;
        boolean over = state == TcpState.CLOSED;
        assert !awaitingThird || over || handshaking : "awaiting the third segment in " + state;
        assert !opened || over || send.una() > send.iss() : "our SYN is outstanding in a connection opened by a SYN";
    }
}
