package io.github.usertcp.testsuite.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.usertcp.congestion.AckSample;
import io.github.usertcp.congestion.CongestionControl;
import io.github.usertcp.congestion.CongestionControlFactory;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * What every congestion control keeps, whatever its idea: a class that extends this one and says what to test is a JUnit test class.
 *
 * <p>The rules about growth, losses and timeouts are those of RFC 5681 and RFC 7661. An algorithm that steers its window by a model of
 * the path, as {@link CongestionControl#usesProportionalRateReduction} tells by false, is excused from them (those tests are
 * skipped); never from the bounds, which a connection relies on.
 */
public abstract class CongestionControlContract {
    private static final int SMSS = 1000;
    private static final long RTT_NANOS = 50_000_000;
    private static final int SEEDS = 200;
    private static final int STEPS = 2000;

    private final AckSample sample = new AckSample();
    private long now = 1_000_000_000L;
    private long totalDelivered;

    /** What to test; called many times. */
    protected abstract CongestionControlFactory algorithm();

    /** The largest window in bytes that the algorithm may ever answer. Default {@link CongestionControl#MAX_CWND_BYTES}. */
    protected long maxCwndBytes() {
        return CongestionControl.MAX_CWND_BYTES;
    }

    private CongestionControl established() {
        CongestionControl control = algorithm().create();
        control.onEstablished(SMSS, 10 * SMSS, Long.MAX_VALUE, now);
        return control;
    }

    private CongestionControl lossBased() {
        CongestionControl control = established();
        assumeTrue(control.usesProportionalRateReduction(), "steers its window by a model");
        return control;
    }

    /** A window's worth of ACKs, each for one segment; of a large window its first thousand. */
    private void round(CongestionControl control, boolean cwndLimited, boolean inRecovery) {
        long window = control.cwndBytes();
        long segments = Math.max(1, Math.min(window / SMSS, 1000));
        long sent = totalDelivered;
        for (long i = 0; i < segments; i++) {
            now += RTT_NANOS / segments;
            totalDelivered += SMSS;
            control.onAck(sample.start(now, SMSS, window - SMSS).limits(cwndLimited, inRecovery).rtt(RTT_NANOS, RTT_NANOS, RTT_NANOS)
                .delivered(SMSS, 0, window, totalDelivered).rate(window, RTT_NANOS, !cwndLimited)
                .sent(Math.min(sent, totalDelivered - window), window, 0, i == 0));
        }
    }

    private void assertBounds(CongestionControl control, int smss, String after) {
        long cwnd = control.cwndBytes();
        assertTrue(cwnd >= smss, () -> "cwnd " + cwnd + " < SMSS " + smss + " after " + after);
        assertTrue(cwnd <= Math.max(smss, maxCwndBytes()), () -> "cwnd " + cwnd + " > " + maxCwndBytes() + " after " + after);
        assertTrue(control.ssthreshBytes() > 0, () -> "ssthresh " + control.ssthreshBytes() + " after " + after);
        assertTrue(control.pacingBytesPerSecond() >= 0, () -> "pacing " + control.pacingBytesPerSecond() + " after " + after);
    }

    // ---- identity

    @Test
    public void hasTheNameOfItsFactory() {
        String name = algorithm().name();
        assertEquals(name, algorithm().create().name());
        assertEquals(name.toLowerCase(Locale.ROOT), name);
    }

    @Test
    public void eachConnectionHasItsOwn() {
        CongestionControl first = established();
        CongestionControl second = established();
        assertNotSame(first, second);
        long before = second.cwndBytes();
        first.onRetransmissionTimeout(first.cwndBytes(), true, now);
        assertEquals(before, second.cwndBytes());
    }

    @Test
    public void theSameEventsGiveTheSameWindow() {
        for (long seed = 0; seed < 20; seed++) {
            CongestionControl first = algorithm().create();
            CongestionControl second = algorithm().create();
            RandomEvents events = new RandomEvents(first, seed);
            RandomEvents again = new RandomEvents(second, seed);
            for (int i = 0; i < STEPS; i++) {
                events.step();
                again.step();
                String at = "seed " + seed + ", step " + i + ": a clock or chance of its own";
                assertEquals(first.cwndBytes(), second.cwndBytes(), at);
                assertEquals(first.pacingBytesPerSecond(), second.pacingBytesPerSecond(), at);
            }
        }
    }

    // ---- bounds

    @Test
    public void boundsHoldWhateverHappens() {
        for (long seed = 0; seed < SEEDS; seed++) {
            CongestionControl control = algorithm().create();
            RandomEvents events = new RandomEvents(control, seed);
            for (int i = 0; i < STEPS; i++) {
                events.step();
                assertBounds(control, events.smss(), events.last() + " (seed " + seed + ", step " + i + ')');
            }
        }
    }

    @Test
    public void windowNeverPassesItsBound() {
        CongestionControl control = established();
        for (int i = 0; i < 200; i++) {
            now += RTT_NANOS;
            long window = control.cwndBytes();
            totalDelivered += window;
            control.onAck(sample.start(now, window, 0).limits(true, false).rtt(RTT_NANOS, RTT_NANOS, RTT_NANOS)
                .delivered(window, 0, window, totalDelivered).rate(window, RTT_NANOS, false)
                .sent(totalDelivered - window, window, 0, true));
            assertBounds(control, SMSS, "round " + i);
        }
    }

    @Test
    public void windowHoldsASegmentOfAnySize() {
        CongestionControl control = established();
        control.onRetransmissionTimeout(10 * SMSS, true, now);
        for (int smss : new int[] {9000, 65_495, 48, 1448}) {
            control.onSmssChanged(smss);
            assertBounds(control, smss, "onSmssChanged to " + smss);
        }
    }

    /** From an algorithm that was replaced, in the middle of whatever it was doing. */
    @Test
    public void goesOnFromAnotherAlgorithmsWindow() {
        for (long cwnd : new long[] {1, SMSS, 123_456, maxCwndBytes(), Long.MAX_VALUE}) {
            CongestionControl control = algorithm().create();
            control.onEstablished(SMSS, cwnd, 50 * SMSS, now);
            assertBounds(control, SMSS, "onEstablished with " + cwnd);
            control.onAck(sample.start(now, SMSS, SMSS).limits(true, true));
            control.onExitRecovery(SMSS, now);
            assertBounds(control, SMSS, "onExitRecovery of the other's episode");
            control.onUndo(now);
            assertBounds(control, SMSS, "onUndo of the other's reduction");
        }
    }

    // ---- growth

    @Test
    public void usedWindowGrows() {
        CongestionControl control = lossBased();
        long before = control.cwndBytes();
        for (int i = 0; i < 3; i++) {
            round(control, true, false);
        }
        assertTrue(control.cwndBytes() > before, "cwnd " + control.cwndBytes());
    }

    /** RFC 7661: it has not been tested against the network. */
    @Test
    public void unusedWindowDoesNotGrow() {
        CongestionControl control = lossBased();
        for (int i = 0; i < 100; i++) {
            round(control, false, false);
            assertTrue(control.cwndBytes() <= 10 * SMSS, "cwnd " + control.cwndBytes() + " after round " + i);
            now += i * RTT_NANOS;
        }
        control.onEnterRecovery(10 * SMSS, now);
        control.onExitRecovery(10 * SMSS, now);
        long reduced = control.cwndBytes();
        for (int i = 0; i < 100; i++) {
            round(control, false, false);
            assertTrue(control.cwndBytes() <= reduced, "cwnd " + control.cwndBytes() + " after round " + i);
        }
    }

    // ---- reduction

    @Test
    public void lossReduces() {
        CongestionControl control = lossBased();
        control.onEnterRecovery(10 * SMSS, now);
        assertTrue(control.ssthreshBytes() < 10 * SMSS, "ssthresh " + control.ssthreshBytes());
        round(control, true, true);
        assertTrue(control.cwndBytes() <= control.ssthreshBytes(), "no growth during recovery: " + control.cwndBytes());
        control.onExitRecovery(control.ssthreshBytes(), now);
        assertTrue(control.cwndBytes() <= control.ssthreshBytes(), "cwnd " + control.cwndBytes());
        assertBounds(control, SMSS, "recovery");
    }

    @Test
    public void congestionMarkReduces() {
        CongestionControl control = lossBased();
        control.onCongestionExperienced(10 * SMSS, now);
        assertTrue(control.ssthreshBytes() < 10 * SMSS, "ssthresh " + control.ssthreshBytes());
    }

    @Test
    public void lossAfterLossLeavesASegment() {
        CongestionControl control = established();
        for (int i = 0; i < 100; i++) {
            control.onEnterRecovery(control.cwndBytes(), now);
            control.onExitRecovery(0, now);
            assertBounds(control, SMSS, "loss " + i);
        }
    }

    /** RFC 5681 section 3.1: the loss window is one segment; a repeated timeout leaves the threshold alone. */
    @Test
    public void timeoutLeavesOneSegment() {
        CongestionControl control = lossBased();
        control.onRetransmissionTimeout(10 * SMSS, true, now);
        assertEquals(SMSS, control.cwndBytes());
        long ssthresh = control.ssthreshBytes();
        assertTrue(ssthresh < 10 * SMSS && ssthresh >= 2 * SMSS, "ssthresh " + ssthresh);
        control.onRetransmissionTimeout(SMSS, false, now + RTT_NANOS);
        assertEquals(SMSS, control.cwndBytes());
        assertEquals(ssthresh, control.ssthreshBytes());
    }

    @Test
    public void undoRestores() {
        for (int kind = 0; kind < 3; kind++) {
            CongestionControl control = established();
            round(control, true, false);
            long cwnd = control.cwndBytes();
            long ssthresh = control.ssthreshBytes();
            switch (kind) {
                case 0 -> control.onEnterRecovery(cwnd, now);
                case 1 -> control.onRetransmissionTimeout(cwnd, true, now);
                default -> control.onCongestionExperienced(cwnd, now);
            }
            control.onUndo(now + RTT_NANOS);
            assertTrue(control.cwndBytes() >= cwnd, "cwnd " + control.cwndBytes() + ", before " + cwnd);
            assertTrue(control.ssthreshBytes() >= ssthresh, "ssthresh " + control.ssthreshBytes() + ", before " + ssthresh);
        }
    }

    /** RFC 5681 section 4.1. */
    @Test
    public void idleRestartNeverRaises() {
        CongestionControl control = lossBased();
        round(control, true, false);
        control.onIdleRestart(5 * SMSS);
        assertTrue(control.cwndBytes() <= 5 * SMSS, "cwnd " + control.cwndBytes());
        long before = control.cwndBytes();
        control.onIdleRestart(100 * SMSS);
        assertEquals(before, control.cwndBytes());
    }

    // ---- cost

    /** An ACK makes no garbage: there are a million a second. */
    @Test
    public void acksAllocateNothing() {
        boolean measurable = ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled();
        assumeTrue(measurable, "this JVM does not count what threads allocate");
        CongestionControl control = established();
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        acksAndLosses(control, 20); // loads classes
        long before = threads.getCurrentThreadAllocatedBytes();
        acksAndLosses(control, 200);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 200, allocated + " bytes allocated by 200 rounds of ACKs: less than a byte a round is the JVM's own");
    }

    private void acksAndLosses(CongestionControl control, int rounds) {
        for (int i = 0; i < rounds; i++) {
            round(control, true, false);
            if (i % 10 == 9) {
                control.onEnterRecovery(control.cwndBytes(), now);
                round(control, true, true);
                control.onExitRecovery(control.cwndBytes(), now);
            }
        }
    }
}
