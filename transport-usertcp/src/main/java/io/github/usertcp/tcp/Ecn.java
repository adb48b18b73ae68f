package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * Explicit congestion notification of one connection (RFC 3168, RFC 8311, RFC 9768): what the handshake has settled, which of our segments
 * may be marked, and how the peer's feedback becomes a smaller window. The two kinds of feedback are {@link ClassicEcn} and
 * {@link AccurateEcnReceiver} with {@link AccurateEcnFeedback}.
 */
final class Ecn {
    /** All three counters and a nop. */
    private static final int OPTION_BYTES = 12;
    /** Linux: a segment that is not ECN-capable among others that are is probably a retransmission, whose sender waits. */
    private static final int QUICK_ACKS_AFTER_RETRANSMISSION = 2;

    private EcnMode offered = EcnMode.OFF;
    private EcnMode mode = EcnMode.OFF;
    /** The congestion control needs marks: everything is ECN-capable (RFC 8257 section 3.1). */
    private boolean needed;
    /** A SYN without any of the flags has left, since those before it seemed lost. */
    private boolean fellBack;
    /** What leaves is ECN-capable; cleared when the network is seen to mangle what it should leave alone. */
    private boolean capable;
    private boolean fallback;
    private boolean seen;
    private long deliveredCe;
    private long markedBytes;

    private int handshake;
    private boolean thirdExpected;
    /** The next ACK alone says how the peer's SYN-ACK arrived (RFC 9768 section 3.2.2.1). */
    private boolean echoesSynAck;
    private int synAckField;
    private boolean timeMoved;

    private ClassicEcn classic;
    private AccurateEcnReceiver receiver;
    private AccurateEcnFeedback feedback;

    /** Every full segment leaves room for the option. */
    private boolean optionHasRoom;
    private boolean echoed;

    // ---- client's handshake

    /** Sets flags and ECN field of a SYN, which has been sent so many times before. */
    void writeSyn(TcpConfig config, int retransmissions, TcpSegment syn) {
        begin(config);
        offered = needed && config.ecnOffered() == EcnMode.OFF ? EcnMode.CLASSIC : config.ecnOffered();
        if (offered == EcnMode.OFF) {
            return;
        }
        // RFC 3168 6.1.1.1: somebody on the way may drop SYNs with these flags. RFC 9768 3.1.4.1 tries them once more.
        int attempts = offered == EcnMode.ACCURATE ? 2 : 1;
        fellBack = fallback && retransmissions >= attempts;
        if (needed) {
            syn.ecn(EcnCodepoint.ECT_0);
        }
        if (!fellBack) {
            syn.addFlags(AceField.toFlags(offered == EcnMode.ACCURATE ? AceField.ASK_ACCURATE : AceField.ASK_CLASSIC));
        }
    }

    private void begin(TcpConfig config) {
        needed = config.needsEcn();
        fallback = config.ecnFallback();
    }

    /** The answer to our SYN: RFC 3168 section 6.1.1, RFC 9768 table 2. */
    void synAckArrived(TcpSegment synAck) {
        int ace = AceField.of(synAck.flags());
        if (offered == EcnMode.OFF || ace == 0) {
            return;
        }
        if (offered == EcnMode.CLASSIC || ace == AceField.AGREE_CLASSIC) {
            // CWR with ECE comes from hosts that echo any flags: they have agreed to nothing.
            if (synAck.hasFlags(TcpFlags.ECE) && !synAck.hasFlags(TcpFlags.CWR)) {
                useClassic();
            }
        } else if (ace != AceField.ASK_ACCURATE) {
            useAccurate(synAck.ecn());
            // RFC 9768 3.1.5: a client that has asked for nothing in its last SYN must not be ECN-capable.
            capable = !fellBack;
            echoSynAck(synAck);
            if (synAck.ecn() == EcnCodepoint.CE && isBelievable(ace)) {
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

    /** RFC 9768 section 3.2.2.3: whether the network can have made of our unmarked SYN or SYN-ACK what the peer says it got. */
    private boolean isBelievable(int ace) {
        int arrived = AceField.echoed(ace);
        int sent = needed ? EcnCodepoint.ECT_0 : EcnCodepoint.NOT_ECT;
        if (!fallback || arrived < 0 || AceField.isPossible(sent, arrived)) {
            return true;
        }
        capable = false;
        return false;
    }

    /** A SYN arrives in SYN-SENT: both have asked, and what both can do is used. */
    void simultaneousSynArrived(TcpSegment syn) {
        int ace = AceField.of(syn.flags());
        boolean accurate = offered == EcnMode.ACCURATE && ace != 0 && ace != AceField.ASK_CLASSIC;
        if (accurate) {
            accept(HandshakeEcn.of(EcnMode.ACCURATE, syn));
        } else if (offered != EcnMode.OFF && syn.hasFlags(TcpFlags.ECE | TcpFlags.CWR)) {
            accept(HandshakeEcn.of(EcnMode.CLASSIC, syn));
        }
    }

    // ---- server's handshake

    /** A SYN was answered; see {@link HandshakeEcn}. */
    void accepted(int halfOpen, TcpConfig config) {
        begin(config);
        accept(halfOpen);
    }

    private void accept(int halfOpen) {
        handshake = halfOpen;
        thirdExpected = true;
        switch (HandshakeEcn.mode(halfOpen)) {
            case OFF -> { }
            case CLASSIC -> useClassic();
            case ACCURATE -> {
                useAccurate(HandshakeEcn.synField(halfOpen));
                capable = !HandshakeEcn.isPlain(halfOpen);
            }
        }
    }

    /** Sets flags, ECN field and option of a SYN-ACK that has all its other options. */
    void writeSynAck(TcpConfig config, int retransmissions, TcpSegment synAck) {
        for (int timeouts = Math.min(retransmissions, 2); timeouts > 0; timeouts--) {
            handshake = HandshakeEcn.synAckTimedOut(handshake);
        }
        capable &= !HandshakeEcn.isPlain(handshake);
        HandshakeEcn.write(handshake, config, synAck);
    }

    /** The SYN again, before its SYN-ACK has arrived. */
    void synRepeated(TcpSegment syn) {
        handshake = HandshakeEcn.synRepeated(handshake, syn);
        capable &= !HandshakeEcn.isPlain(handshake);
    }

    /** RFC 9768 section 3.2.2.1 and table 4: the segment that ends the handshake says how our SYN-ACK arrived. */
    private void thirdArrived(TcpSegment third) {
        thirdExpected = false;
        receiver.demandOption(1);
        int ace = AceField.of(third.flags());
        if (ace == 0) {
            capable = false; // section 3.2.2.4: somebody clears the field, and with it all we should hear
        } else if (third.payloadLength() == 0 && third.sackBlockCount() == 0 && AceField.echoed(ace) >= 0
            && isBelievable(ace) && AceField.echoed(ace) == EcnCodepoint.CE) {
            feedback.countHandshakeMark();
            deliveredCe++;
        }
    }

    private void useClassic() {
        mode = EcnMode.CLASSIC;
        capable = true;
        classic = new ClassicEcn();
    }

    private void useAccurate(int synField) {
        mode = EcnMode.ACCURATE;
        capable = true;
        receiver = new AccurateEcnReceiver(synField);
        feedback = new AccurateEcnFeedback();
    }

    // ---- what arrives

    /** An acceptable segment arrived, before its ACK is looked at. */
    void arrived(Tcb tcb, TcpSegment segment, boolean timestampMoved) {
        timeMoved = timestampMoved;
        if (mode == EcnMode.CLASSIC) {
            if (segment.payloadLength() > 0) {
                classic.textArrived(tcb, segment, needed);
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
        if (thirdExpected) {
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

    /** Text that had been received before arrived again. As in Linux it counts like any other if it ends where our last ACK said we are. */
    void textRepeated(Tcb tcb, TcpSegment segment, long seq) {
        if (mode == EcnMode.ACCURATE) {
            receiver.textRepeated(seq);
            if (seq + segment.payloadLength() >= tcb.receive.lastAckSent()) {
                receiver.arrived(segment.ecn(), pieces(segment), segment.payloadLength());
            }
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
        } else if (mode == EcnMode.ACCURATE && (bytes > 0 || timeMoved) && capable) {
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
            if (newData || needed) {
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
        if (capable) {
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
        assert mode == EcnMode.OFF || (mode == EcnMode.ACCURATE) == (receiver != null) : mode;
        if (receiver != null) {
            receiver.checkInvariants();
        }
    }
}
