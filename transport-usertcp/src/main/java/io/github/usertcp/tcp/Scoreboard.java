package io.github.usertcp.tcp;

/**
 * What has become of the bytes that are outstanding. The idea: bytes leave in the order of their numbers, so what is lost of their first
 * transmissions is everything up to one point that the peer has not acknowledged selectively; and they are sent again in the same order,
 * so what has been sent again is everything up to another. Two points and a set of ranges tell all of it:
 * <pre>
 *   una ------------- nextResend ------------- lostEnd ------------- nxt
 *        sent again                 lost                in flight            each less what is sacked
 *
 *   in flight = outstanding - sacked - lost + resent
 * </pre>
 * Only copies that are lost in their turn break the order; they are a set of ranges of their own. All sums are kept as counters. Without
 * SACK the ranges are empty, and {@code left} counts what duplicate ACKs say has left the network (RFC 6582's inflation of the window).
 *
 * <p>Source: RFC 6675 sections 3 and 4 for the notions; the marks of the classic design, one a segment, would cost their number per ACK.
 */
final class Scoreboard {
    /**
     * CVE-2019-11478: a peer must not make us keep a range for every other byte. An honest one may have thousands: where slow start
     * overruns a long queue, every second segment of a window is lost, and what is not remembered here is sent again a timeout later.
     */
    private static final int MAX_RANGES = 4096;

    private final SequenceRanges sacked = new SequenceRanges(MAX_RANGES);
    /** There is a hole for every range, and where some of its copies are lost and others in flight it falls into pieces. */
    private final SequenceRanges lostAgain = new SequenceRanges(2 * MAX_RANGES);
    private long lostEnd;
    private long nextResend;
    /** Where {@link #nextResend} has ever been: copies stay in the network when a timeout or an undo begins anew. */
    private long everResent;
    private long lost;
    private long resent;
    private long left;
    /** End of the highest range sacked, or SND.UNA if that is higher. */
    private long highestDelivered;

    void start(long una) {
        sacked.clear();
        lostAgain.clear();
        lostEnd = una;
        nextResend = una;
        everResent = una;
        lost = 0;
        resent = 0;
        left = 0;
        highestDelivered = una;
    }

    // ---- what arrived

    /** The range is acknowledged selectively; whether it fits has been asked. */
    void sack(long from, long to) {
        delivered(from, to);
        sacked.add(from, to);
        highestDelivered = Math.max(highestDelivered, to);
    }

    boolean hasRoomFor(long from, long to) {
        return sacked.hasRoomFor(from, to);
    }

    /** Everything before {@code upTo} is acknowledged; SND.UNA is still what it was. */
    void acknowledge(SendSpace send, long upTo) {
        long una = send.una();
        delivered(una, upTo);
        sacked.remove(una, upTo);
        lostEnd = Math.max(lostEnd, upTo);
        nextResend = Math.max(nextResend, upTo);
        highestDelivered = Math.max(highestDelivered, upTo);
        left = Math.min(left, send.nxt() - lostEnd);
    }

    /** Takes those bytes of {@code [from, to)} that are not sacked out of all counts. */
    private void delivered(long from, long to) {
        if (from < lostEnd) {
            lost -= holesIn(from, Math.min(to, lostEnd));
        }
        if (from < nextResend) {
            long end = Math.min(to, nextResend);
            resent -= holesIn(from, end) - lostAgain.remove(from, end);
        }
    }

    /** Without SACK: a duplicate ACK says that a segment has left; never all that is outstanding, or nothing would be repeated. */
    void duplicate(SendSpace send, int smss) {
        left = Math.min(left + smss, Math.max(0, send.nxt() - Math.max(send.una() + smss, lostEnd)));
    }

    /** Without SACK: of what was acknowledged, so much had been counted as having left before. */
    void forgetLeft(long bytes) {
        left = Math.max(0, left - bytes);
    }

    void forgetLeft() {
        left = 0;
    }

    /** The peer has thrown away what it had acknowledged selectively (RFC 2018 section 8): everything is outstanding again. */
    void renege(long una) {
        sacked.clear();
        loseNothing(una);
        highestDelivered = una;
    }

    // ---- what is lost

    /**
     * First transmissions up to {@code upTo} are lost.
     *
     * @return bytes newly lost
     */
    long lose(long upTo, long nxt) {
        if (upTo <= lostEnd) {
            return 0;
        }
        long newly = holesIn(lostEnd, upTo);
        lost += newly;
        lostEnd = upTo;
        left = Math.min(left, Math.max(0, nxt - lostEnd));
        return newly;
    }

    /** True if of the copies of {@code [from, to)} one has neither arrived nor been found lost. Ends at the first such. */
    boolean hasCopies(long from, long to) {
        long end = Math.min(to, nextResend);
        long at = from;
        while (at < end) {
            long next = lostAgain.skip(sacked.skip(at));
            if (next == at) {
                return true;
            }
            at = next;
        }
        return false;
    }

    /**
     * The copies in {@code [from, to)} are lost.
     *
     * @return bytes newly lost, -1 if there is no room to remember it
     */
    long loseCopies(long from, long to) {
        long end = Math.min(to, nextResend);
        long newly = 0;
        long at = from;
        while (at < end) {
            long hole = sacked.skip(at);
            long holeEnd = sacked.nextStart(hole, end);
            if (hole < holeEnd) {
                if (!lostAgain.hasRoomFor(hole, holeEnd)) {
                    return -1;
                }
                long before = lostAgain.bytes();
                lostAgain.add(hole, holeEnd);
                long added = lostAgain.bytes() - before;
                resent -= added;
                newly += added;
            }
            at = Math.max(holeEnd, hole);
        }
        return newly;
    }

    /** After a timeout nothing that was sent again is believed to be in flight. */
    void loseAllCopies(long una) {
        lostAgain.clear();
        nextResend = una;
        resent = 0;
    }

    /** Nothing was lost after all. */
    void loseNothing(long una) {
        lostAgain.clear();
        lostEnd = una;
        nextResend = una;
        lost = 0;
        resent = 0;
        left = 0;
    }

    // ---- what to send again

    boolean hasLost() {
        return !lostAgain.isEmpty() || lost > resent + lostAgain.bytes();
    }

    /** Where the next thing to send again begins; only while {@link #hasLost}. */
    long nextLost() {
        return lostAgain.isEmpty() ? sacked.skip(nextResend) : lostAgain.firstStart();
    }

    /** Where what begins at {@link #nextLost} ends. */
    long nextLostEnd() {
        return lostAgain.isEmpty() ? sacked.nextStart(sacked.skip(nextResend), lostEnd) : lostAgain.firstEnd();
    }

    /** What begins at {@link #nextLost} was sent again up to {@code upTo}. */
    void resent(long upTo) {
        if (!lostAgain.isEmpty()) {
            long from = lostAgain.firstStart();
            resent += lostAgain.remove(from, upTo);
            return;
        }
        resent += holesIn(nextResend, upTo);
        nextResend = upTo;
        everResent = Math.max(everResent, upTo);
    }

    // ---- reading

    long pipe(SendSpace send) {
        return Math.max(0, send.outstanding() - sacked.bytes() - lost + resent - left);
    }

    SequenceRanges sacked() {
        return sacked;
    }

    /** Searches for ranges so far; wraps. What an ACK may cost is told by it without a clock. */
    int searches() {
        return sacked.searches() + lostAgain.searches();
    }

    long sackedBytes() {
        return sacked.bytes() + left;
    }

    long lostBytes() {
        return lost;
    }

    long resentBytes() {
        return resent;
    }

    long lostEnd() {
        return lostEnd;
    }

    /** Everything before it that is not sacked has been sent again. */
    long nextResend() {
        return nextResend;
    }

    /** Everything before it that is not sacked has been sent again, in this episode or in one before. */
    long everResent() {
        return everResent;
    }

    long highestDelivered() {
        return highestDelivered;
    }

    private long holesIn(long from, long to) {
        return to - from - sacked.bytesIn(from, to);
    }

    void checkInvariants(SendSpace send) {
        sacked.checkInvariants(send.una(), send.nxt());
        lostAgain.checkInvariants(send.una() - 1, nextResend);
        assert send.una() <= nextResend && nextResend <= lostEnd && lostEnd <= send.nxt()
            : "una " + send.una() + ", next resend " + nextResend + ", lost end " + lostEnd + ", nxt " + send.nxt();
        assert lost == holesIn(send.una(), lostEnd) : "lost " + lost + ", holes " + holesIn(send.una(), lostEnd);
        long copies = holesIn(send.una(), nextResend) - lostAgain.bytes();
        assert resent == copies : "resent " + resent + ", holes sent again less those lost again " + copies;
        assert left >= 0 && left <= send.nxt() - lostEnd : left + " bytes left a network that holds " + (send.nxt() - lostEnd);
        assert sacked.isEmpty() || left == 0 : "duplicates counted beside SACK";
        assert sacked.size() <= MAX_RANGES && sacked.bytes() + lost <= send.outstanding() : sacked.bytes() + " sacked, " + lost + " lost";
    }
}
