package io.github.usertcp.tcp;

/** What each timer does when it expires, and when each is set (RFC 9293 section 3.10.8, RFC 6298 section 5). */
final class Timeouts {
    /** Beyond this every probe interval has reached its bound; keeps the shift in range. */
    private static final int MAX_PROBE_SHIFT = 20;
    /** Linux: a corked tail leaves after a retransmission timeout of at least 200 ms without anything in flight. */
    private static final long MIN_CORK_NANOS = 200_000_000L;

    private Timeouts() {
    }

    static void fire(Tcb tcb, long nowNanos) {
        for (Timer timer : Timer.ALL) {
            if (tcb.timers.isDue(timer, nowNanos)) {
                tcb.timers.stop(timer);
                fire(tcb, timer, nowNanos);
            }
        }
    }

    private static void fire(Tcb tcb, Timer timer, long nowNanos) {
        switch (timer) {
            case LOSS_PROBE -> TailLossProbe.expired(tcb, nowNanos);
            case REORDER -> LossResponse.onReorderTimeout(tcb, nowNanos);
            case PACING -> { } // the poll that follows sends
            case RETRANSMIT -> retransmit(tcb, nowNanos);
            case PERSIST -> persist(tcb, nowNanos);
            case DELAYED_ACK -> tcb.acks.delayIsOver(tcb.rtt.rtoNanos(tcb.config), tcb.config);
            case CORK -> tcb.outbox.pushDue(true);
            case KEEPALIVE -> keepAlive(tcb, nowNanos);
            case USER_TIMEOUT -> tcb.enter(TcpState.CLOSED, tcb.timedOut(CloseCause.USER_TIMEOUT));
            case FIN_WAIT_2, TIME_WAIT -> tcb.enter(TcpState.CLOSED, CloseCause.NONE);
        }
    }

    // ---- retransmission, RFC 6298 section 5

    private static void retransmit(Tcb tcb, long nowNanos) {
        if (tcb.fastOpen.isAwaitingThird()) {
            FastOpenServer.synAckTimeout(tcb, nowNanos);
            return;
        }
        if (tcb.state() == TcpState.SYN_SENT || tcb.state() == TcpState.SYN_RECEIVED) {
            retransmitSyn(tcb);
            return;
        }
        int limit = tcb.ends.isAbandoned() ? tcb.config.orphanRetries() : tcb.config.dataRetries();
        if (tcb.recovery.timeouts() >= limit) {
            tcb.enter(TcpState.CLOSED, tcb.timedOut(CloseCause.TIMED_OUT)); // R2 of RFC 9293 section 3.8.3
            return;
        }
        MtuProbes.onTimeout(tcb, nowNanos);
        LossResponse.onTimeout(tcb, nowNanos);
        tcb.rtt.backOff();
    }

    private static void retransmitSyn(Tcb tcb) {
        int linear = tcb.state() == TcpState.SYN_SENT ? tcb.config.synLinearRetries() : 0;
        int limit = linear + (tcb.state() == TcpState.SYN_SENT ? tcb.config.synRetries() : tcb.config.synAckRetries());
        if (tcb.synRetransmissions >= limit) {
            tcb.enter(TcpState.CLOSED, tcb.timedOut(CloseCause.TIMED_OUT));
            return;
        }
        tcb.synRetransmissions++;
        if (tcb.synRetransmissions > linear) {
            tcb.rtt.backOff();
        }
        tcb.outbox.synDue(true);
    }

    /**
     * The network has reported that a retransmission found no route: it was not lost to congestion, and the doubling of the timeout for it
     * is taken back (RFC 6069 section 4). What remains of the shorter timeout counts from when it was sent; the earliest is now.
     */
    static void revertBackoff(Tcb tcb, long nowNanos) {
        if (tcb.recovery.timeouts() > 0 && tcb.rtt.backoff() > 0 && tcb.timers.isSet(Timer.RETRANSMIT)) {
            long sent = tcb.timers.deadline(Timer.RETRANSMIT) - tcb.rtt.rtoNanos(tcb.config);
            tcb.rtt.revertBackOff();
            tcb.timers.set(Timer.RETRANSMIT, Math.max(nowNanos, sent + tcb.rtt.rtoNanos(tcb.config)));
        }
    }

    /** Something that wants an acknowledgment left: rule 5.1. */
    static void startRetransmit(Tcb tcb, long nowNanos) {
        if (!tcb.timers.isSet(Timer.RETRANSMIT)) {
            restartRetransmit(tcb, nowNanos);
        }
    }

    static void restartRetransmit(Tcb tcb, long nowNanos) {
        if (tcb.fastOpen.isAwaitingThird()) {
            return; // the timer is the SYN-ACK's
        }
        tcb.timers.set(Timer.RETRANSMIT, nowNanos + tcb.rtt.rtoNanos(tcb.config));
    }

    /** New data was acknowledged: rules 5.2 and 5.3. */
    static void restartAfterProgress(Tcb tcb, long nowNanos) {
        tcb.rtt.progress(tcb.send, tcb.config);
        if (tcb.send.outstanding() == 0) {
            tcb.timers.stop(Timer.RETRANSMIT);
            tcb.timers.stop(Timer.USER_TIMEOUT);
        } else {
            tcb.timers.set(Timer.RETRANSMIT, nowNanos + RtoRestart.timeoutNanos(tcb, nowNanos));
            tcb.timers.stop(Timer.USER_TIMEOUT);
            startUserTimeout(tcb, nowNanos);
        }
        TailLossProbe.schedule(tcb, nowNanos);
    }

    /** RFC 5482: counts from the last progress, or from when there was something to make progress with. */
    static void startUserTimeout(Tcb tcb, long nowNanos) {
        if (tcb.config.userTimeoutNanos() > 0 && !tcb.timers.isSet(Timer.USER_TIMEOUT)) {
            tcb.timers.set(Timer.USER_TIMEOUT, nowNanos + tcb.config.userTimeoutNanos());
        }
    }

    // ---- zero window, RFC 9293 section 3.8.6.1

    /** Something waits, nothing is in flight whose ACK could open the window, and the window does not let it out. */
    static void startPersist(Tcb tcb, long nowNanos) {
        if (!tcb.timers.isSet(Timer.PERSIST)) {
            long interval = tcb.rtt.rtoNanos(tcb.config) << Math.min(tcb.probes.backoff(), MAX_PROBE_SHIFT);
            tcb.timers.set(Timer.PERSIST, nowNanos + Math.min(interval, tcb.config.maxRtoNanos()));
            startUserTimeout(tcb, nowNanos);
        }
    }

    private static void persist(Tcb tcb, long nowNanos) {
        if (tcb.send.outstanding() > 0) {
            return; // the retransmission timer has taken over
        }
        if (tcb.send.wnd() > 0) {
            tcb.outbox.pushDue(true); // the override of section 3.8.6.2.1: a small window is better than none
            return;
        }
        if (tcb.ends.isAbandoned() && tcb.probes.backoff() >= tcb.config.orphanRetries()) {
            // A peer may hold its window closed for ever, but not when nobody waits for it any more.
            tcb.abort(tcb.timedOut(CloseCause.TIMED_OUT));
            return;
        }
        if (tcb.probes.unanswered() >= tcb.config.dataRetries()) {
            tcb.enter(TcpState.CLOSED, tcb.timedOut(CloseCause.TIMED_OUT));
            return;
        }
        tcb.probes.sent();
        tcb.probes.backOff();
        tcb.outbox.probeDue(true);
        startPersist(tcb, nowNanos);
    }

    /** An ACK waits for company; one that has waited for most of its time waits no longer, as in Linux. */
    static void startDelayedAck(Tcb tcb, long nowNanos) {
        long delay = tcb.acks.delayNanos(tcb.rtt.srttNanos(), tcb.config);
        long left = tcb.timers.isSet(Timer.DELAYED_ACK) ? tcb.timers.deadline(Timer.DELAYED_ACK) - nowNanos : delay;
        if (left <= delay / 4) {
            tcb.acks.acknowledgeNow();
        } else {
            tcb.timers.set(Timer.DELAYED_ACK, nowNanos + Math.min(left, delay));
        }
    }

    /** For a tail held back by a cork. */
    static void startCork(Tcb tcb, long nowNanos) {
        if (!tcb.timers.isSet(Timer.CORK) && tcb.send.outstanding() == 0) {
            tcb.timers.set(Timer.CORK, nowNanos + Math.max(MIN_CORK_NANOS, tcb.rtt.rtoNanos(tcb.config)));
        }
    }

    // ---- keepalive, RFC 9293 section 3.8.4

    private static void keepAlive(Tcb tcb, long nowNanos) {
        TcpConfig config = tcb.config;
        if (!config.keepAlive()) {
            return;
        }
        long idleSince = tcb.probes.heardNanos();
        boolean otherwiseWatched = tcb.send.outstanding() > 0 || tcb.timers.isSet(Timer.PERSIST);
        if (otherwiseWatched || tcb.probes.unanswered() == 0 && nowNanos - idleSince < config.keepAliveIdleNanos()) {
            // Not idle: retransmissions, window probes, or the peer itself show whether it lives. The timer is lazy and looks only now.
            long next = otherwiseWatched ? nowNanos : idleSince;
            tcb.timers.set(Timer.KEEPALIVE, next + config.keepAliveIdleNanos());
            return;
        }
        if (tcb.probes.unanswered() >= config.keepAliveCount()) {
            tcb.abort(tcb.timedOut(CloseCause.KEEPALIVE_TIMEOUT));
            return;
        }
        tcb.probes.sent();
        tcb.outbox.probeDue(true);
        tcb.timers.set(Timer.KEEPALIVE, nowNanos + config.keepAliveIntervalNanos());
    }

    // ---- farewell

    /** Nobody reads any more, and a peer that never sends its FIN must not keep us for ever. */
    static void startFinWait2(Tcb tcb, long nowNanos) {
        tcb.timers.set(Timer.FIN_WAIT_2, nowNanos + tcb.config.finWait2Nanos());
    }

    static void enterTimeWait(Tcb tcb, long nowNanos) {
        tcb.enter(TcpState.TIME_WAIT, CloseCause.NONE);
        startTimeWait(tcb, nowNanos);
    }

    /** Two maximum segment lifetimes (RFC 9293 section 3.4.2), from now. */
    static void startTimeWait(Tcb tcb, long nowNanos) {
        tcb.timers.set(Timer.TIME_WAIT, nowNanos + 2 * tcb.config.maxSegmentLifetimeNanos());
    }
}
