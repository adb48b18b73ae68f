package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BBR over a {@link Bottleneck}: what it finds, how much it keeps in flight, what it does about losses and beside others. */
class BbrTest {
    private static final int SMSS = Bottleneck.SMSS;
    private static final Map<BbrState, Set<BbrState>> NEXT = Map.of(
        BbrState.STARTUP, EnumSet.of(BbrState.DRAIN, BbrState.PROBE_RTT),
        BbrState.DRAIN, EnumSet.of(BbrState.PROBE_DOWN, BbrState.PROBE_CRUISE, BbrState.PROBE_RTT),
        BbrState.PROBE_DOWN, EnumSet.of(BbrState.PROBE_CRUISE, BbrState.PROBE_REFILL, BbrState.PROBE_RTT),
        BbrState.PROBE_CRUISE, EnumSet.of(BbrState.PROBE_REFILL, BbrState.PROBE_RTT),
        BbrState.PROBE_REFILL, EnumSet.of(BbrState.PROBE_UP, BbrState.PROBE_RTT),
        BbrState.PROBE_UP, EnumSet.of(BbrState.PROBE_DOWN, BbrState.PROBE_RTT),
        BbrState.PROBE_RTT, EnumSet.of(BbrState.STARTUP, BbrState.PROBE_CRUISE));

    private final Bbr bbr = new Bbr();
    private final BbrModel model = bbr.model();

    /** What the bottleneck gives with all its time; a packet is counted without headers. */
    private static void assertRate(double megabits, double actual, double tolerance) {
        assertEquals(megabits, actual, megabits * tolerance, "Mbit/s");
    }

    @ParameterizedTest
    @CsvSource({"1, 20", "10, 10", "10, 100", "100, 10", "100, 50", "100, 200", "1000, 10"})
    void findsBandwidthAndRoundTripTimeOfThePath(double megabits, long rttMillis) {
        Bottleneck path = new Bottleneck(megabits, rttMillis, 2, 0, 1);
        Flow flow = path.add(bbr);
        path.runUntil(4000);
        long delivered = flow.delivered;
        path.runUntil(8000);
        assertRate(megabits, model.path.bandwidth() * 8 / 1e6, 0.02);
        assertRate(megabits, flow.megabitsSince(delivered, 4000), 0.04);
        double serialization = SMSS * 8 / megabits * 1e3;
        assertEquals(rttMillis * 1e6 + serialization, model.path.minRttNanos(), rttMillis * 1e4);
        assertEquals(0, flow.timeouts);
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 100})
    void queueOfStartupIsDrainedAndStaysAway(long rttMillis) {
        Bottleneck path = new Bottleneck(100, rttMillis, 4, 0, 1);
        path.add(bbr);
        long longest = 0;
        boolean inStartup = true;
        for (long millis = 0; millis < 10_000; millis++) {
            path.runUntil(millis);
            inStartup &= model.state == BbrState.STARTUP || model.state == BbrState.DRAIN;
            if (inStartup) {
                longest = Math.max(longest, path.queuedBytes());
            } else if (model.state == BbrState.PROBE_CRUISE) {
                assertTrue(path.queuedBytes() < 0.1 * path.productBytes(), path.queuedBytes() + " bytes queued after " + millis + " ms");
            }
            model.checkInvariants();
        }
        assertTrue(longest > path.productBytes() && longest < 3 * path.productBytes(), "startup queued " + longest);
    }

    @Test void goesThroughItsStatesInOrder() {
        Bottleneck path = new Bottleneck(50, 40, 1, 0.001, 3);
        path.add(bbr);
        path.add(new Cubic());
        Set<BbrState> seen = EnumSet.noneOf(BbrState.class);
        BbrState last = BbrState.STARTUP;
        for (long millis = 0; millis < 30_000; millis++) {
            path.change(50, millis < 10_000 ? 40 : 60);
            path.runUntil(millis);
            if (model.state != last) {
                assertTrue(NEXT.get(last).contains(model.state), last + " to " + model.state + " after " + millis + " ms");
                last = model.state;
            }
            seen.add(last);
        }
        assertEquals(EnumSet.allOf(BbrState.class), seen);
    }

    @Test void probesEveryTwoToThreeSecondsAtTimesOfItsOwn() {
        List<Long> firstProbes = new ArrayList<>();
        for (long start : new long[] {1_000_000_007L, 2_000_000_011L, 3_000_000_019L}) {
            Bottleneck path = new Bottleneck(100, 100, 2, 0, 1);
            path.now = start;
            Bbr control = new Bbr();
            path.add(control);
            List<Long> probes = new ArrayList<>();
            BbrState last = BbrState.STARTUP;
            for (long millis = start / Bottleneck.MILLIS; probes.size() < 6; millis++) {
                path.runUntil(millis);
                if (control.model().state == BbrState.PROBE_REFILL && last != BbrState.PROBE_REFILL) {
                    probes.add(millis);
                }
                last = control.model().state;
            }
            for (int i = 1; i < probes.size(); i++) {
                long gap = probes.get(i) - probes.get(i - 1);
                assertTrue(gap >= 2000 && gap <= 4500, gap + " ms: a wait of 2 to 3 s and a probe of some round trips"); // of 100 to 300 ms
            }
            firstProbes.add(probes.get(1) - probes.get(0));
        }
        assertEquals(3, Set.copyOf(firstProbes).size(), "the waits differ: " + firstProbes);
    }

    @Test void findsMoreBandwidthAndLess() {
        Bottleneck path = new Bottleneck(20, 50, 8, 0, 1);
        Flow flow = path.add(bbr);
        path.runUntil(5000);
        path.change(80, 50);
        path.runUntil(15_000);
        assertRate(80, model.path.bandwidth() * 8 / 1e6, 0.03);
        path.change(20, 50);
        path.runUntil(27_000);
        assertRate(20, model.path.bandwidth() * 8 / 1e6, 0.03);
        long delivered = flow.delivered;
        path.runUntil(30_000);
        assertRate(20, flow.megabitsSince(delivered, 27_000), 0.05);
    }

    /** The path gets longer: five seconds on, the window goes down to see whether that is a queue; ten seconds on, it is believed. */
    @Test void looksForTheRoundTripTimeAgain() {
        Bottleneck path = new Bottleneck(50, 50, 4, 0, 1);
        path.add(bbr);
        path.runUntil(3000);
        long cruising = bbr.cwndBytes();
        path.change(50, 80);
        long began = -1;
        long ended = -1;
        for (long millis = 3001; millis < 9500; millis++) {
            path.runUntil(millis);
            if (model.state == BbrState.PROBE_RTT) {
                began = began < 0 ? millis : began;
                assertTrue(bbr.cwndBytes() <= Math.max(4L * SMSS, path.productBytes() / 2), "half of a product: " + bbr.cwndBytes());
            } else if (began >= 0 && ended < 0) {
                ended = millis;
            }
        }
        assertEquals(8000, began, 200);
        assertTrue(ended - began >= 200 && ended - began < 200 + 3 * 80, "200 ms at least, and few round trips: " + (ended - began));
        path.runUntil(ended + 500);
        assertTrue(bbr.cwndBytes() > cruising / 2, "the window is restored");
        path.runUntil(15_000);
        assertEquals(80e6, model.path.minRttNanos(), 1e6);
    }

    @Test void roundTripTimeSeenAgainNeedsNoProbe() {
        Bottleneck path = new Bottleneck(50, 50, 4, 0, 1);
        path.add(bbr);
        for (long millis = 0; millis < 20_000; millis++) {
            path.runUntil(millis);
            assertTrue(model.state != BbrState.PROBE_RTT, "after " + millis + " ms");
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 0.75", "100, 0.8", "200, 0.8"})
    void randomLossOfOnePercentCostsLittle(long rttMillis, double share) {
        Bottleneck path = new Bottleneck(100, rttMillis, 1, 0.01, 1);
        Flow flow = path.add(bbr);
        path.runUntil(30_000);
        assertTrue(flow.megabits() >= share * 100, "Mbit/s: " + flow.megabits());
        Bottleneck other = new Bottleneck(100, rttMillis, 1, 0.01, 1);
        Flow cubic = other.add(new Cubic());
        other.runUntil(30_000);
        assertTrue(cubic.megabits() < 10, "a loss-based flow: " + cubic.megabits());
    }

    /** A queue of a twentieth of the product: what a probe loses bounds the bytes in flight, and little is lost from then on. */
    @Test void shallowQueueIsNotOverrun() {
        Bottleneck path = new Bottleneck(100, 40, 0.05, 0, 1);
        Flow flow = path.add(bbr);
        path.runUntil(3000);
        long delivered = flow.delivered;
        long lost = flow.lost;
        path.runUntil(20_000);
        assertTrue(model.bounds.longTermInflight() < 1.5 * path.productBytes(), "bound: " + model.bounds.longTermInflight());
        double loss = (flow.lost - lost) / (double) (flow.lost - lost + flow.delivered - delivered);
        assertTrue(loss < 0.02, "lost: " + loss);
        assertTrue(flow.megabitsSince(delivered, 3000) > 85, "Mbit/s: " + flow.megabitsSince(delivered, 3000));
    }

    @Test void applicationThatSendsLittleDoesNotLowerTheBandwidth() {
        Bottleneck path = new Bottleneck(100, 50, 2, 0, 1);
        Flow flow = path.add(bbr);
        path.runUntil(5000);
        flow.offer(1e6 / 8);
        path.runUntil(25_000);
        assertRate(100, model.path.bandwidth() * 8 / 1e6, 0.05);
        long delivered = flow.delivered;
        flow.offer(0);
        path.runUntil(26_000);
        assertTrue(flow.megabitsSince(delivered, 25_000) > 85, "at once: " + flow.megabitsSince(delivered, 25_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bbr", "cubic", "reno"})
    void flowsOfOneKindShareFairly(String name) {
        Bottleneck path = new Bottleneck(100, 40, 1, 0, 1);
        for (int i = 0; i < 8; i++) {
            path.add(CongestionControls.named(name).create());
        }
        path.runUntil(60_000);
        double sum = path.flows.stream().mapToDouble(Flow::megabits).sum();
        double squares = path.flows.stream().mapToDouble(flow -> flow.megabits() * flow.megabits()).sum();
        assertTrue(sum > 95, "together: " + sum);
        assertTrue(sum * sum / 8 / squares >= 0.95, "Jain's index: " + sum * sum / 8 / squares);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 4})
    void neitherStarvesCubicNorIsStarved(double queueProducts) {
        Bottleneck path = new Bottleneck(100, 40, queueProducts, 0, 1);
        Flow ours = path.add(bbr);
        Flow cubic = path.add(new Cubic());
        path.runUntil(60_000);
        assertTrue(ours.megabits() > 15 && cubic.megabits() > 15, ours.megabits() + " beside " + cubic.megabits());
    }

    @Test void timeoutLeavesOneSegmentAndTheModel() {
        Bottleneck path = new Bottleneck(100, 50, 2, 0, 1);
        path.add(bbr);
        path.runUntil(5000);
        long bandwidth = model.path.bandwidth();
        long cwnd = bbr.cwndBytes();
        bbr.onRetransmissionTimeout(cwnd, true, path.now);
        assertEquals(SMSS, bbr.cwndBytes());
        assertEquals(bandwidth, model.path.bandwidth());
        bbr.onUndo(path.now);
        assertEquals(cwnd, bbr.cwndBytes());
        bbr.onRetransmissionTimeout(cwnd, true, path.now);
        path.runUntil(6000);
        assertEquals(cwnd, bbr.cwndBytes(), 0.2 * cwnd, "grown back by ACKs");
    }

    @Test void undoTakesBackTheBoundsOfALoss() {
        Bottleneck path = new Bottleneck(100, 50, 2, 0, 1);
        path.add(bbr);
        path.runUntil(5000);
        while (model.state != BbrState.PROBE_CRUISE) {
            path.runUntil(path.now / Bottleneck.MILLIS + 1);
        }
        bbr.onCongestionExperienced(bbr.cwndBytes(), path.now);
        path.runUntil(path.now / Bottleneck.MILLIS + 120);
        assertTrue(model.bounds.shortTermInflight() < BbrBounds.NONE, "a mark bounds until the next probe");
        bbr.onUndo(path.now);
        assertEquals(BbrBounds.NONE, model.bounds.shortTermInflight());
        assertEquals(BbrBounds.NONE, model.bounds.shortTermBandwidth());
    }

    @Test void pacesFromTheStartAndSteersItsWindowInRecoveryItself() {
        bbr.onEstablished(SMSS, 10 * SMSS, Long.MAX_VALUE, 0);
        assertEquals(2.77 * 10 * SMSS * 1000, bbr.pacingBytesPerSecond(), SMSS, "as if the round trip were a millisecond");
        assertEquals(false, bbr.usesProportionalRateReduction());
        bbr.onEnterRecovery(10 * SMSS, 0);
        bbr.onExitRecovery(0, 0);
        bbr.onIdleRestart(SMSS);
        assertEquals(10 * SMSS, bbr.cwndBytes());
        assertEquals("bbr", bbr.name());
    }
}
