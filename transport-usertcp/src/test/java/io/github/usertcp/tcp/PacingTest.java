package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Departures spread over the round trip: a window of 60 segments of 1,000 bytes on a path of 100 ms. */
@TraceTest
class PacingTest {
    private static Script paced() {
        return Script.established().mss(1000).rtt(100).cwnd(60_000).config(c -> c.pacing(true).sendBufferBytes(1 << 20));
    }

    @Test void aWindowLeavesOverTheRoundTripAndNotAtOnce() {
        Script t = paced();
        t.send(60_000);
        int atOnce = t.takeSent().size();
        t.at(25);
        int early = atOnce + t.takeSent().size();
        t.at(100);
        int all = early + t.takeSent().size();
        assertTrue(atOnce <= 6, () -> atOnce + " segments at once");
        // 1.2 windows or 2 in slow start a round trip: a quarter of the time is good for 18 to 30 of 60.
        assertTrue(early >= 16 && early <= 36, () -> early + " segments in a quarter of the round trip");
        assertEquals(60, all);
        t.receive(". 1:1(0) ack 60001");
    }

    @Test void theRateIsTwiceTheWindowARoundTripInSlowStart() {
        Script t = paced();
        t.send(60_000).at(10);
        List<EmissionLog.Emission> sent = t.takeSent();
        long span = sent.get(sent.size() - 1).timeNanos() - sent.get(0).timeNanos();
        double rate = 1000.0 * (sent.size() - 1) / span * 1e9;
        assertTrue(rate > 0.8 * 1_200_000, () -> "paced at " + rate + " bytes per second instead of 1,200,000");
        t.at(100).takeSent();
        t.receive(". 1:1(0) ack 60001");
    }

    @Test void withoutPacingAWindowLeavesAtOnce() {
        Script t = Script.established().mss(1000).rtt(100).cwnd(50_000).config(c -> c.sendBufferBytes(1 << 20));
        t.send(50_000);
        assertEquals(50, t.takeSent().size());
        t.receive(". 1:1(0) ack 50001");
    }

    @Test void whatALateWakeUpDelayedLeavesBesideWhatIsDueThen() {
        Pacing pacing = new Pacing();
        pacing.sent(1_000_000, 3000, 0); // with the credit of the beginning: the next may leave after a millisecond
        assertFalse(pacing.mayLeave(1_000_000, 999_999));
        assertTrue(pacing.mayLeave(1_000_000, 2_000_000));
        pacing.sent(1_000_000, 1000, 2_000_000); // a millisecond late
        assertTrue(pacing.mayLeave(1_000_000, 2_000_000), "made up for");
        pacing.sent(1_000_000, 1000, 2_000_000);
        assertFalse(pacing.mayLeave(1_000_000, 2_000_000));
    }

    @Test void aLongPauseGivesNoMoreThanTheBoundOfCredit() {
        Pacing pacing = new Pacing();
        pacing.sent(1_000_000, 1000, 0);
        int burst = 0;
        while (pacing.mayLeave(1_000_000, 10_000_000_000L)) {
            pacing.sent(1_000_000, 1000, 10_000_000_000L);
            burst++;
        }
        assertEquals(3, burst, "two milliseconds of credit and one segment");
    }
}
