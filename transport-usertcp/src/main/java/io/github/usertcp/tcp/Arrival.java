package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * "SEGMENT ARRIVES" (RFC 9293 section 3.10.7): where a segment goes by state, and the two states with so little to say that they need no
 * file of their own. The others are {@link SynSentArrival} and {@link SynchronizedArrival}.
 */
final class Arrival {
    private Arrival() {
    }

    /** Leaves the segment's payload to the caller unless a queue has taken it. */
    static void segment(Tcb tcb, TcpSegment segment, long nowNanos) {
        tcb.counters.segmentIn(segment.payloadLength(), segment.isAck(), nowNanos);
        switch (tcb.state()) {
            case CLOSED -> tcb.outbox.reset(Handshake.resetFor(segment, tcb.tuple));
            case LISTEN -> inListen(tcb, segment, nowNanos);
            case SYN_SENT -> SynSentArrival.segment(tcb, segment, nowNanos);
            default -> SynchronizedArrival.segment(tcb, segment, nowNanos);
        }
    }

    /** RFC 9293 section 3.10.7.2. Data on the SYN is left for the peer to send again, as Linux does without Fast Open. */
    private static void inListen(Tcb tcb, TcpSegment segment, long nowNanos) {
        if (segment.isRst()) {
            return;
        }
        if (segment.isAck()) {
            tcb.outbox.reset(Handshake.resetFor(segment, tcb.tuple));
            return;
        }
        if (!segment.isSyn() || segment.hasFlags(TcpFlags.FIN)) {
            return;
        }
        HalfOpen halfOpen = HalfOpen.answer(segment, tcb.tuple, tcb.config, tcb.numbers, nowNanos);
        receiveSyn(tcb, halfOpen, nowNanos);
        tcb.outbox.synDue(true);
    }

    /** LISTEN to SYN-RECEIVED with everything the SYN told. */
    static void receiveSyn(Tcb tcb, HalfOpen halfOpen, long nowNanos) {
        startSending(tcb, halfOpen.iss());
        tcb.receive.start(halfOpen.irs());
        tcb.timestamps.start(halfOpen.tsRecent(), nowNanos);
        tcb.settle(halfOpen.negotiated());
        tcb.send.initialWindow(halfOpen.peerWindow(), tcb.receive.irs(), 0);
        tcb.ecn.accepted(halfOpen.ecn(), tcb.config);
        tcb.enter(TcpState.SYN_RECEIVED, CloseCause.NONE);
    }

    /** Chooses the numbers of the send side; the first data byte follows the SYN. */
    static void startSending(Tcb tcb, int iss) {
        tcb.opening = tcb.config;
        tcb.send.start(iss);
        tcb.sendQueue.startAt(tcb.send.iss() + 1);
        tcb.recovery.start(tcb.send.iss());
        tcb.scoreboard.start(tcb.send.iss());
        tcb.rtt.start(tcb.config.initialRtoNanos());
    }
}
