package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which recoveries are taken back (RFC 3522, RFC 4015), and which are not. Segments of 1000 bytes, ten in flight, timestamps on. */
@TraceTest
@Tag("RFC3522-3.2")
class SpuriousLossTest {
    private static Script tenInFlight() {
        Script t = Script.established().mss(1012).timestamps().newReno();
        assertEquals(10, t.send(10_000).takeSent().size());
        return t;
    }

    private static String ack(int number, int tsVal, int tsEcr) {
        return ". 1:1(0) ack " + number + " win 65535 <TS val " + tsVal + " ecr " + tsEcr + ">";
    }

    @Test void echoOfTheRetransmissionMeansThatItWasNeeded() {
        Script t = tenInFlight();
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(ack(1001, 210, 200)).takeSent();
        assertEquals(5000, t.info().sndSsthresh());
        assertEquals(2000, t.info().sndCwnd());
    }

    @Test void echoOfTheFastRetransmissionMeansThatItWasNeeded() {
        Script t = tenInFlight();
        t.at(10).receive(ack(1, 10, 0)).receive(ack(1, 10, 0)).receive(ack(1, 10, 0)).expect(". 1:1001(1000) ack 1 <TS val 10 ecr 10>");
        t.at(20).receive(ack(10_001, 20, 10)).expectSilence();
        assertEquals(5000, t.info().sndSsthresh());
    }

    @Test void lateAckOfTheOriginalsStopsTheResending() {
        Script t = tenInFlight();
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(ack(2001, 210, 0)).expectSilence();
        t.at(220).receive(ack(10_001, 220, 0)).expectSilenceUntil(60_000);
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
    }

    @Test void anyOriginalThatArrivesAfterATimeoutShowsThatItWasSpurious() {
        Script t = tenInFlight(); // the first segment is lost, the others are late
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(ack(1001, 210, 200)).takeSent();
        assertEquals(5000, t.info().sndSsthresh());
        t.at(220).receive(ack(2001, 220, 0)).takeSent();
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
    }

    @Test @Tag("RFC4015-3") void anOriginalThatArrivesLateUndoesNothingWhileCopiesOfOthersAreOnTheirWay() {
        Script t = Script.established().sack().timestamps().mss(1012).newReno();
        t.send(10_000).takeSent();
        t.at(10).receive(". 1:1(0) ack 1 <nop,nop,TS val 10 ecr 0,nop,nop,sack 3001:10001>").takeSent(); // 1, 2 and 3 are sent again
        assertEquals(5000, t.info().sndSsthresh());
        t.at(12).receive(". 1:1(0) ack 1001 <nop,nop,TS val 12 ecr 0,nop,nop,sack 3001:10001>").takeSent();
        assertEquals(5000, t.info().sndSsthresh());
        t.at(20).receive(". 1:1(0) ack 10001 <nop,nop,TS val 20 ecr 10>");
        assertEquals(5000, t.info().sndSsthresh(), "the others had been lost");
    }

    @Test void aRepeatedTimeoutIsJudgedByItsFirstRetransmission() {
        Script t = tenInFlight();
        t.expectAt(200, ". 1:1001(1000) ack 1").expectAt(600, ". 1:1001(1000) ack 1").at(610).receive(ack(1001, 610, 200)).takeSent();
        assertEquals(5000, t.info().sndSsthresh());
        Script spurious = tenInFlight();
        spurious.expectAt(200, ". 1:1001(1000) ack 1").expectAt(600, ". 1:1001(1000) ack 1").at(610).receive(ack(10_001, 610, 0)).expectSilence();
        assertEquals(Long.MAX_VALUE, spurious.info().sndSsthresh());
        assertEquals(true, spurious.info().sndCwnd() >= 10_000);
    }

    @Test void duplicatesOfNeedlessCopiesDoNotStartAnotherEpisode() {
        Script t = tenInFlight();
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(ack(5001, 210, 0)).expectSilence();
        t.receive(ack(5001, 210, 0)).receive(ack(5001, 210, 0)).receive(ack(5001, 210, 0)).expectSilence();
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
        t.receive(ack(10_001, 211, 0)).expectSilenceUntil(60_000);
    }

    @Test void withoutTimestampsNothingIsTakenBack() {
        Script t = Script.established().mss(1000).newReno();
        t.send(10_000).takeSent();
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(". 1:1(0) ack 10001").expectSilence();
        assertEquals(5000, t.info().sndSsthresh());
    }
}
