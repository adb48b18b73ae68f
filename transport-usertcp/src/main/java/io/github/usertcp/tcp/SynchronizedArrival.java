package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/**
 * A segment arrives in SYN-RECEIVED or a synchronized state (RFC 9293 section 3.10.7.4): the checks before anything is believed, in the
 * RFC's order, with those of RFC 7323 and RFC 5961 at their place. What is left goes on to {@link AckArrival} and {@link TextArrival}.
 */
final class SynchronizedArrival {
    private SynchronizedArrival() {
    }

    static void segment(Tcb tcb, TcpSegment segment, long nowNanos) {
        long seq = SequenceNumbers.unwrap(segment.seq(), tcb.receive.nxt());
        if (isRepeatedSyn(tcb, segment, seq)) {
            tcb.ecn.synRepeated(segment);
            tcb.outbox.synDue(true); // the SYN-ACK was lost: the peer is waiting for it, not for a bare ACK
            return;
        }
        if (completesSimultaneousOpen(tcb, segment, seq)) {
            believe(tcb, segment, seq + 1, nowNanos);
            return;
        }
        if (segment.isRst()) {
            reset(tcb, seq, nowNanos);
            return;
        }
        if (isOldDuplicate(tcb, segment, seq, nowNanos) || !isAcceptable(tcb, segment, seq, nowNanos)) {
            return;
        }
        if (segment.isSyn()) {
            // RFC 5961 4.2: challenge, never reset; an off-path attacker must not kill us.
            tcb.acks.challenge(nowNanos, tcb.config);
            return;
        }
        if (!segment.isAck() || !AckArrival.isInRange(tcb, segment, nowNanos)) {
            return;
        }
        believe(tcb, segment, seq, nowNanos);
    }

    /** The segment has passed all checks. */
    private static void believe(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        boolean stamped = tcb.negotiated.timestamps() && segment.hasTimestamps();
        tcb.ecn.arrived(tcb, segment, stamped && segment.tsVal() - tcb.timestamps.recent() > 0);
        if (stamped) {
            tcb.timestamps.update(segment.tsVal(), seq, tcb.receive.lastAckSent(), nowNanos);
        }
        tcb.probes.heard(nowNanos);
        AckArrival.segment(tcb, segment, seq, nowNanos);
    }

    private static boolean isRepeatedSyn(Tcb tcb, TcpSegment segment, long seq) {
        boolean syn = segment.isSyn() && !segment.isAck() && !segment.isRst() && !segment.isFin();
        return (tcb.state() == TcpState.SYN_RECEIVED || tcb.fastOpen.isAwaitingThird()) && syn && seq == tcb.receive.irs();
    }

    /**
     * The peer's SYN-ACK in a simultaneous open begins one number before our window, at the SYN we have already (section 3.5, figure 8).
     */
    private static boolean completesSimultaneousOpen(Tcb tcb, TcpSegment segment, long seq) {
        boolean synAck = segment.isSyn() && segment.isAck() && !segment.isRst() && !segment.isFin(); // no TCP sends SYN with FIN
        long ack = SequenceNumbers.unwrap(segment.ack(), tcb.send.una());
        return tcb.state() == TcpState.SYN_RECEIVED && !tcb.fastOpen.isOpenedBySyn() && synAck && seq == tcb.receive.irs()
            && tcb.send.una() < ack && ack <= tcb.send.nxt(); // less than all if the SYN carried data that was not taken
    }

    /**
     * Second step, check the RST bit, with RFC 5961 section 3.2: only the exact number resets; one elsewhere in the window is
     * answered, so that a peer that meant it can say it again exactly.
     */
    private static void reset(Tcb tcb, long seq, long nowNanos) {
        if (tcb.state() == TcpState.TIME_WAIT) {
            // Departs from RFC 9293 3.10.7.4: RFC 1337 section 3, fix F1. A reset
            // must not assassinate TIME-WAIT, old duplicates would survive it.
            return;
        }
        long nxt = tcb.receive.nxt();
        // A peer that has sent its FIN may not count it in a reset (Linux accepts this too).
        boolean beforeFin = tcb.ends.isInputEnded() && seq == nxt - 1;
        if (seq == nxt || beforeFin || isBehindReported(tcb, seq)) {
            resetNow(tcb);
        } else if (nxt < seq && seq < tcb.receive.edge()) {
            tcb.acks.challenge(nowNanos, tcb.config);
        }
    }

    /** RFC 5961 section 3.2 with SACK, as in Linux: a peer may count from the end of what we have reported, having forgotten the rest. */
    private static boolean isBehindReported(Tcb tcb, long seq) {
        ReassemblyQueue queue = tcb.reassembly;
        return tcb.negotiated.sack() && !queue.isEmpty() && seq == queue.rangeEnd(queue.ranges() - 1);
    }

    private static void resetNow(Tcb tcb) {
        if (tcb.state() != TcpState.SYN_RECEIVED || tcb.fastOpen.isOpenedBySyn()) {
            tcb.enter(TcpState.CLOSED, tcb.state() == TcpState.CLOSE_WAIT ? CloseCause.RESET_AFTER_END : CloseCause.RESET);
        } else if (tcb.fromListen && !tcb.ends.isOutputShut() && tcb.sendQueue.bytes() == 0) {
            listenAgain(tcb);
        } else {
            // Also a passive open that the user has written to or closed: that was meant for the peer who is gone.
            tcb.enter(TcpState.CLOSED, CloseCause.REFUSED);
        }
    }

    private static void listenAgain(Tcb tcb) {
        tcb.timers.stopAll();
        tcb.outbox.clear();
        tcb.records.release();
        tcb.synRetransmissions = 0;
        tcb.enter(TcpState.LISTEN, CloseCause.NONE);
    }

    /**
     * RFC 7323 section 5.3, R1. Departs from RFC 7323 3.2: a segment without a timestamp where timestamps were negotiated is taken, not
     * dropped, as Linux does; middleboxes strip options, and peers are seen that omit them from the third segment of the handshake.
     */
    private static boolean isOldDuplicate(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        if (!tcb.negotiated.timestamps() || !segment.hasTimestamps() || !tcb.timestamps.isOld(segment.tsVal(), nowNanos)) {
            return false;
        }
        answerUnacceptable(tcb, segment, seq, nowNanos);
        return true;
    }

    /** First step, check the sequence number; answers what is not acceptable. */
    private static boolean isAcceptable(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        if (tcb.receive.isAcceptable(seq, segment.sequenceLength())) {
            return true;
        }
        if (tcb.receive.wnd() == 0 && seq == tcb.receive.nxt() && !segment.isSyn()) {
            // "Special allowance should be made to accept valid ACKs" while our window is closed: the text is cut off later.
            return true;
        }
        if (tcb.state() == TcpState.TIME_WAIT && segment.isFin()) {
            // Eighth step: a repeated FIN restarts 2 MSL, its sender has not seen our last ACK.
            Timeouts.startTimeWait(tcb, nowNanos);
        }
        if (!segment.isSyn() && seq + segment.sequenceLength() > tcb.receive.edge()) {
            tcb.counters.segsBeyondWindow++;
        }
        answerUnacceptable(tcb, segment, seq, nowNanos);
        return false;
    }

    /**
     * An ACK that tells the peer where we are. Text repeated needs one each
     * time, all else at most one in a while, or two desynchronized peers storm.
     */
    private static void answerUnacceptable(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        boolean repeatsText = (segment.payloadLength() > 0 || segment.isFin()) && !segment.isSyn();
        if (repeatsText) {
            if (seq < tcb.receive.nxt() && tcb.reportsDuplicates()) {
                // RFC 2883 4.3: also where the timestamp is old; a FIN counts, as in Linux.
                tcb.sacks.duplicate(seq, Math.min(seq + segment.sequenceLength(), tcb.receive.nxt()));
            }
            tcb.ecn.textRefused(tcb, segment, seq);
            tcb.acks.answerRepeated(tcb.receive.wnd(), tcb.config);
        } else {
            if (segment.isSyn()) {
                tcb.ecn.echoSynAck(segment); // our answer to the first one was lost
            }
            tcb.acks.challenge(nowNanos, tcb.config);
        }
    }
}
