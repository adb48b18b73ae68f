package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The retransmission timer as the peer sees it (RFC 6298): when a lost segment comes again tells the timeout in force. */
@TraceTest
class RetransmissionTimeoutTest {
    private static final String DATA = "P. 1:101(100) ack 1";

    @ParameterizedTest @Tag("RFC6298-2.2")
    @CsvSource({"100, 300", "200, 600", "95, 285", "400, 1200"})
    void firstSampleMakesATimeoutOfThreeRoundTrips(long rtt, long rto) {
        Script t = Script.established().rtt(rtt);
        t.send(100).expect(DATA).expectSilenceUntil(rto - 1).expectAt(rto, DATA);
        assertEquals(rtt * 1000, t.info().rtt());
        assertEquals(rtt * 500, t.info().rttvar());
    }

    @Test @Tag("RFC6298-2.2") void passiveSideMeasuresItsHandshakeToo() {
        Script t = Script.accepted().rtt(100);
        t.send(100).expect(DATA).expectSilenceUntil(299).expectAt(300, DATA);
    }

    @Test @Tag("RFC6298-2.2") void sideMadeFromACompactEntryMeasuresItsHandshakeToo() {
        Script t = Script.halfOpen();
        t.expect("S. 0:0(0) ack 1").at(100).receive(". 1:1(0) ack 1").send(100).expect(DATA).expectSilenceUntil(399).expectAt(400, DATA);
    }

    @ParameterizedTest @Tag("RFC6298-2.3")
    @ValueSource(booleans = {false, true})
    void secondSampleIsSmoothed(boolean timestamps) {
        Script t = timestamps ? Script.established().rtt(100).timestamps() : Script.established().rtt(100);
        t.send(100).expect(DATA).at(180).receive(". 1:1(0) ack 101" + (timestamps ? " win 65535 <TS val 180 ecr 0>" : ""));
        assertEquals(110_000, t.info().rtt());
        assertEquals(57_500, t.info().rttvar());
        t.at(1_000).send(100).expect("P. 101:201(100) ack 1").expectSilenceUntil(1_339).expectAt(1_340, "P. 101:201(100) ack 1");
    }

    @Test @Tag("RFC6298-2.4") void minimumIsAddedToTheRoundTrip() { // as in Linux
        Script t = Script.established().rtt(1);
        t.send(100).expect(DATA).expectSilenceUntil(190).expectAt(191, DATA);
    }

    @Test @Tag("RFC6298-2.3") void steadyRoundTripsLeaveRoomForADelayedAck() {
        Script t = Script.established().rtt(300);
        for (int i = 0; i < 100; i++) {
            t.send(10).expect("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1").advance(300).receive(". 1:1(0) ack " + (11 + i * 10)).expectSilence();
        }
        t.send(10).expect("P. 1001:1011(10) ack 1").advance(489).expectSilence().advance(1).advance(1).expect("P. 1001:1011(10) ack 1");
    }

    @Test @Tag("RFC6298-2.4") void minimumIsConfigurable() {
        Script t = Script.established().rtt(1).config(c -> c.minRtoNanos(1_000_000_000L));
        t.send(100).expect(DATA).expectSilenceUntil(1_000).expectAt(1_001, DATA);
    }

    @Test @Tag("RFC6298-5.5") void timeoutDoublesUpToItsMaximumAndThenTheConnectionFails() {
        Script t = Script.established();
        t.send(100).expect(DATA);
        long at = 0;
        long rto = 200;
        for (int i = 0; i < 15; i++) {
            at += rto;
            t.expectSilenceUntil(at - 1).expectAt(at, DATA);
            rto = Math.min(2 * rto, 120_000);
        }
        t.expectSilenceUntil(at + rto - 1).expectState(TcpState.ESTABLISHED).at(at + rto);
        assertEquals(924_600, at + rto, "what Linux documents for 15 retries");
        t.takeSent();
        t.expectClosed(CloseCause.TIMED_OUT).expectEvents(TcpEvent.CLOSED);
    }

    @Test @Tag("RFC9293-3.8.3") void dataHasAsManyRetriesAsConfigured() {
        Script t = Script.established().config(c -> c.dataRetries(2));
        t.send(100).expect(DATA).expectAt(200, DATA).expectAt(600, DATA).expectSilenceUntil(1_399).expectState(TcpState.ESTABLISHED).at(1_400);
        t.takeSent();
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @Test @Tag("RFC9293-3.8.3") void progressRestoresTheRetries() {
        Script t = Script.established().mss(1000).config(c -> c.dataRetries(2).noDelay(true)).cwnd(10_000);
        t.send(1000).expect("P. 1:1001(1000) ack 1").expectAt(200, "P. 1:1001(1000) ack 1").expectAt(600, "P. 1:1001(1000) ack 1");
        t.at(700).receive(". 1:1(0) ack 1001").send(1000).expect("P. 1001:2001(1000) ack 1");
        t.tick().expect("P. 1001:2001(1000) ack 1").tick().expect("P. 1001:2001(1000) ack 1").expectState(TcpState.ESTABLISHED);
        t.tick().takeSent();
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @Test @Tag("RFC6298-3") void acknowledgmentOfARetransmissionIsNoSample() {
        Script t = Script.established().rtt(100);
        t.send(100).expect(DATA).expectAt(300, DATA).at(350).receive(". 1:1(0) ack 101");
        assertEquals(100_000, t.info().rtt());
        // Karn: the backed-off timeout of 600 ms stays until a segment sent once is acknowledged.
        t.at(1_000).send(100).expect("P. 101:201(100) ack 1").expectSilenceUntil(1_599).expectAt(1_600, "P. 101:201(100) ack 1");
    }

    @Test @Tag("RFC6298-3") void noSegmentOfAResentWindowIsASample() {
        Script t = Script.established().mss(1000).rtt(100);
        for (int i = 0; i < 8; i++) {
            t.at(i * 10).send(1000).expect("P. " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1");
        }
        t.expectAt(300, ". 1:1001(1000) ack 1");
        for (int i = 1; i <= 8; i++) {
            t.advance(20).receive(". 1:1(0) ack " + (1 + i * 1000));
            assertEquals(100_000, t.info().rtt(), "after the ACK of segment " + i);
        }
        assertEquals(7, t.takeSent().size());
        t.send(1000).expect("P. 8001:9001(1000) ack 1").advance(180).receive(". 1:1(0) ack 9001");
        assertEquals(110_000, t.info().rtt());
    }

    @Test @Tag("RFC6298-3") void segmentsAroundAFastRetransmissionAreSamplesAgain() {
        Script t = Script.established().mss(1000).rtt(100);
        for (int i = 0; i < 6; i++) {
            t.at(i * 10).send(1000).expect("P. " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1");
        }
        t.at(100).receive(". 1:1(0) ack 1001").at(110).receive(". 1:1(0) ack 2001"); // 2001:3001 is lost
        t.at(130).receive(". 1:1(0) ack 2001").receive(". 1:1(0) ack 2001").receive(". 1:1(0) ack 2001").expect(". 2001:3001(1000) ack 1");
        t.at(200).receive(". 1:1(0) ack 3001");
        assertEquals(100_000, t.info().rtt());
        t.at(210).receive(". 1:1(0) ack 4001").takeSent();
        t.receive(". 1:1(0) ack 6001").takeSent();
    }

    @Test @Tag("RFC6298-3") void nextCleanSampleEndsTheBackoff() {
        Script t = Script.established().rtt(100).config(c -> c.minRtoNanos(200_000_000L));
        t.send(100).expect(DATA).expectAt(300, DATA).at(350).receive(". 1:1(0) ack 101");
        t.at(1_000).send(100).expect("P. 101:201(100) ack 1").at(1_100).receive(". 1:1(0) ack 201");
        t.at(2_000).send(100).expect("P. 201:301(100) ack 1").expectSilenceUntil(2_299).expectAt(2_300, "P. 201:301(100) ack 1");
    }

    @Test @Tag("RFC7323-4.1") void timestampsMakeTheAcknowledgmentOfARetransmissionASample() {
        Script t = Script.established().rtt(100).timestamps().config(c -> c.minRtoNanos(200_000_000L));
        t.send(100).expect(DATA).expectAt(300, DATA).at(400).receive(". 1:1(0) ack 101 win 65535 <TS val 400 ecr 300>");
        assertEquals(100_000, t.info().rtt());
        t.at(1_000).send(100).expect("P. 101:201(100) ack 1").expectSilenceUntil(1_299).expectAt(1_300, "P. 101:201(100) ack 1");
    }

    @Test @Tag("RFC6298-5.3") void acknowledgmentOfNewDataRestartsTheTimer() {
        Script t = Script.established().rtt(100).mss(1000).cwnd(10_000).config(c -> c.rtoRestart(false));
        t.send(2000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1").at(100).receive(". 1:1(0) ack 1001");
        t.expectSilenceUntil(399).expectAt(400, "P. 1001:2001(1000) ack 1");
    }

    @Test @Tag("RFC6298-5.1") void laterSegmentsDoNotPostponeTheTimer() {
        Script t = Script.established().rtt(100).mss(1000).cwnd(10_000);
        t.send(1000).expect("P. 1:1001(1000) ack 1").at(250).send(1000).expect("P. 1001:2001(1000) ack 1");
        t.expectSilenceUntil(299).at(300).expect(". 1:1001(1000) ack 1");
        t.takeSent();
    }

    @Test @Tag("RFC6298-5.2") void acknowledgmentOfEverythingStopsTheTimer() {
        Script t = Script.established();
        t.send(100).expect(DATA).at(50).receive(". 1:1(0) ack 101").expectSilenceUntil(1_000_000);
        assertEquals(Long.MAX_VALUE, t.connection().deadlineNanos());
    }

    @Test @Tag("RFC6298-5.7") void connectionWhoseSynWasLostStartsWithThreeSeconds() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").expectAt(1_000, "S 0:0(0)").at(1_010).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1");
        t.at(2_000).send(100).expect(DATA).expectSilenceUntil(4_999).expectAt(5_000, DATA);
    }

    @Test @Tag("RFC7323-4.1") void connectionWhoseSynWasLostHasASampleFromItsTimestamps() {
        Script t = Script.closed().timestamps();
        t.connect().expect("S 0:0(0)").expectAt(1_000, "S 0:0(0)");
        t.at(1_100).receive("S. 0:0(0) ack 1 win 65535 <mss 1460,TS val 5 ecr 1000>").expect(". 1:1(0) ack 1");
        t.at(2_000).send(100).expect(DATA).expectSilenceUntil(2_299).expectAt(2_300, DATA);
    }

    @Test @Tag("RFC6298-5.4") void earliestSegmentIsRetransmittedAndTheOthersFollowItsAck() {
        Script t = Script.established().mss(1000);
        t.send(4000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1", "P. 3001:4001(1000) ack 1");
        t.expectAt(200, ". 1:1001(1000) ack 1").expectSilence();
        t.at(210).receive(". 1:1(0) ack 1001").expect(". 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1").expectSilence();
        t.at(220).receive(". 1:1(0) ack 3001").expect("P. 3001:4001(1000) ack 1").expectSilence();
        t.at(230).receive(". 1:1(0) ack 4001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC5681-3.1") void timeoutShrinksTheWindowToOneSegmentAndHalvesTheThreshold() {
        Script t = Script.established().mss(1000).newReno();
        t.send(10_000).takeSent();
        t.expectAt(200, ". 1:1001(1000) ack 1");
        assertEquals(1000, t.info().sndCwnd());
        assertEquals(5000, t.info().sndSsthresh());
        t.expectAt(600, ". 1:1001(1000) ack 1");
        assertEquals(5000, t.info().sndSsthresh(), "RFC 5681 equation 4: the threshold is held at a repeated timeout");
        t.receive(". 1:1(0) ack 10001");
    }

    @Test @Tag("RFC9293-3.8.1") void retransmissionCarriesTheAcknowledgmentAndWindowOfToday() {
        Script t = Script.established().mss(1000);
        t.send(100).expect("P. 1:101(100) ack 1 win 65535");
        t.at(100).receive("P. 1:501(500) ack 1").expect(". 101:101(0) ack 501 win 65535");
        t.expectAt(200, "P. 1:101(100) ack 501 win 65535").receive(". 501:501(0) ack 101");
    }
}
