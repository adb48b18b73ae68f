package io.github.usertcp.tcp;

/**
 * Loss detection by time. The idea: when something has arrived, everything that left sufficiently earlier must have arrived too, or is
 * lost. "Sufficiently" is a part of the round trip that grows when the path proves to reorder, and nothing at all while it has never
 * reordered and three segments' worth has arrived beyond the hole. Copies are judged like first transmissions, so that a lost
 * retransmission is found without a timeout.
 *
 * <p>Source: RFC 8985 sections 5 and 6. Times are nanoseconds. Times of departure and arrival are those of the caller's clock.
 * <pre>
 *   lost      sent before the newest that arrived, and more than RTT + window ago         (6.2 step 5)
 *   window    0                         three segments sacked, or recovering, and no reordering seen
 *             min(steps * minRTT/4, SRTT)  else; steps grows by one a round trip with a D-SACK, back to one after 16 recoveries
 * </pre>
 */
final class Rack {
    /** Nothing to wait for. */
    static final long NONE = -1;
    private static final int DUPLICATE_THRESHOLD = 3;
    /** RFC 8985 section 6.2 step 4: after so many recoveries without a D-SACK the window is the initial one again. */
    private static final int PERSISTENCE = 16;
    private static final int MAX_STEPS = 255;

    private long xmitNanos = Delivery.UNTIMED;
    private long end;
    private long rttNanos;
    private long reorderings;
    private int windowSteps = 1;
    private int persist;
    /** The window was widened, and is not widened again before this is acknowledged. */
    private long duplicateSackRound = NONE;
    /** Longest distance, in segments, by which something was overtaken. */
    private int reordering = DUPLICATE_THRESHOLD;

    /** Step 2: what arrived becomes the reference if it left after the one before. */
    void update(Delivery delivery, long nowNanos) {
        if (!delivery.isTimed()) {
            return;
        }
        rttNanos = Math.max(0, nowNanos - delivery.sentNanos());
        boolean later = xmitNanos == Delivery.UNTIMED || delivery.sentNanos() > xmitNanos
            || delivery.sentNanos() == xmitNanos && delivery.end() > end;
        if (later) {
            xmitNanos = delivery.sentNanos();
            end = delivery.end();
        }
    }

    /** Step 3: something arrived behind what had left after it. */
    void reordered(long distanceBytes, int smss) {
        reorderings++;
        reordering = (int) Math.max(reordering, Math.min(300, distanceBytes / smss + 1));
    }

    /** Step 4: a segment was sent again for nothing; the window is too small. Widened once a round trip. */
    void duplicateSack(SendSpace send) {
        if (duplicateSackRound == NONE || send.una() >= duplicateSackRound) {
            duplicateSackRound = send.nxt();
            windowSteps = Math.min(MAX_STEPS, windowSteps + 1);
            persist = PERSISTENCE;
        }
    }

    void recoveryEnded() {
        if (persist > 0 && --persist == 0) {
            windowSteps = 1;
        }
    }

    boolean hasSample() {
        return xmitNanos != Delivery.UNTIMED;
    }

    boolean isReorderingSeen() {
        return reorderings > 0;
    }

    /** How often something arrived out of order that was not lost. */
    long reorderings() {
        return reorderings;
    }

    int reordering() {
        return reordering;
    }

    int windowSteps() {
        return windowSteps;
    }

    /** How much later than the reference something may arrive. */
    long windowNanos(Tcb tcb) {
        if (reorderings == 0) {
            boolean recovering = tcb.recovery.phase().isRecovering();
            if (recovering || tcb.scoreboard.sackedBytes() >= (long) DUPLICATE_THRESHOLD * tcb.smss()) {
                return 0;
            }
        }
        long srtt = Math.max(0, tcb.rtt.srttNanos());
        return Math.min(Math.max(0, tcb.rtt.minRttNanos()) / 4 * windowSteps, srtt);
    }

    /**
     * Step 5: finds what is lost by {@code nowNanos}, and tells the scoreboard.
     *
     * @return in how many nanoseconds more may be, {@link #NONE} if there is nothing to wait for
     */
    long detect(Tcb tcb, Delivery delivery, long nowNanos) {
        if (!hasSample()) {
            return NONE;
        }
        long patience = rttNanos + windowNanos(tcb);
        long copies = detectCopies(tcb, delivery, nowNanos - patience);
        long originals = detectOriginals(tcb, delivery, nowNanos - patience);
        if (copies == NONE || originals == NONE) {
            return Math.max(copies, originals);
        }
        return Math.min(copies, originals);
    }

    /** First transmissions, in the order they left, up to the first that is new enough. */
    private long detectOriginals(Tcb tcb, Delivery delivery, long lostIfSentBefore) {
        Scoreboard board = tcb.scoreboard;
        TransmissionRing ring = tcb.records.firstSent();
        long nxt = tcb.send.nxt();
        while (true) {
            long hole = board.sacked().skip(board.lostEnd());
            if (hole >= nxt) {
                return NONE;
            }
            int row = ring.find(hole);
            long sent = ring.sentNanos(row);
            if (!isBeforeReference(sent, hole)) {
                return NONE;
            }
            if (sent > lostIfSentBefore) {
                return sent - lostIfSentBefore;
            }
            long newest = sent == xmitNanos ? sent : Math.min(lostIfSentBefore, xmitNanos - 1);
            long upTo = ring.to(ring.lastSentBy(newest, row));
            if (sent == xmitNanos) {
                upTo = Math.min(upTo, end);
            }
            delivery.lost(board.lose(upTo, nxt));
        }
    }

    private long detectCopies(Tcb tcb, Delivery delivery, long lostIfSentBefore) {
        TransmissionRing copies = tcb.records.copies();
        while (!copies.isEmpty()) {
            long from = Math.max(copies.from(0), tcb.send.una());
            long to = copies.to(0);
            if (tcb.scoreboard.hasCopies(from, to)) {
                if (!isBeforeReference(copies.sentNanos(0), from)) {
                    return NONE;
                }
                if (copies.sentNanos(0) > lostIfSentBefore) {
                    return copies.sentNanos(0) - lostIfSentBefore;
                }
                long newly = tcb.scoreboard.loseCopies(from, to);
                if (newly < 0) {
                    return NONE; // the retransmission timer will have to do
                }
                delivery.lost(newly);
            }
            copies.forgetOldest();
        }
        return NONE;
    }

    private boolean isBeforeReference(long sent, long sequence) {
        return sent < xmitNanos || sent == xmitNanos && sequence < end;
    }

    /** RFC 8985 section 6.3: on a timeout the first segment is lost, and of the others those that RACK would give up. */
    void detectOnTimeout(Tcb tcb, Delivery delivery, long nowNanos) {
        long nxt = tcb.send.nxt();
        long head = Math.min(tcb.send.una() + tcb.smss(), nxt);
        delivery.lost(tcb.scoreboard.lose(head, nxt));
        long lostIfSentBefore = nowNanos - rttNanos - windowNanos(tcb);
        TransmissionRing ring = tcb.records.firstSent();
        int row = ring.find(tcb.scoreboard.lostEnd());
        if (row != TransmissionRing.NONE && ring.sentNanos(row) <= lostIfSentBefore) {
            delivery.lost(tcb.scoreboard.lose(ring.to(ring.lastSentBy(lostIfSentBefore, row)), nxt));
        }
    }
}
