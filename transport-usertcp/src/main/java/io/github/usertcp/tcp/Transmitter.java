package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Everything a connection sends, by reason, in this order: a reset; SYN or SYN-ACK; what was
 * lost; new data and the FIN; a probe; an ACK alone. One segment, or super-segment, a call.
 */
final class Transmitter {
    /** RFC 3168 section 5: the two lowest bits of the traffic class are not the application's. */
    static final int ECN_FIELD = 3;

    private Transmitter() {
    }

    static TcpSegment poll(Tcb tcb, long nowNanos, int maxPayloadBytes) {
        TcpSegment segment = next(tcb, nowNanos, maxPayloadBytes);
        tcb.limits.polled(tcb, segment != null, nowNanos);
        if (segment != null) {
            segment.trafficClass(tcb.config.trafficClass() & ~ECN_FIELD | segment.trafficClass() & ECN_FIELD);
        }
        return segment;
    }

    private static TcpSegment next(Tcb tcb, long nowNanos, int maxPayloadBytes) {
        if (tcb.outbox.hasReset()) {
            tcb.counters.segmentOut(0, 1, nowNanos);
            return tcb.outbox.takeReset();
        }
        if (tcb.ecn.hasEarlierAck() && tcb.state().isSynchronized()) {
            return earlierAck(tcb, nowNanos);
        }
        return switch (tcb.state()) {
            case CLOSED, LISTEN -> null;
            case SYN_SENT -> tcb.outbox.isSynDue() ? syn(tcb, nowNanos) : null;
            case SYN_RECEIVED -> inSynReceived(tcb, nowNanos, maxPayloadBytes);
            case TIME_WAIT -> ack(tcb, nowNanos);
            case FIN_WAIT_2 -> probeOrAck(tcb, nowNanos);
            default -> tcb.outbox.isSynDue() ? synAck(tcb, nowNanos) : data(tcb, nowNanos, maxPayloadBytes);
        };
    }

    private static TcpSegment inSynReceived(Tcb tcb, long nowNanos, int maxPayloadBytes) {
        if (tcb.outbox.isSynDue()) {
            return synAck(tcb, nowNanos);
        }
        return tcb.fastOpen.isOpenedBySyn() ? data(tcb, nowNanos, maxPayloadBytes) : ack(tcb, nowNanos);
    }

    private static TcpSegment data(Tcb tcb, long nowNanos, int maxPayloadBytes) {
        PathMtuDiscovery.expire(tcb, nowNanos);
        int limit = Math.max(tcb.smss(), maxPayloadBytes - maxPayloadBytes % tcb.smss());
        TcpSegment segment = tcb.outbox.isLossProbeDue() ? lossProbe(tcb, nowNanos) : null;
        if (segment == null && tcb.recovery.isNewDataFirst()) {
            segment = newDataInDoubt(tcb, nowNanos, limit);
        }
        if (segment == null) {
            segment = tcb.scoreboard.hasLost() ? lost(tcb, nowNanos, limit) : NewData.poll(tcb, nowNanos, limit);
        }
        return segment == null ? probeOrAck(tcb, nowNanos) : segment;
    }

    /** RFC 5682 section 3.1 step 2b: when no new data can be sent after all, the timeout is taken for real. */
    private static TcpSegment newDataInDoubt(Tcb tcb, long nowNanos, int limit) {
        TcpSegment segment = NewData.poll(tcb, nowNanos, limit);
        if (segment == null) {
            boolean sentNone = tcb.send.nxt() == tcb.recovery.recover();
            if (!sentNone) {
                return probeOrAck(tcb, nowNanos);
            }
            tcb.recovery.timeoutDecided();
        }
        return segment;
    }

    // ---- handshake

    private static TcpSegment syn(Tcb tcb, long nowNanos) {
        TcpConfig config = tcb.opening;
        TcpSegment syn = Handshake.segment(tcb.tuple, TcpFlags.SYN).seq(SequenceNumbers.wrap(tcb.send.iss()))
            .window(Handshake.window(config, tcb.announcedMss())).mss(tcb.announcedMss()).sackPermitted(config.sack());
        if (config.windowScaling()) {
            syn.windowScale(Handshake.windowScale(config));
        }
        if (config.timestamps()) {
            syn.timestamps(Handshake.tsVal(nowNanos, tcb.numbers.timestampOffset(tcb.tuple)), 0);
        }
        tcb.ecn.writeSyn(config, tcb.synRetransmissions, syn);
        synLeft(tcb, nowNanos);
        FastOpenClient.load(tcb, syn, nowNanos);
        return syn;
    }

    private static TcpSegment synAck(Tcb tcb, long nowNanos) {
        Negotiated options = tcb.negotiated;
        int window = Handshake.window(tcb.config, options.receivedSegment(tcb.announcedMss()));
        TcpSegment synAck = Handshake.segment(tcb.tuple, TcpFlags.SYN).seq(SequenceNumbers.wrap(tcb.send.iss()))
            .ack(SequenceNumbers.wrap(tcb.receive.nxt()))
            .window(tcb.receive.offerInHandshake(Math.min(window, tcb.freeReceiveBytes())))
            .mss(tcb.announcedMss()).sackPermitted(options.sack());
        if (options.rcvWscale() >= 0) {
            synAck.windowScale(options.rcvWscale());
        }
        if (options.timestamps()) {
            synAck.timestamps(Handshake.tsVal(nowNanos, options.tsOffset()), tcb.timestamps.recent());
        }
        tcb.ecn.writeSynAck(tcb.opening, tcb.synRetransmissions, synAck);
        tcb.acks.sent(tcb.config);
        if (tcb.fastOpen.isOpenedBySyn()) {
            FastOpenServer.synAckLeft(tcb, synAck, nowNanos);
        } else {
            synLeft(tcb, nowNanos);
        }
        return synAck;
    }

    private static void synLeft(Tcb tcb, long nowNanos) {
        tcb.outbox.synDue(false);
        tcb.counters.segmentOut(0, 1, nowNanos);
        if (tcb.send.nxt() == tcb.send.iss()) {
            tcb.send.advanceTo(tcb.send.iss() + 1);
            tcb.records.firstSent().sent(tcb.send.iss(), tcb.send.nxt(), nowNanos, tcb.deliveryRate, 0);
        } else {
            tcb.counters.resent(0, 1);
        }
        Timeouts.startRetransmit(tcb, nowNanos); // not restart: a peer that repeats its SYN must not keep us half-open for ever
        Timeouts.startUserTimeout(tcb, nowNanos);
    }

    // ---- what was lost

    private static TcpSegment lost(Tcb tcb, long nowNanos, int limit) {
        Scoreboard board = tcb.scoreboard;
        long rate = Pacing.rate(tcb);
        if (!tcb.pacing.mayLeave(rate, nowNanos)) {
            tcb.timers.set(Timer.PACING, tcb.pacing.nextNanos());
            return null;
        }
        long from = board.nextLost();
        long end = Math.min(burstEnd(tcb, from), PathMtuDiscovery.endOfBurst(tcb, from, board.nextLostEnd()));
        int room = retransmissionRoom(tcb, from, end, Pacing.quantum(rate, limit, tcb.smss()));
        if (room <= 0) {
            return null;
        }
        long to = Math.min(from + room, end);
        boolean head = from == tcb.send.una();
        TcpSegment segment = again(tcb, nowNanos, from, to);
        board.resent(to);
        tcb.mtuSearch.abandonProbe();
        tcb.recovery.resent((int) (to - from));
        tcb.recovery.reduction.sent((int) (to - from));
        tcb.records.copies().sent(from, to, nowNanos, tcb.deliveryRate, board.pipe(tcb.send));
        tcb.pacing.sent(rate, (int) (to - from), nowNanos);
        if (head) {
            Timeouts.restartRetransmit(tcb, nowNanos); // the copy has its own time
        } else {
            Timeouts.startRetransmit(tcb, nowNanos);
        }
        return segment;
    }

    /** What was sent before. */
    private static TcpSegment again(Tcb tcb, long nowNanos, long from, long to) {
        int payload = (int) (Math.min(to, tcb.sendQueue.end()) - from);
        boolean fin = tcb.ends.isFinSent() && to > tcb.finSequence();
        TcpSegment segment = segment(tcb, nowNanos, from, payload, fin);
        if (payload > 0 && endsBurst(tcb, to)) {
            segment.flags(segment.flags() | TcpFlags.PSH);
        }
        tcb.eifel.retransmitted(segment.tsVal());
        tcb.counters.resent(payload, segments(tcb, payload));
        return segment;
    }

    /** Bursts are sent again one by one where their ends are marked by PSH. */
    private static long burstEnd(Tcb tcb, long from) {
        TransmissionRing ring = tcb.records.firstSent();
        int row = tcb.config.burstPush() ? ring.find(from) : TransmissionRing.NONE;
        return row == TransmissionRing.NONE ? Long.MAX_VALUE : ring.to(row);
    }

    /** What was the end of a burst, or of a write, is it again, alone or not (Linux keeps PSH with the data). */
    private static boolean endsBurst(Tcb tcb, long end) {
        return tcb.config.burstPush() && tcb.records.firstSent().isPushedAt(end);
    }

    /** Bytes that may be sent again of {@code [from, end)}; the first segment after a timeout always may, window or not. */
    private static int retransmissionRoom(Tcb tcb, long from, long end, int limit) {
        if (tcb.recovery.isForced()) {
            return tcb.smss();
        }
        long window = tcb.send.una() + tcb.send.wnd() - from;
        long congestion = tcb.cwndBytes() - tcb.scoreboard.pipe(tcb.send);
        long room = Math.min(Math.min(window, congestion), limit);
        // A last, partial segment goes whole or not at all.
        return (int) (room >= end - from ? room : room - room % tcb.smss());
    }

    /** RFC 8985 section 7.3: new data if there is any and the peer has room, beyond cwnd if need be; else the last segment again. */
    private static TcpSegment lossProbe(Tcb tcb, long nowNanos) {
        tcb.outbox.lossProbeDue(false);
        if (tcb.send.outstanding() == 0) {
            return null; // acknowledged in the meantime
        }
        long una = tcb.send.una();
        TcpSegment segment = NewData.probe(tcb, nowNanos);
        long from = tcb.send.nxt();
        boolean again = segment == null;
        if (again && from > una + tcb.send.wnd()) {
            return null; // the peer has taken back the window it lies in; the retransmission timer, which runs again, begins at the left
        }
        if (again) {
            TransmissionRing ring = tcb.records.firstSent();
            long start = ring.from(ring.size() - 1);
            from = Math.max(una, start + (tcb.send.nxt() - 1 - start) / tcb.smss() * tcb.smss());
            segment = again(tcb, nowNanos, from, tcb.send.nxt());
            tcb.recovery.resent((int) (tcb.send.nxt() - from));
        }
        tcb.tail.sent(again, from, tcb.send.nxt(), nowNanos);
        Timeouts.restartRetransmit(tcb, nowNanos);
        tcb.timers.stop(Timer.LOSS_PROBE);
        return segment;
    }

    // ---- probes and ACKs

    private static TcpSegment probeOrAck(Tcb tcb, long nowNanos) {
        return tcb.outbox.isProbeDue() ? probe(tcb, nowNanos) : ack(tcb, nowNanos);
    }

    /**
     * An already acknowledged number and no text: unacceptable to the peer, which therefore has to answer with where it is.
     *
     * <p>Departs from RFC 9293 3.8.6.1 for zero windows: no octet of new data is sent, as in Linux; a byte
     * beyond the window would be in flight without being allowed to be, and the answer tells the same.
     */
    private static TcpSegment probe(Tcb tcb, long nowNanos) {
        tcb.outbox.probeDue(false);
        tcb.counters.segmentOut(0, 1, nowNanos);
        return withAck(tcb, nowNanos, tcb.send.una() - 1, TcpFlags.ACK, 0);
    }

    private static TcpSegment ack(Tcb tcb, long nowNanos) {
        if (!tcb.acks.isDue()) {
            return null;
        }
        tcb.counters.segmentOut(0, 1, nowNanos);
        return withAck(tcb, nowNanos, tcb.send.nxt(), TcpFlags.ACK, 0);
    }

    /** RFC 8257 section 3.2: what arrived before marks began or ended is acknowledged apart, or its ACK would tell of the wrong ones. */
    private static TcpSegment earlierAck(Tcb tcb, long nowNanos) {
        boolean due = tcb.acks.isDue();
        tcb.counters.segmentOut(0, 1, nowNanos);
        TcpSegment ack = withAck(tcb, nowNanos, tcb.send.nxt(), TcpFlags.ACK, 0);
        tcb.ecn.takeEarlierAck(ack);
        if (due) {
            tcb.acks.acknowledgeNow();
        }
        return ack;
    }

    // ---- making segments

    /**
     * A segment with text, cut by the link at SMSS; PSH where the send queue ends (RFC 9293 section 3.9.1.2) and, as in Linux, where a
     * burst of several segments does: the peer's receive offload passes on at once what it has collected.
     */
    static TcpSegment segment(Tcb tcb, long nowNanos, long seq, int payloadBytes, boolean fin) {
        int flags = TcpFlags.ACK | (fin ? TcpFlags.FIN : 0);
        if (payloadBytes > tcb.smss() && tcb.config.burstPush() || payloadBytes > 0 && seq + payloadBytes == tcb.sendQueue.end()) {
            flags |= TcpFlags.PSH;
        }
        ByteBuf payload = payloadBytes == 0 ? Unpooled.EMPTY_BUFFER : tcb.sendQueue.slice(seq, payloadBytes);
        tcb.counters.segmentOut(payloadBytes, segments(tcb, payloadBytes), nowNanos);
        return withAck(tcb, nowNanos, seq, flags, payloadBytes).payload(payload).segmentSize(payloadBytes > tcb.smss() ? tcb.smss() : 0);
    }

    /** Every segment after the handshake carries the current acknowledgment and window, also a retransmission. */
    private static TcpSegment withAck(Tcb tcb, long nowNanos, long seq, int flags, int payloadBytes) {
        TcpSegment segment = Handshake.segment(tcb.tuple, flags).seq(SequenceNumbers.wrap(seq)).ack(SequenceNumbers.wrap(tcb.receive.nxt()))
            .window(tcb.receive.offer(tcb.freeReceiveBytes(), tcb.worthwhileWindowStep()));
        if (tcb.negotiated.timestamps()) {
            segment.timestamps(Handshake.tsVal(nowNanos, tcb.negotiated.tsOffset()), tcb.timestamps.recent());
        }
        if (payloadBytes > 0) {
            tcb.acks.dataSent(nowNanos);
        }
        boolean tellsAll = !tcb.negotiated.sack() || reportSacks(tcb, segment, payloadBytes);
        tcb.ecn.write(tcb, segment, payloadBytes, seq == tcb.send.nxt(), nowNanos);
        if (!tellsAll && tcb.acks.isDue()) {
            return segment;
        }
        tcb.acks.sent(tcb.config);
        tcb.timers.stop(Timer.DELAYED_ACK);
        return segment;
    }

    /**
     * RFC 2018 section 3 wants the blocks in every ACK that has any to report. Where full segments of our own leave no room for them, an
     * ACK that is due stays due and leaves behind these: to shorten the segments would send the rest of each in one more.
     *
     * @return false if there is no room for what there is to report
     */
    private static boolean reportSacks(Tcb tcb, TcpSegment segment, int payloadBytes) {
        int bytes = tcb.sacks.optionBytes(tcb.reassembly, segment.hasTimestamps());
        if (bytes == 0) {
            return true;
        }
        if (payloadBytes > 0 && payloadBytes + bytes > tcb.smss()) {
            return false;
        }
        tcb.sacks.report(segment, tcb.reassembly);
        return true;
    }

    static int segments(Tcb tcb, int payloadBytes) {
        return Math.max(1, (payloadBytes + tcb.smss() - 1) / tcb.smss());
    }
}
