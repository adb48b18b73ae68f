package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * Explicit congestion notification of one connection (RFC 3168, RFC 8311, RFC 9768): which of our segments may be marked, and what
 * the peer says of marks. {@link EcnHandshake} settles the mode; the two kinds of feedback are {@link ClassicEcn}, and
 * {@link AccurateEcnReceiver} with {@link AccurateEcnFeedback}.
 */
final class Ecn {
    /** All three counters and a nop. */
    private static final int OPTION_BYTES = 12;
    /** Linux: a segment that is not ECN-capable among others that are is probably a retransmission, whose sender waits. */
    private static final int QUICK_ACKS_AFTER_RETRANSMISSION = 2;

    private final EcnHandshake handshake = new EcnHandshake();
    private EcnMode mode = EcnMode.OFF;
    private boolean seen;
    private long deliveredCe;
    private long markedBytes;
    private boolean echoed;
    /** The next ACK alone says how the peer's SYN-ACK arrived (RFC 9768 section 3.2.2.1). */
    private boolean echoesSynAck;
    private int synAckField;
    private boolean timeMoved;
    /** Every full segment leaves room for the option. */
    private boolean optionHasRoom;

    private ClassicEcn classic;
    private AccurateEcnReceiver receiver;
    private AccurateEcnFeedback feedback;

    // ---- handshake

    void writeSyn(TcpConfig config, int retransmissions, TcpSegment syn) {
        handshake.writeSyn(config, retransmissions, syn);
    }

    void synAckArrived(TcpSegment synAck) {
        use(handshake.answered(synAck), synAck.ecn());
        if (mode == EcnMode.ACCURATE) {
            echoSynAck(synAck);
            if (synAck.ecn() == EcnCodepoint.CE && handshake.isBelievable(AceField.of(synAck.flags()))) {
                receiver.countHandshakeMark();
            }
        }
    }

    /** The SYN-ACK arrives, first or again: the ACK that answers it says with which ECN field. */
    void echoSynAck(TcpSegment synAck) {
        if (mode != EcnMode.ACCURATE || !synAck.isAck()) {
            return;
        }
        synAckField = synAck.ecn();
        echoesSynAck = true;
        if (synAck.ecnFields() != TcpSegment.ABSENT) {
            seeOption(synAck);
            receiver.demandOption(2);
        }
    }

    void simultaneousSynArrived(TcpSegment syn) {
        use(handshake.simultaneous(syn), syn.ecn());
    }

    /** A SYN was answered, here or by somebody else. */
    void accepted(int halfOpen, TcpConfig config) {
        use(handshake.accepted(halfOpen, config), HandshakeEcn.synField(halfOpen));
    }

    void writeSynAck(TcpConfig config, int retransmissions, TcpSegment synAck) {
        handshake.writeSynAck(config, retransmissions, synAck);
    }

    void synRepeated(TcpSegment syn) {
        handshake.synRepeated(syn);
    }

    /** RFC 9768 section 3.2.2.1 and table 4: the segment that ends the handshake says how our SYN-ACK arrived. */
    private void thirdArrived(TcpSegment third) {
        receiver.demandOption(1);
        int ace = AceField.of(third.flags());
        boolean bare = third.payloadLength() == 0 && third.sackBlockCount() == 0;
        if (ace == 0) {
            handshake.flagsWereCleared();
        } else if (bare && handshake.isBelievable(ace) && AceField.echoed(ace) == EcnCodepoint.CE) {
            feedback.countHandshakeMark();
            deliveredCe++;
        }
    }

    private void use(EcnMode settled, int synField) {
        mode = settled;
        classic = settled == EcnMode.CLASSIC ? new ClassicEcn() : null;
        receiver = settled == EcnMode.ACCURATE ? new AccurateEcnReceiver(synField) : null;
        feedback = settled == EcnMode.ACCURATE ? new AccurateEcnFeedback() : null;
    }

    // ---- what arrives

    /** An acceptable segment arrived, before its ACK is looked at. */
    void arrived(Tcb tcb, TcpSegment segment, boolean timestampMoved) {
        timeMoved = timestampMoved;
        if (mode == EcnMode.CLASSIC) {
            if (segment.payloadLength() > 0) {
                classic.textArrived(tcb, segment, handshake.isNeeded());
                seen |= classic.isSeen();
            }
        } else if (mode == EcnMode.ACCURATE) {
            arrivedAccurate(tcb, segment);
        }
    }

    private void arrivedAccurate(Tcb tcb, TcpSegment segment) {
        if (segment.ecn() != EcnCodepoint.NOT_ECT) {
            seen = true;
        } else if (seen && segment.payloadLength() > 0) {
            tcb.acks.quick(QUICK_ACKS_AFTER_RETRANSMISSION, tcb.config);
        }
        if (handshake.takeThird()) {
            thirdArrived(segment);
        }
        if (segment.ecnFields() != TcpSegment.ABSENT) {
            seeOption(segment);
            if (tcb.congestion != null) {
                reserveOption(tcb);
            }
        }
        int payload = segment.payloadLength();
        if (receiver.arrived(segment.ecn(), pieces(segment), payload)) {
            if (payload > 0) {
                tcb.acks.acknowledgeNow();
            } else {
                tcb.acks.acknowledgeNextAtOnce(); // two ends that answered each other's ACKs would never stop
            }
        }
    }

    private void seeOption(TcpSegment segment) {
        feedback.optionSeen(segment);
        if (feedback.hasSeenOption()) {
            receiver.peerHasOption();
        }
    }

    /**
     * Text arrived that is not acceptable. If all of it had been received before, and it ends where our last ACK said we are, it counts
     * like any other, as in Linux.
     */
    void textRefused(Tcb tcb, TcpSegment segment, long seq) {
        long end = seq + segment.payloadLength();
        if (mode != EcnMode.ACCURATE || end > tcb.receive.nxt()) {
            return;
        }
        receiver.textRepeated(seq);
        if (end >= tcb.receive.lastAckSent()) {
            receiver.arrived(segment.ecn(), pieces(segment), segment.payloadLength());
        }
    }

    private static int pieces(TcpSegment segment) {
        int size = segment.segmentSize();
        return size > 0 ? (segment.payloadLength() + size - 1) / size : 1;
    }

    // ---- feedback on what we have sent

    /** An ACK that is not an old one says that so many bytes more have arrived, by acknowledgment or SACK. */
    void delivered(Tcb tcb, TcpSegment ack, long bytes) {
        markedBytes = 0;
        echoed = false;
        if (mode == EcnMode.CLASSIC) {
            if (ack.hasFlags(TcpFlags.ECE) && !ack.isSyn()) {
                echoed = true;
                markedBytes = bytes;
                deliveredCe += packets(tcb, bytes);
            }
        } else if (mode == EcnMode.ACCURATE && (bytes > 0 || timeMoved) && handshake.isCapable()) {
            // Anything else may have been overtaken by a later one, and tells of the past.
            long marks = feedback.acknowledged(ack, packets(tcb, bytes), bytes, tcb.smss(), tcb.counters.bytesSent);
            deliveredCe += marks;
            echoed |= marks > 0;
            markedBytes = feedback.lastMarkedBytes() >= 0 ? feedback.lastMarkedBytes() : Math.min(bytes, marks * tcb.smss());
        }
    }

    private static long packets(Tcb tcb, long bytes) {
        return (bytes + tcb.smss() - 1) / Math.max(1, tcb.smss());
    }

    /** Of the bytes the last ACK delivered, how many had been marked. */
    long markedBytes() {
        return markedBytes;
    }

    /** Whether the last ACK has told of congestion. */
    boolean isCongestionEchoed() {
        return echoed;
    }

    /** The congestion window was reduced, for marks or for losses. Accurate feedback needs no telling. */
    void windowReduced() {
        if (mode == EcnMode.CLASSIC) {
            classic.windowReduced();
        }
    }

    void reductionUndone() {
        if (mode == EcnMode.CLASSIC) {
            classic.reductionUndone();
        }
    }

    // ---- what leaves

    /** Sets ECN field, flags and option of a segment after the handshake, which has all its other options. */
    void write(Tcb tcb, TcpSegment segment, int payloadBytes, boolean isNew, long nowNanos) {
        if (mode == EcnMode.CLASSIC) {
            boolean newData = payloadBytes > 0 && isNew;
            // RFC 3168 6.1.4, 6.1.5: no pure ACK and no retransmission may be marked, lest the mark be lost or forged; RFC 8257 does.
            if (newData || handshake.isNeeded()) {
                segment.ecn(EcnCodepoint.ECT_0);
            }
            segment.addFlags(classic.flags(newData));
        } else if (mode == EcnMode.ACCURATE && !isForgotten(tcb)) {
            writeAccurate(tcb, segment, payloadBytes, nowNanos);
        }
    }

    /** Linux answers the FIN that a closed connection waits for from an entry without counters, as our TIME-WAIT entries are. */
    private static boolean isForgotten(Tcb tcb) {
        return tcb.state() == TcpState.TIME_WAIT && tcb.ends.isAbandoned();
    }

    private void writeAccurate(Tcb tcb, TcpSegment segment, int payloadBytes, long nowNanos) {
        if (handshake.isCapable()) {
            segment.ecn(EcnCodepoint.ECT_0);
        }
        boolean echo = echoesSynAck && payloadBytes == 0;
        echoesSynAck = false;
        segment.addFlags(AceField.toFlags(echo ? AceField.echo(synAckField) : receiver.tell())).repeatsCwr(true);
        // Where the option is the exception, full segments are not made smaller for it: what it has to tell waits for one with room.
        boolean hasRoom = optionHasRoom || payloadBytes + OPTION_BYTES <= tcb.smss();
        if (hasRoom && receiver.wantsOption(tcb.config, tcb.rtt.srttNanos(), nowNanos)) {
            receiver.writeOption(segment, nowNanos);
        }
    }

    /** An ACK that waited, of what arrived before marks began or ended, has to leave by itself. */
    boolean hasEarlierAck() {
        return classic != null && classic.hasEarlierAck();
    }

    void takeEarlierAck(TcpSegment ack) {
        classic.takeEarlierAck(ack);
    }

    /** Once the peer has shown that it knows the option, and if it is to leave with every segment, segments are made smaller for it. */
    void reserveOption(Tcb tcb) {
        EcnOptionUse use = tcb.config.ecnOptionUse();
        boolean always = use == EcnOptionUse.ALWAYS || use == EcnOptionUse.PERSISTENT;
        if (!optionHasRoom && always && mode == EcnMode.ACCURATE && feedback.hasSeenOption()) {
            optionHasRoom = true;
            tcb.resizeSegments();
        }
    }

    /** What the option takes from every full segment. */
    int optionBytes() {
        return optionHasRoom ? OPTION_BYTES : 0;
    }

    EcnInfo info() {
        boolean accurate = mode == EcnMode.ACCURATE;
        return new EcnInfo(mode, seen, deliveredCe, accurate ? receiver.ce() : 0,
            accurate ? feedback.e0b() : 0, accurate ? feedback.e1b() : 0, accurate ? feedback.ceb() : 0,
            accurate ? receiver.e0b() : 0, accurate ? receiver.e1b() : 0, accurate ? receiver.ceb() : 0);
    }

    void checkInvariants() {
        assert (mode == EcnMode.CLASSIC) == (classic != null) && (mode == EcnMode.ACCURATE) == (receiver != null) : mode;
        if (receiver != null) {
            receiver.checkInvariants();
        }
    }
}
