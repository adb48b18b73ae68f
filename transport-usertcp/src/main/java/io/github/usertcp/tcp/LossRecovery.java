package io.github.usertcp.tcp;

/**
 * In which episode of recovery a connection is, and what it takes to end or undo it. What is lost is the {@link Scoreboard}'s, what follows
 * from an ACK or a timeout is written in {@link LossResponse}. The phases are those that Linux shows as {@code ca_state}:
 * <pre>
 *   OPEN       all is well
 *   DISORDER   something was acknowledged out of order, nothing is believed lost
 *   CWR        the window is being reduced although nothing was lost: a congestion mark, or a loss that a probe has repaired
 *   RECOVERY   something is lost: fast retransmit, RFC 6675 section 5
 *   LOSS       the retransmission timer expired: RFC 5681 section 3.1
 * </pre>
 */
final class LossRecovery {
    /** RFC 5681 section 3.2: three duplicate ACKs. */
    static final int DUPLICATE_THRESHOLD = 3;
    private static final long UNSET = -1;

    enum Phase {
        OPEN, DISORDER, CWR, RECOVERY, LOSS;

        boolean isRecovering() {
            return this == RECOVERY || this == LOSS;
        }

        /** The window goes down to ssthresh step by step. */
        boolean isReducing() {
            return this == CWR || this == RECOVERY;
        }
    }

    final ProportionalRateReduction reduction = new ProportionalRateReduction();

    private Phase phase = Phase.OPEN;
    private int duplicates;
    /** Highest sequence number sent when the episode began (RFC 6582 section 3.2). */
    private long recover;
    /** The first segment after a timeout goes out whatever the windows say (RFC 5681 section 3.1). */
    private boolean forced;
    private int timeouts;
    /** RFC 5682: whether the timeout was spurious is not decided yet. */
    private boolean timeoutInDoubt;
    private boolean newDataFirst;
    /** SND.UNA when the window was reduced, while that can still be undone; -1 if it cannot. */
    private long undoMarker = UNSET;
    /** Bytes sent again since then and not reported as duplicates; -1 before anything was. */
    private long undoBytes = UNSET;

    void start(long una) {
        phase = Phase.OPEN;
        recover = una - 1;
        duplicates = 0;
        undoMarker = UNSET;
    }

    Phase phase() {
        return phase;
    }

    long recover() {
        return recover;
    }

    /** Consecutive expiries of the retransmission timer without progress. */
    int timeouts() {
        return timeouts;
    }

    boolean isForced() {
        return forced;
    }

    boolean isTimeoutInDoubt() {
        return timeoutInDoubt;
    }

    /** RFC 5682 section 3.1, step 2b: new data rather than what is believed lost, to see whether the rest has arrived after all. */
    boolean isNewDataFirst() {
        return newDataFirst;
    }

    // ---- episodes, begun and ended by LossResponse

    void enter(Phase next, long nxt) {
        phase = next;
        recover = nxt;
        timeoutInDoubt = false;
        newDataFirst = false;
    }

    void timeout(SendSpace send, boolean inDoubt) {
        enter(Phase.LOSS, send.nxt());
        timeouts++;
        timeoutInDoubt = inDoubt;
        forced = true;
        duplicates = 0;
    }

    void disorder(boolean disorder) {
        phase = disorder ? Phase.DISORDER : Phase.OPEN;
    }

    /** The episode is over. {@code recover} stays, or duplicates of the copies would start another one. */
    void end() {
        phase = Phase.OPEN;
        forced = false;
        timeoutInDoubt = false;
        newDataFirst = false;
        duplicates = 0;
    }

    void timeoutDecided() {
        timeoutInDoubt = false;
        newDataFirst = false;
    }

    void newDataFirst(boolean first, long nxt) {
        newDataFirst = first;
        if (first) {
            recover = nxt;
        }
    }

    // ---- duplicate ACKs, where there is no SACK

    /** @return true if enough of them say that the first outstanding segment is lost */
    boolean duplicate(long una) {
        duplicates++;
        // RFC 6582 3.2 step 2: duplicates of what a timeout sent again must not start an episode; a mark sent nothing again.
        return duplicates == DUPLICATE_THRESHOLD && (phase == Phase.CWR || una > recover);
    }

    void forgetDuplicates() {
        duplicates = 0;
    }

    // ---- progress

    void advanced() {
        timeouts = 0;
    }

    /** The peer answers, but keeps its window closed: it lives, and may do so for ever (RFC 9293 section 3.8.6.1). */
    void peerHolds() {
        timeouts = 0;
    }

    /** Something was sent again. */
    void resent(int bytes) {
        forced = false;
        if (undoMarker != UNSET) {
            undoBytes = Math.max(0, undoBytes) + bytes;
        }
    }

    // ---- undo

    /** The window is about to be reduced, and everything sent again from now on must prove unnecessary to undo that. */
    void markForUndo(long una, long copiesInFlight) {
        undoMarker = una;
        undoBytes = copiesInFlight > 0 ? copiesInFlight : UNSET;
    }

    /** The peer reports {@code [from, to)} as received twice (RFC 2883). */
    void duplicateSack(long from, long to) {
        if (undoMarker != UNSET && undoBytes > 0 && to > undoMarker) {
            undoBytes = Math.max(0, undoBytes - (to - Math.max(from, undoMarker)));
        }
    }

    /** Everything that was sent again arrived twice: nothing had been lost (RFC 3708 section 3). */
    boolean isProvedSpurious() {
        return undoMarker != UNSET && undoBytes == 0;
    }

    boolean mayUndo() {
        return undoMarker != UNSET;
    }

    /** What is lost now was not lost to congestion, and no reduction of the window follows that could be undone. */
    void forgetUndo() {
        undoMarker = UNSET;
    }

    void undone() {
        undoMarker = UNSET;
        timeouts = 0;
    }

    void checkInvariants(SendSpace send) {
        assert recover <= send.nxt() : "recover " + recover + " > nxt " + send.nxt();
        assert undoMarker <= send.una() : "undo marker " + undoMarker + " > una " + send.una();
    }
}
