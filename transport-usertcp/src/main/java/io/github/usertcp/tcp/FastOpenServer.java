package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;

/**
 * TCP Fast Open from the server's side (RFC 7413 section 4.2.2): a connection that exists from the SYN on, reads its data and may answer
 * while its handshake goes on. As in Linux, the SYN-ACK has no place in the send space: only its timer tells that it is outstanding, and
 * until the third segment nothing but the SYN-ACK is sent again.
 */
final class FastOpenServer {
    /** Enough to reach any upper bound from any initial timeout, and no overflow. */
    private static final int MAX_DOUBLINGS = 16;

    private FastOpenServer() {
    }

    /** CLOSED to SYN-RECEIVED with the SYN's data in the receive queue; the SYN-ACK is due. */
    static void receiveSyn(Tcb tcb, HalfOpen halfOpen, TcpSegment syn, long nowNanos) {
        Arrival.receiveSyn(tcb, halfOpen, nowNanos);
        long first = tcb.send.iss() + 1;
        tcb.send.advanceTo(first);
        tcb.send.acknowledge(first);
        tcb.startTransfer(nowNanos);
        tcb.receive.offerInHandshake(halfOpen.window(tcb.config, tcb.linkMss));
        int length = (int) Math.min(syn.payloadLength(), tcb.receive.wnd());
        tcb.fastOpen.openedBySyn(length > 0);
        if (length > 0) {
            ByteBuf text = syn.takePayload();
            TextArrival.deliver(tcb, text.writerIndex(text.readerIndex() + length));
            tcb.raise(TcpEvent.READABLE);
        }
        tcb.counters.segmentIn(length, false, nowNanos);
        tcb.outbox.synDue(true);
    }

    /** Completes a SYN-ACK that leaves now. Only the first carries a cookie (section 4.2.2). */
    static void synAckLeft(Tcb tcb, TcpSegment synAck, long nowNanos) {
        FastOpen fastOpen = tcb.fastOpen;
        synAck.fastOpenCookie(fastOpen.takeAnswer(), fastOpen.isAnswerExperimental());
        TcpHeaderWriter.fitEcnOption(synAck, 0);
        tcb.outbox.synDue(false);
        tcb.counters.segmentOut(0, 1, nowNanos);
        if (fastOpen.synAcks() > 0) {
            tcb.counters.resent(0, 1);
        }
        fastOpen.synAckLeft(nowNanos);
        if (!tcb.timers.isSet(Timer.RETRANSMIT)) { // a peer that repeats its SYN must not put off the end for ever
            long timeout = tcb.config.initialRtoNanos() << Math.min(fastOpen.synAckTimeouts(), MAX_DOUBLINGS);
            tcb.timers.set(Timer.RETRANSMIT, nowNanos + Math.min(timeout, tcb.config.maxRtoNanos()));
        }
        Timeouts.startUserTimeout(tcb, nowNanos);
    }

    /** The third segment has not come. One more try than for an ordinary handshake, as in Linux: the application works on it already. */
    static void synAckTimeout(Tcb tcb, long nowNanos) {
        FastOpen fastOpen = tcb.fastOpen;
        if (fastOpen.synAckTimeouts() > tcb.config.synAckRetries()) {
            tcb.enter(TcpState.CLOSED, tcb.timedOut(CloseCause.TIMED_OUT));
            return;
        }
        if (fastOpen.synAckTimeouts() == 1) {
            // RFC 7413 7.2: an initial window may be under way already, and two lost SYN-ACKs say that this path does not take it.
            tcb.congestion.onRetransmissionTimeout(tcb.send.outstanding(), true, nowNanos);
        }
        fastOpen.synAckTimedOut();
        tcb.outbox.synDue(true);
    }

    /** The peer has acknowledged our SYN, and perhaps data behind it, which is left to {@link AckArrival}. */
    static void third(Tcb tcb, TcpSegment segment, long seq, long ack, long nowNanos) {
        FastOpen fastOpen = tcb.fastOpen;
        fastOpen.thirdArrived();
        tcb.outbox.synDue(false);
        tcb.timers.stop(Timer.RETRANSMIT);
        tcb.timers.stop(Timer.USER_TIMEOUT);
        if (ack == tcb.send.una() && fastOpen.synAcks() == 1) { // else Karn, or the data's own time is better
            tcb.rtt.sample(nowNanos - fastOpen.synAckSentNanos());
        }
        tcb.send.initialWindow(tcb.negotiated.scaled(segment.window()), seq, ack);
        if (tcb.state() == TcpState.SYN_RECEIVED) {
            tcb.enter(TcpState.ESTABLISHED, CloseCause.NONE);
            tcb.raise(TcpEvent.CONNECTED);
        }
        if (tcb.send.outstanding() > 0) {
            Timeouts.startRetransmit(tcb, nowNanos);
            Timeouts.startUserTimeout(tcb, nowNanos);
        }
    }
}
