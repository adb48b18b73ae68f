package io.github.usertcp.tcp;

/**
 * What is believed lost, and how much is believed to be in the network. The idea (RFC 6582, told in the words of RFC 6675's pipe):
 * each duplicate ACK says that one segment has left the network, the third that the first outstanding one is lost; an ACK that
 * covers only part of what was outstanding then says that the next one is lost too. After a timeout everything outstanding is.
 *
 * <p>Without selective acknowledgments what is lost is always a prefix of what is outstanding:
 * <pre>
 *   una ---- resent ---- nextRetransmission ---- lost ---- lostEnd ---- in flight or left the network ---- nxt
 *
 *   pipe = outstanding - lost + resent - bytes that duplicate ACKs say have left
 * </pre>
 * New data is sent while pipe &lt; cwnd. That is RFC 5681 section 3.2's inflated window, written on the other side of the comparison:
 * cwnd itself is the congestion control's and nobody inflates it. It is also limited transmit (RFC 3042), which falls out by itself.
 */
final class LossRecovery {
    /** RFC 5681 section 3.2: three duplicate ACKs. */
    static final int DUPLICATE_THRESHOLD = 3;

    enum Phase { OPEN, FAST_RECOVERY, AFTER_TIMEOUT }

    private Phase phase = Phase.OPEN;
    private int duplicates;
    private long leftNetwork;
    private long lostEnd;
    private long nextRetransmission;
    /** Highest sequence number sent when the episode began (RFC 6582 section 3.2). */
    private long recover;
    /** The first segment of an episode goes out whatever the pipe says (RFC 5681 section 3.2, step 3). */
    private boolean forced;
    private int timeouts;

    void start(long una) {
        lostEnd = una;
        nextRetransmission = una;
        recover = una - 1;
    }

    Phase phase() {
        return phase;
    }

    /** Consecutive expiries of the retransmission timer without progress. */
    int timeouts() {
        return timeouts;
    }

    /**
     * A duplicate ACK (RFC 5681 section 2) arrived.
     *
     * @return true if it begins a recovery episode
     */
    boolean duplicate(SendSpace send, int smss) {
        if (phase == Phase.AFTER_TIMEOUT) {
            return false;
        }
        duplicates++;
        // One segment must still be missing, or nothing would be repeated.
        leftNetwork = Math.min(leftNetwork + smss, Math.max(0, send.nxt() - Math.max(send.una() + smss, lostEnd)));
        // RFC 6582 3.2 step 2: duplicates of what a timeout sent again must not start an episode.
        if (phase == Phase.OPEN && duplicates == DUPLICATE_THRESHOLD && send.una() > recover) {
            phase = Phase.FAST_RECOVERY;
            recover = send.nxt();
            loseHead(send, smss);
            return true;
        }
        return false;
    }

    /**
     * {@code acked} new bytes were acknowledged; {@code send.una()} is past them already.
     *
     * @return true if that ends a recovery episode
     */
    boolean acknowledged(SendSpace send, long acked, int smss) {
        long una = send.una();
        timeouts = 0;
        lostEnd = Math.max(lostEnd, una);
        nextRetransmission = Math.max(nextRetransmission, una);
        if (phase == Phase.OPEN) {
            forgetDuplicates();
            return false;
        }
        if (una >= recover) {
            boolean fast = phase == Phase.FAST_RECOVERY;
            phase = Phase.OPEN;
            forgetDuplicates();
            return fast;
        }
        if (phase == Phase.FAST_RECOVERY) {
            // RFC 6582 3.2 step 3, partial acknowledgment: of what was acked one segment had been resent, the others had left before.
            leftNetwork = Math.max(0, leftNetwork - Math.max(0, acked - smss));
            loseHead(send, smss);
        }
        return false;
    }

    /** The retransmission timer expired: all that is outstanding is taken for lost (RFC 5681 section 3.1, RFC 6582 section 4). */
    void timeout(SendSpace send) {
        phase = Phase.AFTER_TIMEOUT;
        timeouts++;
        recover = send.nxt();
        lostEnd = send.nxt();
        nextRetransmission = send.una();
        forgetDuplicates();
        forced = true;
    }

    /**
     * Nothing was lost after all: nothing more is sent again. {@code recover}
     * stays, or duplicates of the copies would start another episode.
     */
    void undo(SendSpace send) {
        phase = Phase.OPEN;
        timeouts = 0;
        lostEnd = send.una();
        nextRetransmission = send.una();
        forced = false;
        forgetDuplicates();
    }

    /** The peer answers, but keeps its window closed: it lives, and may do so for ever (RFC 9293 section 3.8.6.1). */
    void peerHolds() {
        timeouts = 0;
    }

    private void loseHead(SendSpace send, int smss) {
        lostEnd = Math.max(lostEnd, Math.min(send.una() + smss, send.nxt()));
        nextRetransmission = send.una();
        leftNetwork = Math.min(leftNetwork, send.nxt() - lostEnd);
        forced = true;
    }

    private void forgetDuplicates() {
        duplicates = 0;
        leftNetwork = 0;
    }

    boolean hasLost() {
        return nextRetransmission < lostEnd;
    }

    long nextRetransmission() {
        return nextRetransmission;
    }

    long lostEnd() {
        return lostEnd;
    }

    /** True until the first retransmission after a loss was detected has left. */
    boolean isForced() {
        return forced;
    }

    /** Everything before {@code upTo} has been sent again. */
    void resent(long upTo) {
        nextRetransmission = upTo;
        forced = false;
    }

    /** Bytes believed to be in the network. */
    long pipe(SendSpace send) {
        long lost = lostEnd - send.una();
        long resent = nextRetransmission - send.una();
        return Math.max(0, send.outstanding() - lost + Math.min(resent, lost) - leftNetwork);
    }

    long lostBytes(SendSpace send) {
        return lostEnd - send.una();
    }

    long resentBytes(SendSpace send) {
        return Math.min(nextRetransmission, lostEnd) - send.una();
    }

    void checkInvariants(SendSpace send) {
        assert send.una() <= lostEnd && lostEnd <= send.nxt() : "lostEnd " + lostEnd + " outside of " + send.una() + " to " + send.nxt();
        assert send.una() <= nextRetransmission && nextRetransmission <= send.nxt() : "next retransmission " + nextRetransmission;
        assert leftNetwork >= 0 && leftNetwork <= send.nxt() - lostEnd
            : leftNetwork + " bytes left a network that holds " + (send.nxt() - lostEnd);
        assert recover <= send.nxt() : "recover " + recover + " > nxt " + send.nxt();
    }
}
