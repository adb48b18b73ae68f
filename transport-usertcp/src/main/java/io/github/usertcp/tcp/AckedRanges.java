package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/**
 * Turns the acknowledgment field and the SACK blocks of a segment into marks on the {@link Scoreboard}, and gathers in {@link Delivery}
 * what that delivered. Costs a binary search a block and what is new in it: what was sacked before is skipped as a whole.
 */
final class AckedRanges {
    private static final int MAX_MIXED_COPIES = 64;

    private AckedRanges() {
    }

    /** Everything up to {@code ack} is acknowledged; SND.UNA is still what it was. */
    static void cumulative(Tcb tcb, long ack) {
        holes(tcb, tcb.send.una(), ack, false);
        tcb.scoreboard.acknowledge(tcb.send, ack);
    }

    /** RFC 2018 section 5 and RFC 2883 section 4. SND.UNA has been advanced already. */
    static void selective(Tcb tcb, TcpSegment segment) {
        int count = tcb.negotiated.sack() ? segment.sackBlockCount() : 0;
        long una = tcb.send.una();
        for (int i = 0; i < count; i++) {
            long from = SequenceNumbers.unwrap(segment.sackLeft(i), una);
            long to = SequenceNumbers.unwrap(segment.sackRight(i), una);
            if (i == 0 && isDuplicate(tcb, segment, from, to)) {
                duplicate(tcb, from, to);
            } else if (una < from && from < to && to <= tcb.send.nxt()) {
                block(tcb, from, to);
            }
        }
    }

    /** RFC 2883 section 4: the first block reports a duplicate if it lies below the ACK, or within the second one. */
    private static boolean isDuplicate(Tcb tcb, TcpSegment segment, long from, long to) {
        if (from >= to) {
            return false;
        }
        if (to <= tcb.send.una()) {
            return true;
        }
        if (segment.sackBlockCount() < 2) {
            return false;
        }
        long secondFrom = SequenceNumbers.unwrap(segment.sackLeft(1), tcb.send.una());
        long secondTo = SequenceNumbers.unwrap(segment.sackRight(1), tcb.send.una());
        return secondFrom <= from && to <= secondTo;
    }

    private static void duplicate(Tcb tcb, long from, long to) {
        if (to > tcb.send.nxt() || from <= tcb.send.una() - tcb.send.maxWnd() || from <= tcb.send.iss()) {
            return; // of nothing we have sent lately
        }
        tcb.counters.duplicateSacks++;
        tcb.tail.duplicateSack(from, to);
        tcb.recovery.duplicateSack(from, to);
        tcb.rack.duplicateSack(tcb.send);
    }

    /**
     * A block, cut inward to whole segments as they were sent. A peer that acknowledges every other byte must not make us
     * send the bytes between (CVE-2019-11478), and one that honestly has half a segment will have the other half soon.
     */
    private static void block(Tcb tcb, long left, long right) {
        if (tcb.scoreboard.sacked().contains(left, right)) {
            return; // each is reported three times at least (RFC 2018 section 4)
        }
        TransmissionRing ring = tcb.records.firstSent();
        int smss = tcb.smss();
        int row = ring.find(left);
        long into = left - ring.from(row);
        long from = Math.min(ring.to(row), ring.from(row) + (into + smss - 1) / smss * smss);
        if (tcb.pathMtu.wasResizedBehind(left)) {
            from = left; // sent in segments of another size, or again from anywhere: the peer knows best where they began
        }
        row = ring.find(right - 1);
        into = right - ring.from(row);
        long to = right == ring.to(row) || tcb.pathMtu.wasResizedBehind(right - 1) ? right : ring.from(row) + into / smss * smss;
        if (from < to && tcb.scoreboard.hasRoomFor(from, to)) {
            holes(tcb, from, to, true);
            tcb.scoreboard.sack(from, to);
        }
    }

    /** Those parts of the range that nothing was known of before. */
    private static void holes(Tcb tcb, long from, long to, boolean selectively) {
        SequenceRanges sacked = tcb.scoreboard.sacked();
        long at = from;
        while (at < to) {
            long hole = sacked.skip(at);
            long end = sacked.nextStart(hole, to);
            if (hole < end) {
                delivered(tcb, hole, end, selectively);
            }
            at = Math.max(hole, end);
        }
    }

    private static void delivered(Tcb tcb, long from, long to, boolean selectively) {
        tcb.delivery.add(to - from, selectively);
        long resentEnd = tcb.scoreboard.nextResend();
        if (from < resentEnd) {
            copies(tcb, from, Math.min(to, resentEnd), selectively);
        }
        // Of copies made before a timeout, or before an undo, there is no record: they time nothing and prove nothing.
        long once = Math.max(resentEnd, tcb.scoreboard.everResent());
        if (!selectively && from < once && to > resentEnd) {
            tcb.delivery.addAmbiguous();
        }
        if (to > once) {
            originals(tcb, Math.max(from, once), to, selectively);
        }
    }

    /** Sent once, unless a tail loss probe has sent it again. */
    private static void originals(Tcb tcb, long from, long to, boolean selectively) {
        TailLossProbe tail = tcb.tail;
        if (!tail.copied(from, to)) {
            sentOnce(tcb, from, to, selectively);
            return;
        }
        long copyEnd = Math.min(to, tail.copyEnd());
        if (!selectively) {
            tcb.delivery.addAmbiguous();
        }
        if (tcb.delivery.isBelievable(tail.sentNanos())) {
            tcb.delivery.probe(tail.sentNanos(), copyEnd);
        }
        if (from < tail.from()) {
            sentOnce(tcb, from, tail.from(), selectively);
        }
        if (copyEnd < to) {
            sentOnce(tcb, copyEnd, to, selectively);
        }
    }

    private static void sentOnce(Tcb tcb, long from, long to, boolean selectively) {
        TransmissionRing ring = tcb.records.firstSent();
        tcb.delivery.transmission(ring, ring.find(to - 1), to);
        tcb.delivery.addOriginal(ring.sentNanos(ring.find(from)), selectively);
        if (from < tcb.delivery.highestBefore()) {
            tcb.delivery.reordered(from);
        }
        if (from < tcb.recovery.recover()) {
            tcb.delivery.originalArrived();
        }
    }

    /** Sent again: which of the copies, or the original, has arrived is a guess, made only where it can't be wrong by much. */
    private static void copies(Tcb tcb, long from, long to, boolean selectively) {
        if (!selectively) {
            tcb.delivery.addAmbiguous();
        }
        TransmissionRing ring = tcb.records.copies();
        // Newest first. Where copies of copies have mixed up the order, only so many are looked through: a peer must not make that slow.
        int newest = ring.isAscending() ? ring.firstEndingAfter(to - 1) : ring.size() - 1;
        int oldest = ring.isAscending() ? ring.firstEndingAfter(from) : Math.max(0, ring.size() - MAX_MIXED_COPIES);
        for (int row = Math.min(newest, ring.size() - 1); row >= oldest; row--) {
            boolean overlaps = ring.from(row) < to && ring.to(row) > from;
            if (overlaps && tcb.delivery.isBelievable(ring.sentNanos(row))) {
                tcb.delivery.transmission(ring, row, Math.min(to, ring.to(row)));
                return;
            }
        }
    }
}
