package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mean windows over a long time under regular loss, against the formulas of RFC 9438 section 5.1 and RFC 5681's square root. */
class ResponseFunctionTest {
    /** The mean window in segments, of a path so wide that nothing else limits. */
    private static double meanWindow(CongestionControlFactory factory, long rttMillis, long lossEvery, long seconds) {
        Bottleneck path = new Bottleneck(20_000, rttMillis, 1, 0, 1);
        path.loseEvery(lossEvery);
        Flow flow = path.add(factory.create());
        path.runUntil(seconds * 100); // a tenth, to settle
        long delivered = flow.delivered;
        path.runUntil(seconds * 1000);
        return (flow.delivered - delivered) / (double) Bottleneck.SMSS / (seconds * 900.0 / rttMillis);
    }

    /** AVG_W = sqrt(3 / 2 / p): that of a Reno flow, though the decrease is 0.7. */
    @ParameterizedTest @Tag("RFC9438-5.1")
    @CsvSource({"5, 1000", "10, 400", "20, 100"})
    void renoFriendlyRegionIsAsFastAsReno(long rttMillis, long lossEvery) {
        double formula = Math.sqrt(1.5 * lossEvery);
        assertEquals(formula, meanWindow(CongestionControls.cubic(), rttMillis, lossEvery, 60), 0.15 * formula);
        assertEquals(formula, meanWindow(CongestionControls.newReno(), rttMillis, lossEvery, 60), 0.15 * formula);
    }

    /**
     * AVG_W = (C (3 + beta) / (4 (1 - beta)))^(1/4) * (RTT / p)^(3/4) = 1.054 (RTT / p)^(3/4).
     * Fast convergence, which the formula leaves out, costs up to an eighth of it.
     */
    @ParameterizedTest @Tag("RFC9438-5.1")
    @CsvSource({"100, 10000", "50, 50000", "200, 3000"})
    void cubicRegionFollowsTheResponseFunction(long rttMillis, long lossEvery) {
        double formula = 1.054 * Math.pow(rttMillis / 1e3 * lossEvery, 0.75);
        assertEquals(formula, meanWindow(CongestionControls.cubic(), rttMillis, lossEvery, 400), 0.15 * formula);
    }

    /** A queue of eight products: slow start without HyStart++ overruns it by as much again. */
    @Test @Tag("RFC9406-4.2") void slowStartEndsBeforeItOverrunsTheQueue() {
        long reno = lostInSlowStart(CongestionControls.newReno());
        long cubic = lostInSlowStart(CongestionControls.cubic());
        assertTrue(reno > 1000 && cubic < reno / 20, cubic + " packets lost, without HyStart++ " + reno);
    }

    private static long lostInSlowStart(CongestionControlFactory factory) {
        Bottleneck path = new Bottleneck(100, 50, 8, 0, 1);
        Flow flow = path.add(factory.create());
        path.runUntil(3000);
        return flow.lost / Bottleneck.SMSS;
    }
}
