package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;

/**
 * The data receiver of accurate ECN (RFC 9768 section 3.2): counts what arrives with which ECN field, and feeds it back. Packets marked CE
 * are counted by the three bits of every segment, payload bytes of each kind by the option, modulo 2^24. As in Linux the option leaves in
 * the order e1b, ceb, e0b (kind 174), so that cut short it keeps the counters that move least often.
 */
final class AccurateEcnReceiver {
    /** RFC 9768 section 3.2.1: fields begin at 1, 0, 1; a first field of 0 shows that somebody clears options. */
    static final int INITIAL_E0B = 1;
    static final int INITIAL_CEB = 0;
    static final int INITIAL_E1B = 1;

    /** RFC 9768 section 3.2.2.5.1: so many marks at most between two ACKs, or the three bits could wrap unseen. */
    private static final int MAX_UNTOLD_MARKS = 6;
    /** Linux: the option leaves at least once in so many bytes of any kind, far below the 2^24 at which the counters wrap. */
    private static final int DEMAND_SHIFT = 22;
    /** A change leaves in two ACKs, the second of which shows what the new ECN field is (section 3.2.2.5.1). */
    private static final int DEMAND_AFTER_CHANGE = 2;

    private long ce;
    private int untoldMarks;
    private long e0b;
    private long ceb;
    private long e1b;
    private int previousField;
    /** Counters that have moved since the last option, in its order: the option is of no use without them. */
    private int requiredFields;
    /** The option is owed to so many segments more, also where it is sent on demand only. */
    private int demand;
    private long optionSentNanos = Long.MIN_VALUE;
    private boolean peerHasOption;
    private boolean optionIsLost;
    private boolean optionSent;
    private long repeatedFrom = Long.MIN_VALUE;

    /** @param field  the ECN field of the peer's SYN or SYN-ACK */
    AccurateEcnReceiver(int field) {
        previousField = field;
    }

    /** The peer has shown that it knows the option, and that it gets through. */
    void peerHasOption() {
        peerHasOption = true;
    }

    /** The next segments should carry the option. */
    void demandOption(int segments) {
        demand = Math.max(demand, segments);
    }

    /** The peer's SYN-ACK was marked: it counts, though it was none of the packets that follow. */
    void countHandshakeMark() {
        ce++;
        untoldMarks++;
    }

    /**
     * A segment, or the pieces of a super-segment, arrived.
     *
     * @return true if an ACK should tell of it at once
     */
    boolean arrived(int field, int pieces, int payloadBytes) {
        boolean changed = field != previousField;
        if (field == EcnCodepoint.CE) {
            ce += pieces;
            untoldMarks += pieces;
        }
        if (payloadBytes > 0) {
            count(field, payloadBytes);
        }
        if (changed || field == EcnCodepoint.CE) {
            previousField = field;
            demandOption(DEMAND_AFTER_CHANGE);
        }
        return changed || untoldMarks >= MAX_UNTOLD_MARKS;
    }

    private void count(int field, int bytes) {
        long before = 0;
        long after = 0;
        switch (field) {
            case EcnCodepoint.ECT_0 -> {
                before = e0b;
                e0b += bytes;
                after = e0b;
                requiredFields = 3;
            }
            case EcnCodepoint.CE -> {
                before = ceb;
                ceb += bytes;
                after = ceb;
                requiredFields = Math.max(requiredFields, 2);
            }
            case EcnCodepoint.ECT_1 -> {
                before = e1b;
                e1b += bytes;
                after = e1b;
                requiredFields = Math.max(requiredFields, 1);
            }
            default -> { } // nobody asks for these
        }
        if (before >>> DEMAND_SHIFT != after >>> DEMAND_SHIFT) {
            demandOption(1);
        }
    }

    /** What the three bits of a segment say; the peer then knows of all marks. */
    int tell() {
        untoldMarks = 0;
        return (int) (ce + AceField.INITIAL_COUNT);
    }

    boolean wantsOption(TcpConfig config, long srttNanos, long nowNanos) {
        EcnOptionUse use = config.ecnOptionUse();
        if (use == EcnOptionUse.NEVER || !peerHasOption || optionIsLost && use != EcnOptionUse.PERSISTENT) {
            return false;
        }
        return use != EcnOptionUse.ON_DEMAND || demand > 0 || isBeaconDue(config, srttNanos, nowNanos);
    }

    /** RFC 9768 section 3.2.3.3: now and then in a round trip even if nothing has changed. */
    private boolean isBeaconDue(TcpConfig config, long srttNanos, long nowNanos) {
        int perRtt = config.ecnOptionBeacon();
        return perRtt > 0 && (optionSentNanos == Long.MIN_VALUE || (nowNanos - optionSentNanos) * perRtt >= Math.max(0, srttNanos));
    }

    /** Adds the option to a segment that has all its others, if it has room. */
    void writeOption(TcpSegment segment, long nowNanos) {
        segment.ecnCounters((int) e0b + INITIAL_E0B, (int) ceb + INITIAL_CEB, (int) e1b + INITIAL_E1B).ecnOption(true, 0);
        TcpHeaderWriter.fitEcnOption(segment, requiredFields);
        if (segment.ecnFields() != TcpSegment.ABSENT) {
            requiredFields = 0;
            optionSentNanos = nowNanos;
            optionSent = true;
            demand = Math.max(0, demand - 1);
        }
    }

    /** The option of a SYN-ACK, whose sender has received nothing yet. */
    static void writeInitialCounters(TcpSegment synAck) {
        synAck.ecnCounters(INITIAL_E0B, INITIAL_CEB, INITIAL_E1B).ecnOption(true, 0);
    }

    /**
     * Text from {@code seq} on, all of which had been received, arrived once more. If the ACK that said so carried the option and the same
     * text comes yet again, ACKs with the option don't get through (RFC 9768 section 3.2.3.2.2).
     */
    void textRepeated(long seq) {
        optionIsLost |= optionSent && seq == repeatedFrom;
        repeatedFrom = seq;
        optionSent = false;
    }

    long ce() {
        return ce;
    }

    long e0b() {
        return e0b;
    }

    long ceb() {
        return ceb;
    }

    long e1b() {
        return e1b;
    }

    void checkInvariants() {
        assert untoldMarks >= 0 && untoldMarks <= ce : untoldMarks + " of " + ce + " marks untold";
        assert requiredFields >= 0 && requiredFields <= 3 && demand >= 0 : requiredFields + " fields required, demand " + demand;
    }
}
