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
        return switch (tcb.state()) {
            case CLOSED, LISTEN -> null;
            case SYN_SENT -> tcb.outbox.isSynDue() ? syn(tcb, nowNanos) : null;
            case SYN_RECEIVED -> tcb.outbox.isSynDue() ? synAck(tcb, nowNanos) : ack(tcb, nowNanos);
            case TIME_WAIT -> ack(tcb, nowNanos);
            case FIN_WAIT_2 -> probeOrAck(tcb, nowNanos);
            default -> data(tcb, nowNanos, maxPayloadBytes);
        };
    }

    private static TcpSegment data(Tcb tcb, long nowNanos, int maxPayloadBytes) {
        int limit = Math.max(tcb.smss(), maxPayloadBytes - maxPayloadBytes % tcb.smss());
        if (tcb.recovery.hasLost()) {
            TcpSegment segment = lost(tcb, nowNanos, limit);
            if (segment != null) {
                return segment;
            }
        } else {
            TcpSegment segment = NewData.poll(tcb, nowNanos, limit);
            if (segment != null) {
                return segment;
            }
        }
        return probeOrAck(tcb, nowNanos);
    }

    // ---- handshake

    private static TcpSegment syn(Tcb tcb, long nowNanos) {
        TcpConfig config = tcb.opening;
        TcpSegment syn = Handshake.segment(tcb.tuple, TcpFlags.SYN).seq(SequenceNumbers.wrap(tcb.send.iss()))
            .window(Handshake.window(config)).mss(tcb.announcedMss()).sackPermitted(config.sack());
        if (config.windowScaling()) {
            syn.windowScale(Handshake.windowScale(config));
        }
        if (config.timestamps()) {
            syn.timestamps(Handshake.tsVal(nowNanos, tcb.numbers.timestampOffset(tcb.tuple)), 0);
        }
        synLeft(tcb, nowNanos);
        return syn;
    }

    private static TcpSegment synAck(Tcb tcb, long nowNanos) {
        Negotiated options = tcb.negotiated;
        TcpSegment synAck = Handshake.segment(tcb.tuple, TcpFlags.SYN).seq(SequenceNumbers.wrap(tcb.send.iss()))
            .ack(SequenceNumbers.wrap(tcb.receive.nxt())).window(tcb.receive.offerInHandshake(tcb.freeReceiveBytes()))
            .mss(tcb.announcedMss()).sackPermitted(options.sack());
        if (options.rcvWscale() >= 0) {
            synAck.windowScale(options.rcvWscale());
        }
        if (options.timestamps()) {
            synAck.timestamps(Handshake.tsVal(nowNanos, options.tsOffset()), tcb.timestamps.recent());
        }
        tcb.acks.sent();
        synLeft(tcb, nowNanos);
        return synAck;
    }

    private static void synLeft(Tcb tcb, long nowNanos) {
        tcb.outbox.synDue(false);
        tcb.counters.segmentOut(0, 1, nowNanos);
        if (tcb.send.nxt() == tcb.send.iss()) {
            tcb.send.advanceTo(tcb.send.iss() + 1);
            tcb.records.sent(tcb.send.nxt(), nowNanos);
        } else {
            tcb.records.sentAgain(tcb.send.iss(), tcb.send.nxt());
            tcb.counters.resent(0, 1);
        }
        Timeouts.startRetransmit(tcb, nowNanos); // not restart: a peer that repeats its SYN must not keep us half-open for ever
        Timeouts.startUserTimeout(tcb, nowNanos);
    }

    // ---- what was lost

    private static TcpSegment lost(Tcb tcb, long nowNanos, int limit) {
        LossRecovery recovery = tcb.recovery;
        long from = recovery.nextRetransmission();
        int room = retransmissionRoom(tcb, from, limit);
        if (room <= 0) {
            return null;
        }
        long to = Math.min(from + room, recovery.lostEnd());
        int payload = (int) (Math.min(to, tcb.sendQueue.end()) - from);
        boolean fin = tcb.ends.isFinSent() && to > tcb.finSequence();
        TcpSegment segment = segment(tcb, nowNanos, from, payload, fin);
        recovery.resent(to);
        tcb.eifel.retransmitted(segment.tsVal());
        tcb.records.sentAgain(from, to);
        tcb.counters.resent(payload, segments(tcb, payload));
        Timeouts.startRetransmit(tcb, nowNanos);
        return segment;
    }

    /** Bytes that may be sent again from {@code from} on; the first segment of an episode always may, window or not. */
    private static int retransmissionRoom(Tcb tcb, long from, int limit) {
        if (tcb.recovery.isForced()) {
            return tcb.smss();
        }
        long window = tcb.send.una() + tcb.send.wnd() - from;
        long congestion = tcb.congestion.cwndBytes() - tcb.recovery.pipe(tcb.send);
        long room = Math.min(Math.min(window, congestion), limit);
        // A last, partial segment goes whole or not at all.
        boolean reachesEnd = room >= tcb.recovery.lostEnd() - from;
        return (int) (reachesEnd ? room : room - room % tcb.smss());
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
        if (tcb.negotiated.sack() && !reportSacks(tcb, segment, payloadBytes) && tcb.acks.isDue()) {
            return segment;
        }
        tcb.acks.sent();
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
