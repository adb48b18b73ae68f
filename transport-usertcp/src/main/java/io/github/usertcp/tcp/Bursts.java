package io.github.usertcp.tcp;

/**
 * How many new segments leave as one burst, and whether a small burst had better wait for the next ACK. A burst is what Linux hands to
 * its network card as one TSO packet; scripts, captures and the peer's receive offload see where it ends by its PSH.
 *
 * <p>Source: Linux {@code tcp_tso_autosize}, {@code tcp_cwnd_test} and {@code tcp_tso_should_defer}. Bytes and nanoseconds.
 * <pre>
 *   rate       what the congestion control paces at, else 2 cwnd / SRTT in slow start and 1.2 cwnd / SRTT after it
 *   burst      one millisecond at that rate, and 64 KiB halved for each 512 us of the path's RTT; at least {@code minBurstSegments}
 *   and        at most half of cwnd, so that there are two to wait for
 * </pre>
 */
final class Bursts {
    /** What one packet of Linux carries at most, headers of all layers counted. */
    private static final long MAX_BURST_BYTES = 65_536 - 320 - 1;
    private static final int SLOW_START_PERCENT = 200;
    private static final int AVOIDANCE_PERCENT = 120;
    /** {@code tcp_tso_rtt_log}: 2^9 us of RTT halve the generous part. */
    private static final int RTT_SHIFT = 9;
    /** {@code sk_pacing_shift}: rate / 2^10 is about what leaves in a millisecond. */
    private static final int MILLISECOND_SHIFT = 10;
    /** {@code tcp_max_tso_deferred_mss}: without a share of the window to wait for, not past a single ACK. */
    private static final int MAX_DEFERRED_SEGMENTS = 3;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private Bursts() {
    }

    /** The largest burst that may leave now, a multiple of SMSS. */
    static long limitBytes(Tcb tcb) {
        int smss = tcb.smss();
        long halfWindow = Math.max(1, tcb.cwndBytes() / smss / 2);
        return Math.min(halfWindow, automaticSegments(tcb)) * smss;
    }

    private static long automaticSegments(Tcb tcb) {
        long bytes = bytesPerMillisecond(tcb);
        long halvings = tcb.rtt.minRttNanos() < 0 ? Long.SIZE : tcb.rtt.minRttNanos() / NANOS_PER_MICRO >> RTT_SHIFT;
        if (halvings < Integer.SIZE) {
            bytes += MAX_BURST_BYTES >> halvings;
        }
        return Math.max(Math.min(bytes, MAX_BURST_BYTES) / tcb.smss(), tcb.config.minBurstSegments());
    }

    private static long bytesPerMillisecond(Tcb tcb) {
        long paced = tcb.congestion.pacingBytesPerSecond();
        if (paced > 0) {
            return paced >> MILLISECOND_SHIFT;
        }
        long cwnd = tcb.cwndBytes();
        long srtt = tcb.rtt.srttNanos();
        if (srtt <= 0) {
            return MAX_BURST_BYTES;
        }
        int percent = cwnd < tcb.congestion.ssthreshBytes() / 2 ? SLOW_START_PERCENT : AVOIDANCE_PERCENT;
        double perSecond = (double) Math.max(cwnd, tcb.send.outstanding()) * percent / 100 * NANOS_PER_SECOND / srtt;
        return (long) Math.min(perSecond, (double) MAX_BURST_BYTES * (1 << MILLISECOND_SHIFT)) >> MILLISECOND_SHIFT;
    }

    /**
     * Whether to send nothing now, because the next ACK, due at any moment, makes the burst worth its headers. Only while ACKs come one
     * upon the other: what was sent last left less than a millisecond ago.
     *
     * @param unsent  bytes that wait, more than one segment
     * @param window  bytes the congestion window has room for
     */
    static boolean shouldWait(Tcb tcb, long unsent, long window, long nowNanos) {
        boolean recent = tcb.counters.lastDataSentNanos != Counters.NEVER
            && nowNanos - tcb.counters.lastDataSentNanos <= NANOS_PER_MILLI;
        if (!recent || tcb.recovery.phase() != LossRecovery.Phase.OPEN) {
            return false;
        }
        long peer = tcb.send.usableWindow();
        long available = Math.min(peer, window);
        if (available >= automaticSegments(tcb) * tcb.smss() || isWorthwhile(tcb, available) || !isAckImminent(tcb, nowNanos)) {
            return false;
        }
        return available <= unsent || !tcb.ends.finPending();
    }

    private static boolean isWorthwhile(Tcb tcb, long available) {
        int divisor = tcb.config.burstWindowDivisor();
        if (divisor == 0) {
            return available > (long) MAX_DEFERRED_SEGMENTS * tcb.smss();
        }
        return available >= Math.min(tcb.send.wnd(), tcb.cwndBytes()) / divisor;
    }

    /** The ACK of the oldest segment on its way should be here within a millisecond, or half a round trip. */
    private static boolean isAckImminent(Tcb tcb, long nowNanos) {
        long srtt = tcb.rtt.srttNanos();
        long oldest = tcb.records.oldestSentNanos();
        return srtt > 0 && oldest != Delivery.UNTIMED && oldest + srtt - nowNanos <= Math.min(srtt / 2, NANOS_PER_MILLI);
    }
}
