package io.github.usertcp.testsuite.congestion;

import io.github.usertcp.congestion.AckSample;
import io.github.usertcp.congestion.CongestionControl;
import java.util.SplittableRandom;

/**
 * A connection's life as a congestion control hears of it, drawn from a seed: mostly ACKs, sometimes losses, marks, timeouts, pauses and
 * proofs that a loss was none, in orders and with numbers that a network can bring about; and now and then with numbers that none can.
 */
final class RandomEvents {
    private static final long SECOND = 1_000_000_000L;
    private static final long YEAR = 365 * 86_400 * SECOND;

    private final CongestionControl control;
    private final SplittableRandom random;
    private final AckSample sample = new AckSample();
    private int smss = 1448;
    private long now;
    private long rttNanos;
    private long totalDelivered;
    private boolean recovering;
    private String last = "onEstablished";

    RandomEvents(CongestionControl control, long seed) {
        this.control = control;
        random = new SplittableRandom(seed);
        now = random.nextInt(4) == 0 ? Long.MAX_VALUE - SECOND : random.nextLong(); // a clock in nanoseconds may wrap
        rttNanos = 1 + random.nextLong(SECOND / 2);
        control.onEstablished(smss, 10L * smss, random.nextBoolean() ? Long.MAX_VALUE : 100L * smss, now);
    }

    /** What {@link #step} did. */
    String last() {
        return last;
    }

    int smss() {
        return smss;
    }

    void step() {
        now += random.nextInt(10) == 0 ? 0 : random.nextLong(rttNanos / 4 + 1);
        int dice = random.nextInt(1000);
        if (dice < 900) {
            ack();
        } else if (dice < 990) {
            episode();
        } else {
            extraordinary();
        }
    }

    private void ack() {
        long flight = random.nextLong(control.cwndBytes() + 1);
        long acked = random.nextInt(20) == 0 ? 0 : Math.min(flight, random.nextLong(1, 45) * smss);
        long rtt = random.nextInt(5) == 0 ? -1 : rttNanos + random.nextLong(rttNanos);
        ack(acked, flight - acked, random.nextInt(30) == 0 ? random.nextLong(flight + 1) : 0, rtt);
    }

    private void ack(long acked, long flight, long lost, long rtt) {
        last = "onAck of " + acked + ", " + flight + " in flight, " + lost + " lost, rtt " + rtt;
        totalDelivered += acked;
        long rateBytes = Math.min(totalDelivered, acked + flight);
        control.onAck(sample.start(now, acked, flight).limits(random.nextInt(3) > 0, recovering).rtt(rtt, rttNanos, rttNanos)
            .delivered(acked, lost, flight + acked, totalDelivered).rate(rateBytes, acked == 0 ? 0 : rttNanos, random.nextInt(5) == 0)
            .sent(totalDelivered - rateBytes, flight + acked, random.nextBoolean() ? lost : 0, random.nextInt(20) == 0)
            .marked(random.nextInt(10) == 0 ? acked : 0));
    }

    private void episode() {
        long flight = random.nextLong(control.cwndBytes() + 1);
        int dice = random.nextInt(10);
        if (dice < 5) {
            if (recovering) {
                last = "onExitRecovery";
                control.onExitRecovery(flight, now);
            } else if (dice == 0) {
                last = "onCongestionExperienced";
                control.onCongestionExperienced(flight, now);
            } else {
                last = "onEnterRecovery";
                control.onEnterRecovery(flight, now);
            }
            recovering = !recovering;
        } else if (dice < 7) {
            last = "onRetransmissionTimeout";
            control.onRetransmissionTimeout(flight, random.nextInt(3) > 0, now);
            recovering = false;
        } else if (dice == 7) {
            last = "onUndo";
            control.onUndo(now);
            recovering = false;
        } else {
            last = "onIdleRestart";
            now += random.nextLong(10 * SECOND);
            control.onIdleRestart(10L * smss);
        }
    }

    /** What should not be, but must do no harm. */
    private void extraordinary() {
        switch (random.nextInt(5)) {
            case 0 -> {
                smss = random.nextInt(48, 65_496);
                last = "onSmssChanged to " + smss;
                control.onSmssChanged(smss);
            }
            case 1 -> {
                now += random.nextLong(YEAR);
                ack(smss, 0, 0, YEAR);
            }
            case 2 -> ack(1L << random.nextInt(50), 1L << random.nextInt(50), 1L << random.nextInt(50), 0);
            case 3 -> ack(0, 0, 0, -1);
            default -> {
                rttNanos = 1 + random.nextLong(2 * SECOND);
                ack(smss, smss, 0, 1);
            }
        }
    }
}
