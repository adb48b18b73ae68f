package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timestamps and PAWS (RFC 7323 sections 3 to 5). Our TSval is the trace's time in milliseconds. */
@TraceTest
class TimestampsTest {
    private static Script stamped() {
        return Script.established().mss(1000).timestamps().config(c -> c.quickAckSegments(0));
    }

    @Test @Tag("RFC7323-3.2") void activeOpenOffersTimestamps() {
        Script t = Script.closed().config(c -> c.timestamps(true));
        t.at(7).connect().expect("S 0:0(0) win 65535 <mss 1460,TS val 7 ecr 0>");
        t.at(9).receive("S. 0:0(0) ack 1 win 65535 <mss 1460,TS val 500 ecr 7>").expect(". 1:1(0) ack 1 <TS val 9 ecr 500>");
    }

    @Test @Tag("RFC7323-3.2") void passiveOpenAnswersTimestamps() {
        Script t = Script.listening().config(c -> c.timestamps(true));
        t.at(7).receive("S 0:0(0) win 65535 <mss 1460,TS val 500 ecr 0>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460,TS val 7 ecr 500>");
        t.at(9).receive(". 1:1(0) ack 1 win 65535 <TS val 510 ecr 7>").send(10).expect("P. 1:11(10) ack 1 <TS val 9 ecr 510>");
        t.receive(". 1:1(0) ack 11 win 65535 <TS val 511 ecr 9>");
    }

    @Test @Tag("RFC7323-3.2") void peerWithoutTimestampsGetsNone() {
        Script t = Script.closed().config(c -> c.timestamps(true));
        t.connect().expect("S 0:0(0)").receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1 win 65535 <>");
        Script passive = Script.listening().config(c -> c.timestamps(true));
        passive.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        assertEquals(false, t.info().timestamps());
    }

    @Test @Tag("RFC7323-3.2") void everySegmentCarriesTimestamps() {
        Script t = stamped();
        t.at(5).send(100).expect("P. 1:101(100) ack 1 <TS val 5 ecr 0>");
        t.at(6).receive("P. 1:101(100) ack 101 win 65535 <TS val 6 ecr 5>").expectAt(46, ". 101:101(0) ack 101 <TS val 46 ecr 6>");
        t.at(50).shutdownOutput().expect("F. 101:101(0) ack 101 <TS val 50 ecr 6>").read(100);
    }

    @Test @Tag("RFC9293-3.7.1") void timestampsTakeTwelveBytesOfEachSegment() {
        Script t = stamped().cwnd(100_000);
        t.send(1976).expect(". 1:989(988) ack 1", "P. 989:1977(988) ack 1");
        assertEquals(988, t.info().sndMss());
        t.receive(". 1:1(0) ack 1977 win 65535 <TS val 1 ecr 0>");
    }

    @Test @Tag("RFC7323-4.3") void delayedAckEchoesTheEarlierSegment() {
        Script t = stamped();
        t.receive(". 1:989(988) ack 1 win 65535 <TS val 100 ecr 0>").receive(". 989:1977(988) ack 1 win 65535 <TS val 110 ecr 0>");
        t.expect(". 1:1(0) ack 1977 <TS val 0 ecr 100>").read(1976);
    }

    @Test @Tag("RFC7323-4.3") void gapEchoesTheLastSegmentInOrderAndItsFillingTheFiller() {
        Script t = stamped();
        t.receive(". 1:989(988) ack 1 win 65535 <TS val 100 ecr 0>").expectAt(40, ". 1:1(0) ack 989 <TS val 40 ecr 100>");
        t.receive(". 1977:2965(988) ack 1 win 65535 <TS val 120 ecr 0>").expect(". 1:1(0) ack 989 <TS val 40 ecr 100>");
        t.receive(". 989:1977(988) ack 1 win 65535 <TS val 110 ecr 0>").expect(". 1:1(0) ack 2965 <TS val 40 ecr 110>").read(2964);
    }

    @Test @Tag("RFC7323-5.3") void olderTimestampIsDroppedAndAcknowledged() {
        Script t = stamped();
        t.receive("P. 1:101(100) ack 1 win 65535 <TS val 100 ecr 0>").expectAt(40, ". 1:1(0) ack 101 <TS val 40 ecr 100>");
        t.receive("P. 101:201(100) ack 1 win 65535 <TS val 89 ecr 0>").expect(". 1:1(0) ack 101 <TS val 40 ecr 100>").expectReadable(100);
        t.receive("P. 101:201(100) ack 1 win 65535 <TS val 100 ecr 0>").expectAt(80, ". 1:1(0) ack 201 <TS val 80 ecr 100>").read(200);
    }

    @Test @Tag("RFC7323-5.3") void segmentOvertakenByTheRetransmissionThatFilledTheGapIsTaken() {
        Script t = stamped();
        t.receive(". 1977:2965(988) ack 1 win 65535 <TS val 100 ecr 0>").expect(". 1:1(0) ack 1");
        t.receive(". 1:989(988) ack 1 win 65535 <TS val 110 ecr 0>").expect(". 1:1(0) ack 989");
        t.receive(". 989:1977(988) ack 1 win 65535 <TS val 100 ecr 0>").expect(". 1:1(0) ack 2965").read(2964);
    }

    @Test @Tag("RFC7323-5.3") void olderTimestampDoesNotAcknowledgeOrChangeTheWindow() {
        Script t = stamped().cwnd(100_000);
        t.receive(". 1:1(0) ack 1 win 65535 <TS val 100 ecr 0>").send(988).expect("P. 1:989(988) ack 1");
        t.at(10).receive(". 1:1(0) ack 989 win 77 <TS val 50 ecr 0>");
        assertEquals(65_535, t.info().sndWnd());
        assertEquals(0, t.info().bytesAcked());
        t.takeSent();
        t.receive(". 1:1(0) ack 989 win 65535 <TS val 101 ecr 0>").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC7323-5.3") void resetIsNotSubjectToPaws() {
        Script t = stamped();
        t.receive(". 1:1(0) ack 1 win 65535 <TS val 100 ecr 0>").receive("R. 1:1(0) ack 1 win 0 <TS val 3 ecr 0>").expectSilence().expectClosed(CloseCause.RESET);
    }

    @Test @Tag("RFC7323-5.3") void resetWithoutTimestampsResets() {
        stamped().receive("R 1:1(0)").expectSilence().expectClosed(CloseCause.RESET);
    }

    @ParameterizedTest @Tag("RFC7323-4.3")
    @ValueSource(strings = {". 99999:100099(100) ack 1", ". 4294867296:4294867396(100) ack 1"})
    void timestampOfASegmentOutsideTheWindowIsNotRemembered(String outside) {
        Script t = stamped();
        t.receive(outside + " win 65535 <TS val 1000000 ecr 0>").expect(". 1:1(0) ack 1 <TS val 0 ecr 0>");
        t.receive("P. 1:101(100) ack 1 win 65535 <TS val 5 ecr 0>").expectAt(40, ". 1:1(0) ack 101 <TS val 40 ecr 5>").read(100);
    }

    @Test @Tag("RFC7323-4.3") void timestampOfDataWithAnUnacceptableAckIsNotRemembered() {
        Script t = stamped();
        t.receive("P. 1:101(100) ack 2 win 65535 <TS val 1000000 ecr 0>").expect(". 1:1(0) ack 1 <TS val 0 ecr 0>");
        t.receive("P. 1:101(100) ack 1 win 65535 <TS val 5 ecr 0>").expectAt(40, ". 1:1(0) ack 101 <TS val 40 ecr 5>").read(100);
    }

    @Test @Tag("RFC7323-4.3") void timestampOfASynInTheWindowIsNotRemembered() {
        Script t = stamped();
        t.receive("S 1:1(0) win 65535 <mss 1000,TS val 1000000 ecr 0>").expect(". 1:1(0) ack 1 <TS val 0 ecr 0>");
        t.receive("P. 1:101(100) ack 1 win 65535 <TS val 5 ecr 0>").expectAt(40, ". 1:1(0) ack 101 <TS val 40 ecr 5>").read(100);
    }

    @Test @Tag("RFC7323-5.5") void timestampRememberedForTwentyFourDaysIsForgotten() {
        Script t = stamped();
        t.receive("P. 1:101(100) ack 1 win 65535 <TS val 100 ecr 0>").expectAt(40, ". 1:1(0) ack 101");
        t.at(25L * 86_400_000).receive("P. 101:201(100) ack 1 win 65535 <TS val 4 ecr 0>").advance(40).expect(". 1:1(0) ack 201").read(200);
    }

    @Test void thirdSegmentWithoutTimestampsIsAccepted() {
        Script t = Script.listening().config(c -> c.timestamps(true));
        t.receive("S 0:0(0) win 65535 <mss 1460,TS val 500 ecr 0>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460,TS val 0 ecr 500>");
        t.receive(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
    }

    @Test void dataWithoutTimestampsIsAcceptedAsByLinux() {
        Script t = stamped();
        t.receive("P. 1:101(100) ack 1").expectAt(40, ". 1:1(0) ack 101 <TS val 40 ecr 0>").read(100);
    }

    @Test @Tag("RFC7323-5.4") void timestampsOfBothSidesWrap() {
        Script t = stamped();
        for (int i = 0; i < 10; i++) { // both bases lie less than 200 ms below 2^32
            int seq = 1 + i * 100;
            long at = i * 100L;
            t.at(at).receive("P. " + seq + ":" + (seq + 100) + "(100) ack 1 win 65535 <TS val " + at + " ecr 0>");
            t.expectAt(at + 40, ". 1:1(0) ack " + (seq + 100) + " <TS val " + (at + 40) + " ecr " + at + ">");
        }
        t.read(1000);
    }

    @Test @Tag("RFC7323-3.2") void echoOfATimestampWeNeverSentGivesNoSample() {
        Script t = stamped();
        t.at(1_000).send(100).expect("P. 1:101(100) ack 1").at(1_010).receive(". 1:1(0) ack 101 win 65535 <TS val 5 ecr 4294000000>");
        assertTrue(t.info().rtt() <= 10_000, "rtt: " + t.info().rtt());
    }

    /** As in Linux: less than a tick is not nothing, else a path would have no length, no bandwidth-delay product and no room for reordering. */
    @Test @Tag("RFC7323-4.1") void echoWithinItsTickMeasuresATick() {
        Script t = Script.listening().config(c -> c.timestamps(true).tailLossProbe(false));
        t.receive("S 0:0(0) win 65535 <mss 1460,TS val 500 ecr 0>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460,TS val 0 ecr 500>");
        t.at(10).receive(". 1:1(0) ack 1 win 65535 <TS val 510 ecr 0>").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.at(100).send(100).expect("P. 1:101(100) ack 1").expectAt(300, "P. 1:101(100) ack 1 <TS val 300 ecr 510>");
        t.receive(". 1:1(0) ack 101 win 65535 <TS val 800 ecr 300>");
        assertEquals(1_000, t.info().minRtt());
    }
}
