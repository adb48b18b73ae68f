package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NewReno against the equations of RFC 5681 section 3.1; in bytes, SMSS 1000, initial window 10000. */
class NewRenoTest {
    private static final int SMSS = 1000;

    private final CongestionControl reno = CongestionControls.newReno().create();
    private final AckSample sample = new AckSample();

    @BeforeEach void establish() {
        reno.onEstablished(SMSS, 10 * SMSS, Long.MAX_VALUE, 0);
    }

    private void ack(long bytes) {
        reno.onAck(sample.start(0, bytes, reno.cwndBytes()).limits(true, false));
    }

    @Test @Tag("RFC6928-2") void startsWithTheInitialWindowAndNoThreshold() {
        assertEquals(10_000, reno.cwndBytes());
        assertEquals(Long.MAX_VALUE, reno.ssthreshBytes());
        assertEquals(0, reno.pacingBytesPerSecond());
        assertEquals("reno", reno.name());
        assertEquals("reno", CongestionControls.newReno().name());
    }

    @ParameterizedTest @Tag("RFC5681-3.1")
    @CsvSource({"1, 10001", "999, 10999", "1000, 11000", "1500, 11500", "2000, 12000", "2001, 12001", "10000, 20000"})
    void slowStartAddsWhatIsAcknowledged(long acked, long cwnd) {
        ack(acked);
        assertEquals(cwnd, reno.cwndBytes());
    }

    @Test @Tag("RFC5681-3.1") void congestionAvoidanceAddsOneSegmentPerWindow() {
        ack(10_000);
        reno.onEnterRecovery(20_000, 0);
        reno.onExitRecovery(20_000, 0);
        assertEquals(10_000, reno.cwndBytes());
        for (int i = 0; i < 9; i++) {
            ack(1000);
            assertEquals(10_000, reno.cwndBytes());
        }
        ack(1000);
        assertEquals(11_000, reno.cwndBytes());
        for (int i = 0; i < 10; i++) {
            ack(1000);
        }
        assertEquals(11_000, reno.cwndBytes());
        ack(1000);
        assertEquals(12_000, reno.cwndBytes());
    }

    /** Linux's value, in whole segments of a window that was in use: what is in flight at the moment doesn't matter. */
    @ParameterizedTest @Tag("RFC5681-3.1")
    @CsvSource({"10000, 5000", "11000, 5000", "11999, 5000", "12000, 6000", "4000, 2000", "3999, 2000", "1000, 2000", "100000, 50000"})
    void lossHalvesTheWindowButNotBelowTwoSegments(long cwnd, long ssthresh) {
        CongestionControl control = CongestionControls.newReno().create();
        control.onEstablished(SMSS, cwnd, Long.MAX_VALUE, 0);
        control.onEnterRecovery(1, 0);
        assertEquals(ssthresh, control.ssthreshBytes());
        assertEquals(ssthresh, control.cwndBytes());
    }

    @Test @Tag("RFC5681-3.1") void timeoutDuringRecoveryDoesNotReduceTheThresholdAgain() {
        reno.onEnterRecovery(10_000, 0);
        reno.onRetransmissionTimeout(10_000, true, 0);
        assertEquals(1000, reno.cwndBytes());
        assertEquals(5000, reno.ssthreshBytes());
        reno.onUndo(0);
        assertEquals(10_000, reno.cwndBytes());
        assertEquals(Long.MAX_VALUE, reno.ssthreshBytes());
    }

    @Test @Tag("RFC5681-3.2") void acksDuringRecoveryDoNotGrowTheWindow() {
        reno.onEnterRecovery(10_000, 0);
        reno.onAck(sample.start(0, 5000, 5000).limits(true, true));
        assertEquals(5000, reno.cwndBytes());
    }

    @ParameterizedTest @Tag("RFC6582-3.2")
    @CsvSource({"0", "1000", "9000"})
    void recoveryEndsAtTheThreshold(long flight) {
        reno.onEnterRecovery(10_000, 0);
        reno.onExitRecovery(flight, 0);
        assertEquals(5000, reno.cwndBytes());
        assertEquals(5000, reno.ssthreshBytes());
    }

    @Test @Tag("RFC5681-3.1") void timeoutStartsOverFromOneSegment() {
        reno.onRetransmissionTimeout(10_000, true, 0);
        assertEquals(1000, reno.cwndBytes());
        assertEquals(5000, reno.ssthreshBytes());
        reno.onRetransmissionTimeout(1000, false, 0);
        assertEquals(1000, reno.cwndBytes());
        assertEquals(5000, reno.ssthreshBytes());
        for (int i = 0; i < 4; i++) {
            ack(1000);
        }
        assertEquals(5000, reno.cwndBytes());
        ack(1000);
        assertEquals(5000, reno.cwndBytes());
    }

    @Test @Tag("RFC7661-4.3") void unusedWindowDoesNotGrow() {
        for (int i = 0; i < 100; i++) {
            reno.onAck(sample.start(0, 1000, 0).limits(false, false));
        }
        assertEquals(10_000, reno.cwndBytes());
    }

    @Test @Tag("RFC5681-4.1") void idlenessLowersTheWindowAndNeverRaisesIt() {
        ack(2000);
        reno.onIdleRestart(10_000);
        assertEquals(10_000, reno.cwndBytes());
        reno.onRetransmissionTimeout(10_000, true, 0);
        reno.onIdleRestart(10_000);
        assertEquals(1000, reno.cwndBytes());
    }

    @Test @Tag("RFC2861-3.1") void idlenessRemembersThreeQuartersOfTheWindow() {
        ack(10_000);
        reno.onEnterRecovery(20_000, 0);
        reno.onExitRecovery(0, 0);
        reno.onIdleRestart(2000);
        assertEquals(2000, reno.cwndBytes());
        assertEquals(10_000, reno.ssthreshBytes(), "the larger of threshold and 3/4 of the window");
    }

    @Test @Tag("RFC4015-4") void undoRestoresWindowAndThreshold() {
        reno.onRetransmissionTimeout(10_000, true, 0);
        reno.onRetransmissionTimeout(1_000, false, 0);
        reno.onUndo(0);
        assertEquals(10_000, reno.cwndBytes());
        assertEquals(Long.MAX_VALUE, reno.ssthreshBytes());
        reno.onEnterRecovery(10_000, 0);
        reno.onUndo(0);
        assertEquals(10_000, reno.cwndBytes());
        assertEquals(Long.MAX_VALUE, reno.ssthreshBytes());
    }

    @Test void windowHoldsOneSegmentWhateverItsSize() {
        reno.onRetransmissionTimeout(10_000, true, 0);
        reno.onSmssChanged(9000);
        assertTrue(reno.cwndBytes() >= 9000);
        reno.onSmssChanged(500);
        assertTrue(reno.cwndBytes() >= 500);
    }

    @Test void windowIsBounded() {
        for (int i = 0; i < 2_000_000; i++) {
            ack(2000);
        }
        assertTrue(reno.cwndBytes() > 0 && reno.cwndBytes() <= 1L << 31, "cwnd: " + reno.cwndBytes());
    }

    @Test void everyConnectionHasItsOwn() {
        CongestionControlFactory factory = CongestionControls.newReno();
        CongestionControl first = factory.create();
        CongestionControl second = factory.create();
        first.onEstablished(SMSS, 10_000, Long.MAX_VALUE, 0);
        second.onEstablished(SMSS, 10_000, Long.MAX_VALUE, 0);
        first.onRetransmissionTimeout(10_000, true, 0);
        assertEquals(10_000, second.cwndBytes());
    }
}
