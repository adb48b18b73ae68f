package io.github.usertcp.tcp;

/** How the two directions end: who asked for it, and whether the FINs have passed. */
final class StreamEnds {
    private static final long UNKNOWN = -1;

    private boolean outputShut;
    private boolean finSent;
    private boolean abandoned;
    private long peerFin = UNKNOWN;
    private boolean inputEnded;

    /** The user sends no more: a FIN follows the last byte. */
    void shutOutput() {
        outputShut = true;
    }

    boolean isOutputShut() {
        return outputShut;
    }

    void finSent() {
        finSent = true;
    }

    boolean isFinSent() {
        return finSent;
    }

    boolean finPending() {
        return outputShut && !finSent;
    }

    /** The user has closed: nobody reads any more. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** A FIN with this sequence number was seen, in order or not. The first one seen counts. */
    void peerFinAt(long sequence) {
        if (peerFin == UNKNOWN) {
            peerFin = sequence;
        }
    }

    /** True if the peer's FIN stands at {@code nxt}: everything before it has arrived. */
    boolean isPeerFinNext(long nxt) {
        return peerFin == nxt && !inputEnded;
    }

    /** Sequence number beyond which there can be no data, {@link Long#MAX_VALUE} while unknown. */
    long inputLimit() {
        return peerFin == UNKNOWN ? Long.MAX_VALUE : peerFin;
    }

    /** The peer's FIN was taken in its turn. */
    void endInput() {
        inputEnded = true;
    }

    boolean isInputEnded() {
        return inputEnded;
    }
}
