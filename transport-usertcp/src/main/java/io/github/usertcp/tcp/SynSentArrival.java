package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/** A segment arrives in SYN-SENT (RFC 9293 section 3.10.7.3), in the order of its steps. */
final class SynSentArrival {
    private SynSentArrival() {
    }

    static void segment(Tcb tcb, TcpSegment segment, long nowNanos) {
        if (segment.isAck() && !isAckOfOurSyn(tcb, segment)) { // first, check the ACK bit
            tcb.outbox.reset(Handshake.resetFor(segment, tcb.tuple));
            return;
        }
        if (segment.isRst()) { // second, check the RST bit
            if (segment.isAck()) {
                tcb.enter(TcpState.CLOSED, CloseCause.REFUSED);
            }
            return;
        }
        if (!segment.isSyn() || segment.isFin()) { // fifth; and no TCP sends SYN with FIN
            return;
        }
        synchronize(tcb, segment, nowNanos); // fourth, check the SYN bit
        if (segment.isAck()) {
            open(tcb, segment, nowNanos);
        } else {
            // Simultaneous open (section 3.5, figure 8).
            tcb.ecn.simultaneousSynArrived(segment);
            tcb.enter(TcpState.SYN_RECEIVED, CloseCause.NONE);
            tcb.outbox.synDue(true);
        }
    }

    private static boolean isAckOfOurSyn(Tcb tcb, TcpSegment segment) {
        long ack = SequenceNumbers.unwrap(segment.ack(), tcb.send.una());
        return tcb.send.iss() < ack && ack <= tcb.send.nxt();
    }

    private static void synchronize(Tcb tcb, TcpSegment syn, long nowNanos) {
        TcpConfig config = tcb.opening;
        boolean scaling = config.windowScaling() && syn.windowScale() != TcpSegment.ABSENT;
        tcb.receive.start(syn.seq());
        // What our SYN has offered, counted from the peer's number.
        tcb.receive.offerInHandshake(Handshake.window(config, tcb.announcedMss()));
        tcb.timestamps.start(syn.tsVal(), nowNanos);
        tcb.settle(new Negotiated(Handshake.peerMss(syn, tcb.tuple),
            scaling ? Math.min(syn.windowScale(), Handshake.MAX_WINDOW_SCALE) : -1, scaling ? Handshake.windowScale(config) : -1,
            config.sack() && syn.isSackPermitted(), config.timestamps() && syn.hasTimestamps(), tcb.numbers.timestampOffset(tcb.tuple)));
        tcb.send.initialWindow(syn.window(), tcb.receive.irs(), 0); // RFC 7323 2.2: never scaled in a SYN
    }

    private static void open(Tcb tcb, TcpSegment synAck, long nowNanos) {
        long ack = SequenceNumbers.unwrap(synAck.ack(), tcb.send.una());
        AckArrival.acknowledgeSyn(tcb, synAck, ack, nowNanos);
        tcb.send.initialWindow(synAck.window(), tcb.receive.irs(), ack);
        tcb.ecn.synAckArrived(synAck);
        tcb.establish(nowNanos);
        tcb.acks.acknowledgeNow();
        TextArrival.segment(tcb, synAck, tcb.receive.irs() + 1, nowNanos); // sixth step and on: text with the SYN-ACK
    }
}
