package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/**
 * The blocks of our SACK options. The idea: the range that holds what arrived last comes first, then those reported most recently, so
 * that each is reported in several ACKs and survives the loss of some; and once, before all others, what arrived although it was here.
 *
 * <p>Source: RFC 2018 section 4 and, for duplicates, RFC 2883 section 4. What is remembered is one sequence number of each range, not its
 * edges: those are looked up in the {@link ReassemblyQueue} when an ACK leaves, so that a block never says more than is held.
 */
final class SackReport {
    /** RFC 7323 appendix A: with timestamps there is room for three. */
    private static final int MAX_BLOCKS_WITH_TIMESTAMPS = 3;
    /** Two NOPs, kind and length, then two numbers a block (RFC 2018 section 3). */
    private static final int OPTION_BYTES = 4;
    private static final int BLOCK_BYTES = 8;

    /** Newest first; made when a first segment comes out of order, so that other connections do without. */
    private long[] recent;
    private int remembered;
    /** The duplicate to report; empty if its ends are equal. */
    private long duplicateFrom;
    private long duplicateTo;

    /** Text from {@code sequence} on was put into the queue, or was there. */
    void queued(long sequence, ReassemblyQueue queue) {
        int range = indexOf(sequence, queue);
        if (range < 0) {
            return; // there was no room for it
        }
        if (recent == null) {
            recent = new long[TcpSegment.MAX_SACK_BLOCKS];
        }
        int kept = 0;
        long moving = sequence;
        for (int i = 0; i < remembered; i++) {
            long next = recent[i];
            int other = indexOf(next, queue);
            if (other < 0 || other == range) {
                continue; // delivered or dropped; or joined, and a range is remembered once
            }
            recent[kept++] = moving;
            moving = next;
        }
        if (kept < recent.length) {
            recent[kept++] = moving;
        }
        remembered = kept;
    }

    /**
     * These bytes arrived and were here already. Until it is reported, a duplicate is extended by what touches it, and others are
     * forgotten: "only the first such duplicate sub-segment is reported" (RFC 2883 section 4.2).
     */
    void duplicate(long from, long to) {
        if (duplicateFrom == duplicateTo) {
            duplicateFrom = from;
            duplicateTo = to;
        } else if (from <= duplicateTo && duplicateFrom <= to) {
            duplicateFrom = Math.min(duplicateFrom, from);
            duplicateTo = Math.max(duplicateTo, to);
        }
    }

    /** What of these bytes is in the queue, if anything, is a duplicate. Called before they are added. */
    void duplicatesIn(ReassemblyQueue queue, long from, long to) {
        for (int range = queue.firstEndingAfter(from); range < queue.ranges() && queue.rangeStart(range) < to; range++) {
            duplicate(Math.max(from, queue.rangeStart(range)), Math.min(to, queue.rangeEnd(range)));
        }
    }

    /** Bytes the option takes in a segment that leaves now; 0 if there is nothing to report. */
    int optionBytes(ReassemblyQueue queue, boolean timestamps) {
        if (queue.isEmpty() && duplicateFrom == duplicateTo) {
            return 0;
        }
        int blocks = (duplicateFrom == duplicateTo ? 0 : 1) + Math.min(remembered, queue.ranges());
        return blocks == 0 ? 0 : OPTION_BYTES + BLOCK_BYTES * Math.min(blocks, maxBlocks(timestamps));
    }

    /** Puts the blocks into a segment that leaves now. */
    void report(TcpSegment segment, ReassemblyQueue queue) {
        int room = maxBlocks(segment.hasTimestamps());
        if (duplicateFrom != duplicateTo) {
            segment.addSackBlock(SequenceNumbers.wrap(duplicateFrom), SequenceNumbers.wrap(duplicateTo));
            duplicateFrom = duplicateTo; // RFC 2883 section 4: "in at most one D-SACK block"
            room--;
        }
        for (int i = 0; i < remembered && room > 0; i++) {
            int range = indexOf(recent[i], queue);
            if (range >= 0) {
                segment.addSackBlock(SequenceNumbers.wrap(queue.rangeStart(range)), SequenceNumbers.wrap(queue.rangeEnd(range)));
                room--;
            }
        }
    }

    private static int maxBlocks(boolean timestamps) {
        return timestamps ? MAX_BLOCKS_WITH_TIMESTAMPS : TcpSegment.MAX_SACK_BLOCKS;
    }

    /** The range that holds this number, -1 if none does. */
    private static int indexOf(long sequence, ReassemblyQueue queue) {
        int range = queue.firstEndingAfter(sequence);
        return range < queue.ranges() && queue.rangeStart(range) <= sequence ? range : -1;
    }

    void checkInvariants() {
        assert duplicateFrom <= duplicateTo : "duplicate from " + duplicateFrom + " to " + duplicateTo;
        assert remembered == 0 || remembered <= recent.length : remembered + " ranges remembered";
    }
}
