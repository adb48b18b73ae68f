package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounds of round-trip times against RFC 9406 section 4.2; times in milliseconds. */
@Tag("RFC9406-4.2")
class HyStartTest {
    private final HyStart hyStart = new HyStart();
    private final AckSample sample = new AckSample();

    /** A round of so many ACKs, all with the same round-trip time. */
    private void round(int acks, double rttMillis) {
        long rtt = (long) (rttMillis * 1e6);
        for (int i = 0; i < acks; i++) {
            hyStart.onAck(sample.start(0, 1000, 0).rtt(rtt, rtt, rtt).sent(0, 0, 0, i == 0));
        }
    }

    @Test void steadyRoundTripsNeverEndSlowStart() {
        for (int i = 0; i < 100; i++) {
            round(20, 50);
        }
        assertFalse(hyStart.isConservative());
        assertFalse(hyStart.hasEnded());
        assertEquals(1000, hyStart.growth(1000));
    }

    /** The threshold is an eighth of the last round's smallest RTT, between 4 and 16 ms. */
    @ParameterizedTest
    @CsvSource({"10, 13.9, 14", "50, 56.2, 56.25", "100, 112.4, 112.5", "200, 215.9, 216"})
    void risingRoundTripSlowsDown(double before, double tolerated, double tooMuch) {
        round(8, before);
        round(8, tolerated);
        assertFalse(hyStart.isConservative());
        HyStartTest other = new HyStartTest();
        other.round(8, before);
        other.round(8, tooMuch);
        assertTrue(other.hyStart.isConservative());
        assertEquals(250, other.hyStart.growth(1000));
        assertFalse(other.hyStart.hasEnded());
    }

    @Test void sevenSamplesAreTooFewToJudge() {
        round(8, 50);
        round(7, 90);
        assertFalse(hyStart.isConservative());
        hyStart.onAck(sample.start(0, 1000, 0).rtt(90_000_000, 90_000_000, 0));
        assertTrue(hyStart.isConservative());
    }

    @Test void smallestOfTheRoundCounts() {
        round(8, 50);
        round(1, 50);
        for (int i = 0; i < 20; i++) {
            hyStart.onAck(sample.start(0, 1000, 0).rtt(90_000_000, 90_000_000, 0));
        }
        assertFalse(hyStart.isConservative());
    }

    @Test void acksWithoutASampleDoNotCount() {
        round(8, 50);
        hyStart.onAck(sample.start(0, 1000, 0).sent(0, 0, 0, true));
        for (int i = 0; i < 20; i++) {
            hyStart.onAck(sample.start(0, 1000, 0));
        }
        assertFalse(hyStart.isConservative());
    }

    @Test void fiveConservativeRoundsEndSlowStart() {
        round(8, 50);
        round(8, 60); // the first of the five, though conservative only from its eighth ACK on
        for (int i = 2; i <= 5; i++) {
            round(8, 60);
            assertTrue(hyStart.isConservative());
            assertFalse(hyStart.hasEnded(), "in round " + i);
        }
        round(1, 60);
        assertTrue(hyStart.hasEnded());
    }

    @Test void slowStartResumesWhenTheRoundTripFallsAgain() {
        round(8, 50);
        round(8, 60);
        round(8, 59);
        assertFalse(hyStart.isConservative(), "below the baseline of 60");
        for (int i = 0; i < 50; i++) {
            round(8, 59);
        }
        assertFalse(hyStart.hasEnded());
        round(8, 70);
        assertTrue(hyStart.isConservative(), "and can be left again");
    }
}
