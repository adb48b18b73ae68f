package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CUBIC against the formulas of RFC 9438; SMSS 1000, so that a window's bytes read as segments. */
class CubicTest {
    private static final int SMSS = 1000;
    private static final long MILLIS = 1_000_000;

    private final CongestionControl cubic = CongestionControls.cubic().create();
    private final AckSample sample = new AckSample();
    private long now;
    private long rtt = 100 * MILLIS;

    @BeforeEach void establish() {
        start(10);
    }

    private void start(long segments) {
        cubic.onEstablished(SMSS, segments * SMSS, Long.MAX_VALUE, now);
    }

    private double segments() {
        return cubic.cwndBytes() / (double) SMSS;
    }

    /** A round trip in which every segment of the window is acknowledged by itself, evenly in time. */
    private void round() {
        long acks = cubic.cwndBytes() / SMSS;
        long end = now + rtt;
        for (long i = acks; i > 0; i--) {
            now += (end - now) / i;
            ack(SMSS);
        }
    }

    private void ack(long bytes) {
        cubic.onAck(sample.start(now, bytes, cubic.cwndBytes()).limits(true, false).rtt(rtt, rtt, rtt));
    }

    private void loss() {
        cubic.onEnterRecovery(cubic.cwndBytes(), now);
        cubic.onExitRecovery(cubic.cwndBytes(), now);
    }

    @Test @Tag("RFC9438-4.10") void slowStartDoublesARound() {
        round();
        assertEquals(20, segments());
        round();
        assertEquals(40, segments());
        ack(40_000);
        assertEquals(80, segments(), "one ACK of many segments counts for all of them");
    }

    /** Rounded down to whole segments, at least two, as in Linux. */
    @ParameterizedTest @Tag("RFC9438-4.6")
    @CsvSource({"10, 7", "20, 14", "15, 10", "3, 2", "2, 2", "1, 2", "1000, 700"})
    void lossReducesToSevenTenths(long before, long after) {
        start(before);
        cubic.onEnterRecovery(1, now);
        assertEquals(after, segments());
        assertEquals(after * SMSS, cubic.ssthreshBytes());
    }

    @Test @Tag("RFC9438-4.6") void congestionMarkReducesLikeALoss() {
        cubic.onCongestionExperienced(10 * SMSS, now);
        assertEquals(7, segments());
    }

    /** W_cubic(t) = C (t - K)^3 + W_max from 700 segments back over the plateau at 1000 and beyond. */
    @ParameterizedTest @Tag("RFC9438-4.2")
    @CsvSource({"50", "100", "300"})
    void windowFollowsTheCurve(long rttMillis) {
        rtt = rttMillis * MILLIS;
        start(1000);
        loss();
        double k = Math.cbrt((1000 - 700) / 0.4);
        ack(0);
        long epoch = now;
        ack(SMSS);
        while (now - epoch < 2 * k * 1e9) {
            round();
            double t = (now - epoch) / 1e9;
            double lag = t < k - 1 || t > k + 1 ? 0.06 : 0.01; // the window trails W(t + RTT) by up to a round trip
            double w = 0.4 * Math.pow(t - k, 3) + 1000;
            double ahead = 0.4 * Math.pow(t + rtt / 1e9 - k, 3) + 1000;
            assertTrue(segments() >= w * (1 - lag) && segments() <= Math.max(w, ahead) * 1.01,
                segments() + " segments after " + t + " s; the curve: " + w + " to " + ahead);
        }
        assertTrue(segments() > 1200, "convex beyond the plateau: " + segments());
    }

    /** C * RTT^3 is small: Reno's growth, but by alpha = 3 (1 - 0.7) / (1 + 0.7) segments a round trip, is faster. */
    @Test @Tag("RFC9438-4.3") void renoFriendlyRegionGrowsByAlphaThenByOne() {
        rtt = 5 * MILLIS;
        start(40);
        loss();
        assertEquals(28, segments());
        int rounds = 0;
        while (segments() < 39.9) {
            round();
            rounds++;
        }
        assertEquals((40 - 28) / (9 / 17.0), rounds, 2);
        for (int i = 0; i < 10; i++) {
            round();
        }
        assertEquals(50, segments(), 1, "alpha is 1 from the window before the loss on");
    }

    @Test @Tag("RFC9438-4.7") void secondLossBelowThePlateauGivesRoomToOthers() {
        start(1000);
        loss(); // 700, plateau 1000
        loss(); // 490, plateau 700 * (1 + 0.7) / 2 = 595
        double k = Math.cbrt((595 - 490) / 0.4);
        ack(0);
        long epoch = now;
        while (now - epoch < k * 1e9) {
            round();
        }
        assertEquals(595, segments(), 3);
        round();
        assertEquals(595, segments(), 3, "flat on the plateau");
    }

    @Test @Tag("RFC9438-4.8") void timeoutStartsFromOneSegmentAndForgetsThePlateau() {
        start(1000);
        loss();
        cubic.onRetransmissionTimeout(1, true, now);
        assertEquals(1, segments());
        assertEquals(490_000, cubic.ssthreshBytes());
        cubic.onRetransmissionTimeout(1, false, now);
        assertEquals(490_000, cubic.ssthreshBytes(), "a repetition reduces no further");
        while (segments() < 490) {
            round();
        }
        long epoch = now;
        while (now - epoch < 4e9) {
            round();
        }
        assertEquals(490 + 0.4 * 4 * 4 * 4, segments(), 4, "K is 0: convex from the start");
    }

    @Test @Tag("RFC9438-4.8") void timeoutDuringRecoveryDoesNotReduceTheThresholdAgain() {
        start(1000);
        cubic.onEnterRecovery(1, now);
        cubic.onRetransmissionTimeout(1, true, now);
        assertEquals(700_000, cubic.ssthreshBytes());
    }

    @Test @Tag("RFC9438-4.9") void undoGoesOnWithTheCurveOfBefore() {
        start(1000);
        loss();
        ack(SMSS);
        for (int i = 0; i < 30; i++) {
            round();
        }
        CubicTest undisturbed = new CubicTest();
        undisturbed.start(1000);
        undisturbed.loss();
        undisturbed.ack(SMSS);
        for (int i = 0; i < 30; i++) {
            undisturbed.round();
        }
        assertEquals(undisturbed.segments(), segments());
        long before = cubic.cwndBytes();
        cubic.onEnterRecovery(1, now);
        cubic.onUndo(now);
        assertEquals(before, cubic.cwndBytes());
        assertEquals(700_000, cubic.ssthreshBytes());
        cubic.onRetransmissionTimeout(1, true, now);
        cubic.onRetransmissionTimeout(1, false, now);
        cubic.onUndo(now);
        assertEquals(before, cubic.cwndBytes());
        for (int i = 0; i < 50; i++) {
            round();
            undisturbed.round();
            assertEquals(undisturbed.segments(), segments(), "in round " + i);
        }
    }

    @Test @Tag("RFC9438-4.9") void lateUndoDoesNotTakeBackWhatHasGrownSince() {
        cubic.onEnterRecovery(1, now);
        cubic.onExitRecovery(1, now);
        while (segments() < 30) {
            round();
        }
        long grown = cubic.cwndBytes();
        cubic.onUndo(now);
        assertEquals(grown, cubic.cwndBytes());
    }

    @Test @Tag("RFC9438-4.10") void curveBeginsAtTheWindowWhereHyStartEndedSlowStart() {
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 8; j++) {
                long sampleRtt = (i < 2 ? 100 : 120) * MILLIS;
                cubic.onAck(sample.start(now, SMSS, 1).limits(true, false).rtt(sampleRtt, sampleRtt, rtt).sent(0, 0, 0, j == 0));
            }
        }
        assertEquals(cubic.ssthreshBytes() / SMSS, segments(), 1);
        double w = segments();
        long epoch = now;
        while (now - epoch < 5e9) {
            round();
        }
        assertTrue(segments() >= w + 0.4 * 125 - 3, "W(5 s) = C * 5^3 above " + w + ": " + segments());
    }

    @Test @Tag("RFC9438-5.8") void unusedWindowDoesNotGrow() {
        for (int i = 0; i < 100; i++) {
            now += rtt;
            cubic.onAck(sample.start(now, 5 * SMSS, 0).limits(false, false).rtt(rtt, rtt, rtt));
        }
        assertEquals(10, segments());
        loss();
        for (int i = 0; i < 100; i++) {
            now += rtt;
            cubic.onAck(sample.start(now, 5 * SMSS, 0).limits(false, false).rtt(rtt, rtt, rtt));
        }
        assertEquals(7, segments());
    }

    /** A minute of idleness, and of trickling, in the middle of the curve: afterwards it goes on where it was. */
    @Test @Tag("RFC9438-4.2") void timeInWhichTheWindowIsNotUsedDoesNotCount() {
        start(1000);
        loss();
        for (int i = 0; i < 20; i++) {
            round();
        }
        double before = segments();
        cubic.onAck(sample.start(now, SMSS, 0).limits(true, false).rtt(rtt, rtt, rtt)); // nothing is in flight now
        now += 60_000 * MILLIS;
        ack(SMSS);
        for (int i = 0; i < 600; i++) {
            now += rtt;
            cubic.onAck(sample.start(now, SMSS, 500).limits(false, false).rtt(rtt, rtt, rtt));
        }
        assertEquals(before, segments(), 1);
        round();
        assertEquals(before, segments(), 25);
    }

    @Test @Tag("RFC5681-4.1") void idlenessRestartsTheWindowAndKeepsTheThreshold() {
        start(1000);
        loss();
        cubic.onIdleRestart(10 * SMSS);
        assertEquals(10, segments());
        assertEquals(700_000, cubic.ssthreshBytes());
        cubic.onIdleRestart(20 * SMSS);
        assertEquals(10, segments(), "never raised");
    }

    @Test void growthHasNoJumpsWhateverTheClockDoes() {
        start(100);
        loss();
        ack(SMSS);
        now += 1_000_000_000L * 86_400 * 365;
        double before = segments();
        ack(SMSS);
        assertTrue(segments() <= before + 0.5, "at most half a window a round trip: " + segments());
    }

    @Test void windowIsBounded() {
        for (int i = 0; i < 2000; i++) {
            now += rtt;
            ack(cubic.cwndBytes());
        }
        assertEquals(CongestionControl.MAX_CWND_BYTES, cubic.cwndBytes());
    }

    @Test void acksDuringRecoveryDoNotGrowTheWindow() {
        cubic.onEnterRecovery(10 * SMSS, now);
        cubic.onAck(sample.start(now, 5 * SMSS, 1).limits(true, true).rtt(rtt, rtt, rtt));
        assertEquals(7, segments());
    }
}
