package io.github.usertcp.tcp;

/**
 * A probe for a loss at the end of a flight. The idea: after the last segments nothing follows whose SACK would show that they are lost,
 * and the retransmission timer is slow; so after two round trips of silence send one segment more, new data or the last one again, and let
 * its ACK tell. One probe a flight.
 *
 * <p>Source: RFC 8985 section 7. Nanoseconds.
 * <pre>
 *   PTO = 2 SRTT [+ the longest delay of an ACK, where a segment left alone], at most the RTO      (7.2)
 * </pre>
 */
final class TailLossProbe {
    /** RFC 8985 section 7.2: the initial timeout of RFC 6298. */
    private static final long WITHOUT_RTT_NANOS = 1_000_000_000L;
    /** WCDelAckT of RFC 8985 section 7.2, the longest that common receivers delay an ACK. */
    private static final long WORST_DELAYED_ACK_NANOS = 200_000_000L;
    /** A timer's tick or two, so that an ACK that arrives at two round trips sharp is not too late; as in Linux. */
    private static final long GRANULARITY_NANOS = 2_000_000L;
    private static final long NONE = -1;

    /** TLP.end_seq: the highest number sent when the probe left, {@link #NONE} while there is none. */
    private long end = NONE;
    private boolean retransmission;
    private long from;
    /** Where what a probe last sent again ends: that was sent twice also when the probe itself is forgotten. */
    private long copyEnd = NONE;
    private long sentNanos;
    private boolean arrivedTwice;

    boolean isOut() {
        return end != NONE;
    }

    /** True if a probe, the last one, sent data again that lies in {@code [rangeFrom, rangeTo)}. */
    boolean copied(long rangeFrom, long rangeTo) {
        return rangeFrom < copyEnd && from < rangeTo;
    }

    long sentNanos() {
        return sentNanos;
    }

    /** Where what the probe sent again begins. */
    long from() {
        return from;
    }

    long copyEnd() {
        return copyEnd;
    }

    void sent(boolean again, long probeFrom, long nxt, long nowNanos) {
        end = nxt;
        retransmission = again;
        from = probeFrom;
        copyEnd = again ? nxt : NONE;
        sentNanos = nowNanos;
        arrivedTwice = false;
    }

    void forget() {
        end = NONE;
    }

    /** The peer reports a duplicate: the probe's, if it covers that. */
    void duplicateSack(long rangeFrom, long rangeTo) {
        arrivedTwice |= copied(rangeFrom, rangeTo);
    }

    /**
     * RFC 8985 section 7.4.
     *
     * @param bare  the ACK told nothing new at all
     * @return true if the probe has repaired a loss, which nobody else will notice
     */
    boolean acknowledged(long una, boolean bare) {
        if (!isOut() || una < end) {
            return false;
        }
        if (!retransmission || arrivedTwice || bare) {
            forget(); // new data was acknowledged, or original and probe both arrived
            return false;
        }
        if (una > end) {
            forget();
            return true; // had the original arrived, a duplicate would have been reported before anything newer
        }
        return false;
    }

    // ---- the timer

    /** Sets the timer anew after new data left or was acknowledged, if a probe is wanted; stops it if not. */
    static void schedule(Tcb tcb, long nowNanos) {
        if (!isWanted(tcb)) {
            tcb.timers.stop(Timer.LOSS_PROBE);
            return;
        }
        tcb.timers.set(Timer.LOSS_PROBE, Math.min(timeout(tcb, nowNanos), tcb.timers.deadline(Timer.RETRANSMIT)));
    }

    /**
     * Departs from RFC 8985 7.2: the longest delay of an ACK is allowed for only where a segment left alone. One that left in a flight
     * and is the only one not acknowledged has its two round trips from its departure: the receiver's timer has run since the one before.
     */
    private static long timeout(Tcb tcb, long nowNanos) {
        long srtt = tcb.rtt.srttNanos();
        if (srtt < 0) {
            return nowNanos + WITHOUT_RTT_NANOS;
        }
        if (tcb.send.outstanding() > tcb.smss()) {
            return nowNanos + 2 * srtt + GRANULARITY_NANOS;
        }
        TransmissionRing ring = tcb.records.firstSent();
        int last = ring.size() - 1;
        if (ring.flightBytes(last) <= tcb.smss()) {
            return nowNanos + 2 * srtt + WORST_DELAYED_ACK_NANOS;
        }
        return Math.max(nowNanos + GRANULARITY_NANOS, ring.sentNanos(last) + 2 * srtt);
    }

    /** The connection has probes at all: they need SACK. */
    static boolean isInUse(Tcb tcb) {
        return tcb.config.tailLossProbe() && tcb.negotiated.sack();
    }

    private static boolean isWanted(Tcb tcb) {
        LossRecovery.Phase phase = tcb.recovery.phase();
        boolean timed = !tcb.fastOpen.isAwaitingThird(); // else the timer is the SYN-ACK's
        return timed && isInUse(tcb) && tcb.send.outstanding() > 0 && tcb.send.wnd() > 0
            && (phase == LossRecovery.Phase.OPEN || phase == LossRecovery.Phase.CWR);
    }

    /** The timer expired: the probe leaves with the next poll, and only the retransmission timer runs behind it. */
    static void expired(Tcb tcb, long nowNanos) {
        if (!tcb.tail.isOut() && isWanted(tcb)) {
            tcb.outbox.lossProbeDue(true);
            Timeouts.restartRetransmit(tcb, nowNanos);
        }
    }
}
