package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * Sending what has not been sent before: how much the two windows allow, and whether a segment that
 * is not full may go (Nagle, cork, silly window avoidance: RFC 9293 sections 3.7.4 and 3.8.6.2.1).
 */
final class NewData {
    private NewData() {
    }

    static TcpSegment poll(Tcb tcb, long nowNanos, int limit) {
        SendSpace send = tcb.send;
        long unsent = tcb.ends.isFinSent() ? 0 : tcb.sendQueue.end() - send.nxt();
        if (unsent == 0 && !tcb.ends.finPending()) {
            tcb.outbox.pushDue(false);
            long flight = tcb.scoreboard.pipe(send);
            if (flight < tcb.cwndBytes()) {
                tcb.deliveryRate.appLimited(flight);
            }
            return null;
        }
        long rate = Pacing.rate(tcb);
        if (!tcb.pacing.mayLeave(rate, nowNanos)) {
            tcb.timers.set(Timer.PACING, tcb.pacing.nextNanos());
            return null;
        }
        restartIfIdle(tcb, nowNanos);
        if (MtuProbes.isDue(tcb, nowNanos)) {
            return MtuProbes.hasRoom(tcb) ? MtuProbes.send(tcb, nowNanos) : null;
        }
        long room = room(tcb);
        if (room > 0 && unsent > tcb.smss() && Bursts.shouldWait(tcb, unsent, congestionRoom(tcb), nowNanos)) {
            return null;
        }
        int payload = (int) Math.min(unsent, Math.min(Pacing.quantum(rate, Math.min(limit, Bursts.limitBytes(tcb)), tcb.smss()), room));
        payload = withoutPartialTail(tcb, payload, unsent, nowNanos);
        // The FIN takes a place in the peer's window like a byte of text, none in the congestion window.
        boolean fin = tcb.ends.finPending() && payload == unsent && payload < send.usableWindow();
        if (payload == 0 && !fin) {
            waitForWindow(tcb, nowNanos);
            return null;
        }
        tcb.pacing.sent(rate, payload, nowNanos);
        return transmit(tcb, nowNanos, payload, fin);
    }

    /** One segment as a tail loss probe, whatever the congestion window says; {@code null} if there is none or no room at the peer. */
    static TcpSegment probe(Tcb tcb, long nowNanos) {
        long unsent = tcb.ends.isFinSent() ? 0 : tcb.sendQueue.end() - tcb.send.nxt();
        int payload = (int) Math.min(unsent, tcb.smss());
        if (payload == 0 || payload > tcb.send.usableWindow()) {
            return null;
        }
        boolean fin = tcb.ends.finPending() && payload == unsent && payload < tcb.send.usableWindow();
        return transmit(tcb, nowNanos, payload, fin);
    }

    /** One segment of so many bytes, which the windows have room for, whatever the size of the others. */
    static TcpSegment whole(Tcb tcb, long nowNanos, int payload) {
        return transmit(tcb, nowNanos, payload, false);
    }

    private static TcpSegment transmit(Tcb tcb, long nowNanos, int payload, boolean fin) {
        SendSpace send = tcb.send;
        TcpSegment segment = Transmitter.segment(tcb, nowNanos, send.nxt(), payload, fin);
        long start = send.nxt();
        long end = start + payload + (fin ? 1 : 0);
        if (send.outstanding() == 0) {
            tcb.deliveryRate.startFlight(nowNanos);
        }
        boolean heldBack = tcb.sendQueue.end() - send.nxt() >= tcb.config.notSentLowWaterBytes();
        if (fin) {
            tcb.ends.finSent();
        }
        if (payload % tcb.smss() != 0) {
            tcb.partialSegmentEnd = end;
        }
        send.advanceTo(end);
        if (heldBack && UserCalls.writableBytes(tcb) > 0) {
            tcb.raise(TcpEvent.WRITABLE); // sending, not the ACK, made room below the low-water mark
        }
        long flight = tcb.scoreboard.pipe(send);
        tcb.records.firstSent().sent(start, end, nowNanos, tcb.deliveryRate, flight);
        if (segment.hasFlags(TcpFlags.PSH)) {
            tcb.records.firstSent().pushed();
        }
        tcb.recovery.reduction.sent((int) (end - start));
        tcb.cwndUsage.sent(flight, tcb.cwndBytes(), send);
        tcb.outbox.pushDue(false);
        tcb.outbox.probeDue(false); // better than any probe
        tcb.timers.stop(Timer.PERSIST);
        tcb.timers.stop(Timer.CORK);
        Timeouts.startRetransmit(tcb, nowNanos);
        Timeouts.startUserTimeout(tcb, nowNanos);
        TailLossProbe.schedule(tcb, nowNanos);
        return segment;
    }

    /** Bytes that both windows allow. */
    private static long room(Tcb tcb) {
        long congestion = congestionRoom(tcb);
        long peer = tcb.send.usableWindow();
        if (congestion <= peer && congestion < tcb.sendQueue.end() - tcb.send.nxt()) {
            tcb.cwndUsage.blocked();
            // The congestion window opens by itself as ACKs come in: full segments only, no dribble.
            return congestion < tcb.smss() && tcb.send.outstanding() > 0 ? 0 : congestion;
        }
        return peer;
    }

    /** Bytes that may still be put into flight. */
    static long congestionRoom(Tcb tcb) {
        return Math.max(0, tcb.cwndBytes() - tcb.scoreboard.pipe(tcb.send));
    }

    /** Cuts off the part that is no full segment, unless it may go. */
    private static int withoutPartialTail(Tcb tcb, int payload, long unsent, long nowNanos) {
        int partial = payload % tcb.smss();
        if (partial == 0 || tcb.outbox.isPushDue()) {
            return payload;
        }
        boolean last = payload == unsent;
        boolean allowed = last ? mayFinish(tcb, nowNanos) : partial == payload && isLargeForPeer(tcb, partial);
        return allowed ? payload : payload - partial;
    }

    /** The tail of all that was written: whether to wait for more. */
    private static boolean mayFinish(Tcb tcb, long nowNanos) {
        if (tcb.ends.finPending()) {
            return true; // there will be no more
        }
        if (tcb.config.cork()) {
            Timeouts.startCork(tcb, nowNanos);
            return false;
        }
        // Departs from RFC 9293 3.7.4: held back only behind another partial segment, not behind any outstanding
        // data (Minshall's variant, as in Linux); else each large write would wait for an ACK that the peer delays.
        return tcb.config.noDelay() || tcb.partialSegmentEnd <= tcb.send.una();
    }

    /** RFC 9293 section 3.8.6.2.1, condition 3: half of the largest window the peer ever offered is not silly. */
    private static boolean isLargeForPeer(Tcb tcb, int bytes) {
        return tcb.send.usableWindow() == bytes && bytes >= tcb.send.maxWnd() / 2;
    }

    private static void waitForWindow(Tcb tcb, long nowNanos) {
        boolean peerBlocks = tcb.send.usableWindow() < tcb.smss();
        if (tcb.send.outstanding() == 0 && peerBlocks && !tcb.timers.isSet(Timer.CORK)) {
            Timeouts.startPersist(tcb, nowNanos);
        }
    }

    /**
     * Departs from RFC 5681 4.1: after an RTO without sending, what cwnd knew of the path is stale, and more so after several. It is halved
     * for each (RFC 2861 section 3.1, as in Linux), down to the restart window, instead of at once.
     */
    private static void restartIfIdle(Tcb tcb, long nowNanos) {
        long last = tcb.counters.lastDataSentNanos;
        boolean idle = last != Counters.NEVER && tcb.send.outstanding() == 0 && tcb.send.usableWindow() > 0;
        long timeouts = idle ? (nowNanos - last - 1) / tcb.rtt.rtoNanos(tcb.config) : 0;
        if (timeouts > 0 && tcb.config.slowStartAfterIdle()) {
            long cwnd = tcb.congestion.cwndBytes();
            long halved = cwnd >> Math.min(timeouts, Long.SIZE - 1);
            tcb.congestion.onIdleRestart(Math.max(Math.min(tcb.initialWindowBytes(), cwnd), halved));
        }
    }
}
