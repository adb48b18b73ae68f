package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.congestion.AckSample;

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
        if (tcb.state() == TcpState.SYN_RECEIVED || tcb.fastOpen.isAwaitingThird()) {
            boolean newOne = send.una() < ack || send.una() == ack && tcb.fastOpen.isOpenedBySyn();
            if (newOne && ack <= send.nxt()) {
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
        if (tcb.fastOpen.isAwaitingThird()) {
            FastOpenServer.third(tcb, segment, seq, ack, nowNanos);
            if (ack > tcb.send.una()) {
                acknowledge(tcb, segment, seq, ack, nowNanos);
            }
        } else if (tcb.state() == TcpState.SYN_RECEIVED) {
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

    /** Our SYN is acknowledged, alone unless it carried data. */
    static void acknowledgeSyn(Tcb tcb, TcpSegment segment, long ack, long nowNanos) {
        long dataStart = tcb.send.iss() + 1;
        int row = tcb.synRetransmissions > 0 ? TransmissionRing.NONE : tcb.records.firstSent().find(tcb.send.iss());
        long sentNanos = row == TransmissionRing.NONE ? Delivery.UNTIMED : tcb.records.firstSent().sentNanos(row);
        if (sentNanos != HalfOpen.FORGOTTEN) { // then the timestamp, too, has told something else
            sampleRtt(tcb, segment, sentNanos, nowNanos);
        }
        tcb.records.release(); // an idle connection holds no arrays
        tcb.send.acknowledge(dataStart);
        FastOpenClient.synAcknowledged(tcb, segment, ack);
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
        boolean advances = ack > send.una();
        boolean outstanding = send.outstanding() > 0;
        if (advances || outstanding || segment.sackBlockCount() > 0) { // a D-SACK may come when all is acknowledged
            boolean duplicate = !advances && outstanding && segment.payloadLength() == 0 && !segment.isFin() && !windowMoved;
            believe(tcb, segment, ack, duplicate, nowNanos);
        } else {
            boolean bare = segment.payloadLength() == 0 && !segment.isFin() && !windowMoved;
            tcb.tail.acknowledged(send.una(), bare); // of probe and original the later one arrived: RFC 8985 7.4.2
            tcb.ecn.delivered(tcb, segment, 0);
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

    /** What was sent is found to have arrived, or to be lost, and the congestion control is told. */
    private static void believe(Tcb tcb, TcpSegment segment, long ack, boolean duplicate, long nowNanos) {
        SendSpace send = tcb.send;
        Delivery delivery = tcb.delivery;
        boolean cwndLimited = tcb.cwndUsage.isCwndLimited(tcb.cwndBytes(), tcb.congestion.ssthreshBytes());
        boolean wasReducing = tcb.recovery.phase().isReducing();
        long priorFlight = tcb.scoreboard.pipe(send);
        boolean advances = ack > send.una();
        int queued = tcb.sendQueue.bytes();
        delivery.start(advances, tcb.scoreboard.highestDelivered(), newestBelievableCopy(tcb, segment, nowNanos));
        if (advances) {
            advance(tcb, ack);
        }
        AckedRanges.selective(tcb, segment);
        tcb.ecn.delivered(tcb, segment, delivery.bytes());
        tcb.deliveryRate.delivered(delivery.bytes(), nowNanos);
        long rttNanos = measure(tcb, segment, nowNanos);
        boolean late = advances && tcb.eifel.isLate(echo(tcb, segment));
        LossResponse.onAck(tcb, duplicate, late, nowNanos);
        if (tcb.ecn.isCongestionEchoed()) {
            LossResponse.reduceWithoutLoss(tcb, nowNanos);
        }
        int ackedBytes = queued - tcb.sendQueue.bytes();
        AckSample sample = tcb.ackSample().start(nowNanos, ackedBytes, tcb.scoreboard.pipe(send))
            .limits(cwndLimited, wasReducing || tcb.recovery.phase().isReducing())
            .rtt(rttNanos, tcb.rtt.srttNanos(), tcb.rtt.minRttNanos())
            .delivered(delivery.bytes(), delivery.lostBytes(), priorFlight, tcb.deliveryRate.deliveredBytes())
            .marked(tcb.ecn.markedBytes());
        tcb.deliveryRate.sample(delivery, tcb.rtt.minRttNanos(), sample);
        if (delivery.bytes() > 0 || delivery.lostBytes() > 0) {
            tcb.congestion.onAck(sample);
        }
        if (tcb.recovery.phase().isReducing()) {
            tcb.recovery.reduction.onAck(delivery, sample.flightBytes(), tcb.congestion.ssthreshBytes(), tcb.smss());
        }
        if (advances) {
            tcb.sendBuffer.acknowledged(tcb.congestion.cwndBytes(), !tcb.memoryPressure);
            Timeouts.restartAfterProgress(tcb, nowNanos);
        }
    }

    /** SND.UNA moves. */
    private static void advance(Tcb tcb, long ack) {
        SendSpace send = tcb.send;
        long acked = ack - send.una();
        AckedRanges.cumulative(tcb, ack);
        int queued = tcb.sendQueue.bytes();
        tcb.sendQueue.acknowledge(ack);
        int ackedBytes = queued - tcb.sendQueue.bytes();
        tcb.counters.bytesAcked += ackedBytes;
        if (ackedBytes > 0) {
            tcb.raise(TcpEvent.WRITABLE);
        }
        send.acknowledge(ack);
        MtuProbes.acknowledged(tcb);
        tcb.records.acknowledge(ack);
        tcb.recovery.advanced();
        if (!tcb.negotiated.sack()) {
            // Of what was acknowledged one segment had been sent again, the others had left before, at a duplicate ACK each.
            tcb.delivery.countedBefore(Math.min(tcb.scoreboard.sackedBytes(), Math.max(0, acked - tcb.smss())));
            tcb.scoreboard.forgetLeft(Math.max(0, acked - tcb.smss()));
        }
    }

    // ---- time

    private static int echo(Tcb tcb, TcpSegment segment) {
        return tcb.negotiated.timestamps() && segment.hasTimestamps() ? segment.tsEcr() : 0;
    }

    /** RFC 8985 section 6.2 step 2: what left after this time cannot be what an ACK acknowledges that arrives now and echoes this. */
    private static long newestBelievableCopy(Tcb tcb, TcpSegment segment, long nowNanos) {
        long newest = nowNanos - Math.max(0, tcb.rtt.minRttNanos());
        int echo = echo(tcb, segment);
        if (echo == 0) {
            return newest;
        }
        // The echoed tick ends a millisecond after it began.
        long ticks = Integer.toUnsignedLong(Handshake.tsVal(nowNanos, tcb.negotiated.tsOffset()) - echo);
        long echoedEnd = (nowNanos / 1_000_000L - ticks + 1) * 1_000_000L - 1;
        return ticks > Integer.MAX_VALUE ? newest : Math.min(newest, echoedEnd);
    }

    /**
     * RFC 6298 section 3. The smoothed RTT takes the oldest of what was acknowledged, delays of ACKs included, so that the
     * timeout allows for them; the smallest RTT and the congestion control take the newest.
     *
     * @return the RTT of the newest, -1 if this ACK measured none
     */
    private static long measure(Tcb tcb, TcpSegment segment, long nowNanos) {
        Delivery delivery = tcb.delivery;
        long oldest = delivery.oldestSentNanos() != Delivery.UNTIMED ? delivery.oldestSentNanos() : delivery.oldestSackedSentNanos();
        if (delivery.isAdvanced() || oldest != Delivery.UNTIMED) {
            sampleRtt(tcb, segment, oldest, nowNanos);
        }
        if (oldest == Delivery.UNTIMED || !delivery.isTimed()) {
            return -1;
        }
        long newest = Math.max(0, nowNanos - delivery.sentNanos());
        tcb.rtt.sampleMinimum(newest);
        return newest;
    }

    /**
     * From the departure of what was acknowledged, or, where that was sent twice, from the echoed timestamp. An echo within its own tick
     * counts as one tick, as in Linux: a smallest RTT of nothing would leave no room for reordering (RFC 8985 section 6.2 step 4).
     */
    private static void sampleRtt(Tcb tcb, TcpSegment segment, long sentNanos, long nowNanos) {
        if (sentNanos != Delivery.UNTIMED) {
            tcb.rtt.sample(nowNanos - sentNanos);
        } else if (tcb.negotiated.timestamps() && segment.hasTimestamps() && segment.tsEcr() != 0) {
            int ticks = Handshake.tsVal(nowNanos, tcb.negotiated.tsOffset()) - segment.tsEcr();
            if (ticks >= 0) { // an echo from the future measures nothing
                tcb.rtt.sample(Math.max(1, ticks) * 1_000_000L);
            }
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
