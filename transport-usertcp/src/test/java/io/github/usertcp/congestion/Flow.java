package io.github.usertcp.congestion;

import java.util.ArrayDeque;

/** One sender over a {@link Bottleneck}: window, pacing, delivery-rate samples (draft-cheng-iccrg-delivery-rate-estimation), episodes. */
final class Flow {
    private static final int SMSS = Bottleneck.SMSS;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long RTO_NANOS = 1000 * Bottleneck.MILLIS;

    private record Sent(long number, long sentNanos, long ackNanos, long delivered, long deliveredNanos, long firstSentNanos,
                        long flight, long lost, boolean appLimited) {
    }

    private final Bottleneck path;
    final CongestionControl control;
    private final AckSample sample = new AckSample();
    private final ArrayDeque<Sent> outstanding = new ArrayDeque<>();
    /** Bytes a second that the application offers; 0 for all it can. */
    private double offeredRate;
    private double offeredSinceNanos;
    private long offeredBase;
    private long sentPackets;
    private long flight;
    long delivered;
    long lost;
    int timeouts;
    private long deliveredNanos;
    private long firstSentNanos;
    private long nextSendNanos;
    private long roundEnd;
    private long recoveryEnd = -1;
    private long minRttNanos = NEVER;
    private long srttNanos = -1;

    Flow(Bottleneck path, CongestionControl control) {
        this.path = path;
        this.control = control;
        nextSendNanos = path.now;
        control.onEstablished(SMSS, 10L * SMSS, Long.MAX_VALUE, path.now + path.flows.size() * 7_919L);
    }

    /** The application sends so much from now on; 0 for all it can. */
    void offer(double bytesPerSecond) {
        offeredRate = bytesPerSecond;
        offeredSinceNanos = path.now;
        offeredBase = sentPackets * SMSS;
    }

    /** Mean rate of delivery since a moment when so much had been delivered. */
    double megabitsSince(long deliveredThen, long thenMillis) {
        return (delivered - deliveredThen) * 8e3 / (path.now - thenMillis * Bottleneck.MILLIS);
    }

    double megabits() {
        return megabitsSince(0, 0);
    }

    long flightBytes() {
        return flight;
    }

    /** The first that was not lost; {@code null} if none is. */
    private Sent nextAcknowledged() {
        for (Sent sent : outstanding) {
            if (sent.ackNanos >= 0) {
                return sent;
            }
        }
        return null;
    }

    private long nextAckNanos() {
        Sent next = nextAcknowledged();
        if (next != null) {
            return next.ackNanos;
        }
        return outstanding.isEmpty() ? NEVER : outstanding.peekLast().sentNanos + RTO_NANOS;
    }

    private boolean windowAllows() {
        return flight + SMSS <= Math.max(SMSS, control.cwndBytes());
    }

    private long nextOfferNanos() {
        if (offeredRate == 0) {
            return 0;
        }
        return (long) Math.ceil(offeredSinceNanos + (sentPackets * SMSS + SMSS - offeredBase) / offeredRate * 1e9);
    }

    long nextEventNanos() {
        long send = windowAllows() ? Math.max(nextSendNanos, nextOfferNanos()) : NEVER;
        return Math.min(send, nextAckNanos());
    }

    void step() {
        if (nextAckNanos() <= path.now) {
            Sent newest = nextAcknowledged();
            if (newest == null) {
                timeout();
            } else {
                acknowledge(newest);
            }
        } else {
            send();
        }
    }

    private void send() {
        if (flight == 0) {
            firstSentNanos = path.now;
            deliveredNanos = path.now;
        }
        flight += SMSS;
        boolean appLimited = offeredRate > 0 && nextOfferNanos() + 1000 >= path.now && flight + SMSS < control.cwndBytes();
        outstanding.add(new Sent(sentPackets++, path.now, path.carry(), delivered, deliveredNanos, firstSentNanos, flight, lost, appLimited));
        long rate = control.pacingBytesPerSecond();
        nextSendNanos = rate == 0 ? path.now : Math.max(nextSendNanos, path.now - Bottleneck.MILLIS) + (long) (SMSS * 1e9 / rate);
    }

    private void acknowledge(Sent newest) {
        long prior = flight;
        long nowLost = 0;
        while (outstanding.peekFirst() != newest) {
            outstanding.removeFirst();
            nowLost += SMSS;
        }
        outstanding.removeFirst();
        flight -= nowLost + SMSS;
        lost += nowLost;
        if (nowLost > 0 && recoveryEnd < 0) {
            recoveryEnd = sentPackets;
            control.onEnterRecovery(prior, path.now);
        }
        fill(newest, prior, nowLost);
        control.onAck(sample);
        if (recoveryEnd >= 0 && newest.number + 1 >= recoveryEnd) {
            recoveryEnd = -1;
            control.onExitRecovery(flight, path.now);
        }
    }

    private void fill(Sent newest, long prior, long nowLost) {
        delivered += SMSS;
        deliveredNanos = path.now;
        firstSentNanos = newest.sentNanos;
        long rtt = path.now - newest.sentNanos;
        minRttNanos = Math.min(minRttNanos, rtt);
        srttNanos = srttNanos < 0 ? rtt : (srttNanos * 7 + rtt) / 8;
        boolean roundStart = newest.delivered >= roundEnd;
        if (roundStart) {
            roundEnd = delivered;
        }
        long interval = Math.max(newest.sentNanos - newest.firstSentNanos, path.now - newest.deliveredNanos);
        sample.start(path.now, SMSS, flight).limits(prior + SMSS > control.cwndBytes(), recoveryEnd >= 0)
            .rtt(rtt, srttNanos, minRttNanos).delivered(SMSS, nowLost, prior, delivered)
            .rate(delivered - newest.delivered, interval < minRttNanos ? 0 : interval, newest.appLimited)
            .sent(newest.delivered, newest.flight, lost - newest.lost, roundStart);
    }

    private void timeout() {
        timeouts++;
        lost += flight;
        control.onRetransmissionTimeout(flight, true, path.now);
        outstanding.clear();
        flight = 0;
        recoveryEnd = -1;
        nextSendNanos = path.now;
    }
}
