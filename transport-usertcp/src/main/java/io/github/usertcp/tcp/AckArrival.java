package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/** Fifth step, check the ACK field (RFC 9293 section 3.10.7.4): what an acknowledgment acknowledges, and what follows from it. */
final class AckArrival {
    private AckArrival() {
    }

    /**
     * RFC 5961 section 5.2, before text is consumed or a window believed: an attacker
     * who guesses a sequence number must guess an ACK too. Answers what is out of range.
     */
    static boolean isInRange(Tcb tcb, TcpSegment segment, long nowNanos) {
        SendSpace send = tcb.send;
        long ack = SequenceNumbers.unwrap(segment.ack(), send.una());
        if (tcb.state() == TcpState.SYN_RECEIVED) {
            if (send.una() < ack && ack <= send.nxt()) {
                return true;
            }
            tcb.outbox.reset(Handshake.resetFor(segment, tcb.tuple)); // RFC 9293, "if the segment acknowledgment is not acceptable"
            return false;
        }
        if (send.una() - send.maxWnd() <= ack && ack <= send.nxt()) {
            return true;
        }
        tcb.acks.challenge(nowNanos, tcb.config);
        return false;
    }

    /** The segment has passed all checks. */
    static void segment(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        long ack = SequenceNumbers.unwrap(segment.ack(), tcb.send.una());
        if (tcb.state() == TcpState.SYN_RECEIVED) {
            acknowledgeSyn(tcb, segment, ack, nowNanos);
            // The third segment's window is the first scaled one; of a simultaneous open's SYN-ACK it is not (RFC 7323 2.2).
            tcb.send.initialWindow(segment.isSyn() ? segment.window() : tcb.negotiated.scaled(segment.window()), seq, ack);
            tcb.establish(nowNanos);
            if (segment.isSyn()) {
                tcb.acks.acknowledgeNow();
            }
        } else {
            acknowledge(tcb, segment, seq, ack, nowNanos);
        }
        afterAck(tcb, nowNanos);
        TextArrival.segment(tcb, segment, seq, nowNanos);
    }

    /** Our SYN, alone, is acknowledged. */
    static void acknowledgeSyn(Tcb tcb, TcpSegment segment, long ack, long nowNanos) {
        long dataStart = tcb.send.iss() + 1;
        tcb.records.acknowledge(dataStart);
        sampleRtt(tcb, segment, nowNanos);
        tcb.records.release(); // an idle connection holds no arrays
        tcb.send.acknowledge(Math.min(ack, dataStart));
        tcb.outbox.synDue(false);
        tcb.timers.stop(Timer.RETRANSMIT);
        tcb.timers.stop(Timer.USER_TIMEOUT);
    }

    private static void acknowledge(Tcb tcb, TcpSegment segment, long seq, long ack, long nowNanos) {
        SendSpace send = tcb.send;
        if (ack < send.una()) {
            return; // an old one, reordered; its text still counts
        }
        tcb.softError = CloseCause.NONE; // the peer is there, whatever the network has said
        boolean wasClosed = send.wnd() == 0;
        boolean windowMoved = send.updateWindow(tcb.negotiated.scaled(segment.window()), seq, ack);
        if (ack > send.una()) {
            acknowledgeNew(tcb, segment, ack, nowNanos);
        } else if (send.outstanding() > 0 && segment.payloadLength() == 0 && !segment.isFin() && !windowMoved) {
            duplicate(tcb, nowNanos); // RFC 5681 section 2 defines what a duplicate is
        }
        if (send.wnd() > 0) {
            tcb.probes.endBackoff();
            if (wasClosed) {
                tcb.timers.stop(Timer.PERSIST); // else it may be running to override silly window avoidance, and ACKs must not put that off
            }
            if (send.outstanding() == 0) {
                tcb.timers.stop(Timer.USER_TIMEOUT);
            }
        } else if (!tcb.ends.isAbandoned()) {
            tcb.recovery.peerHolds();
        }
    }

    private static void acknowledgeNew(Tcb tcb, TcpSegment segment, long ack, long nowNanos) {
        SendSpace send = tcb.send;
        long acked = ack - send.una();
        boolean cwndLimited = tcb.cwndUsage.isCwndLimited(tcb.congestion.cwndBytes(), tcb.congestion.ssthreshBytes());
        tcb.records.acknowledge(ack);
        long rttNanos = sampleRtt(tcb, segment, nowNanos);
        int queued = tcb.sendQueue.bytes();
        tcb.sendQueue.acknowledge(ack);
        int ackedBytes = queued - tcb.sendQueue.bytes();
        tcb.counters.bytesAcked += ackedBytes;
        undoIfSpurious(tcb, segment, nowNanos);
        send.acknowledge(ack);
        boolean inRecovery = tcb.recovery.phase() == LossRecovery.Phase.FAST_RECOVERY;
        boolean recovered = tcb.recovery.acknowledged(send, acked, tcb.smss());
        tcb.congestion.onAck(tcb.ackSample().start(nowNanos, ackedBytes, tcb.recovery.pipe(send)).limits(cwndLimited, inRecovery)
            .rtt(rttNanos, tcb.rtt.srttNanos(), tcb.rtt.minRttNanos()));
        if (recovered) {
            tcb.congestion.onExitRecovery(send.outstanding(), nowNanos);
        }
        if (ackedBytes > 0) {
            tcb.raise(TcpEvent.WRITABLE);
        }
        Timeouts.restartAfterProgress(tcb, nowNanos);
    }

    /** RFC 4015 section 3: what was not lost need not be sent again, nor slow us down. */
    private static void undoIfSpurious(Tcb tcb, TcpSegment segment, long nowNanos) {
        int echo = tcb.negotiated.timestamps() && segment.hasTimestamps() ? segment.tsEcr() : 0;
        if (tcb.eifel.wasSpurious(echo)) {
            tcb.recovery.undo(tcb.send);
            tcb.congestion.onUndo(nowNanos);
        }
    }

    /** RFC 6298 section 3: from the departure of what was acknowledged, or, where that was sent twice, from the echoed timestamp. */
    private static long sampleRtt(Tcb tcb, TcpSegment segment, long nowNanos) {
        long sent = tcb.records.ackedSentNanos();
        long rtt = -1;
        if (sent != TransmissionRecords.UNTIMED) {
            rtt = nowNanos - sent;
        } else if (tcb.negotiated.timestamps() && segment.hasTimestamps() && segment.tsEcr() != 0) {
            int ticks = Handshake.tsVal(nowNanos, tcb.negotiated.tsOffset()) - segment.tsEcr();
            rtt = ticks < 0 ? -1 : ticks * 1_000_000L; // an echo from the future measures nothing
        }
        if (rtt >= 0) {
            tcb.rtt.sample(rtt);
        }
        return rtt;
    }

    private static void duplicate(Tcb tcb, long nowNanos) {
        // RFC 5681 3.2 step 2: what limited transmit has sent beyond cwnd is not counted.
        long flight = Math.min(tcb.send.outstanding(), tcb.congestion.cwndBytes());
        if (tcb.recovery.duplicate(tcb.send, tcb.smss())) {
            tcb.eifel.lossSuspected();
            tcb.congestion.onEnterRecovery(flight, nowNanos);
        }
    }

    /** What an acknowledged FIN changes. */
    private static void afterAck(Tcb tcb, long nowNanos) {
        if (!tcb.isFinAcknowledged()) {
            return;
        }
        switch (tcb.state()) {
            case FIN_WAIT_1 -> {
                tcb.enter(TcpState.FIN_WAIT_2, CloseCause.NONE);
                if (tcb.ends.isAbandoned()) {
                    Timeouts.startFinWait2(tcb, nowNanos);
                }
            }
            case CLOSING -> Timeouts.enterTimeWait(tcb, nowNanos);
            case LAST_ACK -> tcb.enter(TcpState.CLOSED, CloseCause.NONE);
            default -> { }
        }
    }
}
