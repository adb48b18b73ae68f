package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.EcnCodepoint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accurate ECN (RFC 9768) in packet traces; a digit behind the flags is the ACE field. */
@TraceTest
class AccurateEcnTest {
    private static final String FIRST_OPTION = "<ECN e1b 1 ceb 0 e0b 1>";

    private static Script asking() {
        Script t = Script.closed().newReno().config(c -> c.ecnOffered(EcnMode.ACCURATE).burstPush(false).quickAck(true));
        return t.connect().expect("[noecn] SEWA 0:0(0) win 65535");
    }

    private static Script client() {
        Script t = asking().receive("S.2 0:0(0) ack 1 win 65535 <mss 1012,ECN e1b 1 ceb 0 e0b 1>");
        return t.expect("[ect0] .2 1:1(0) ack 1 " + FIRST_OPTION);
    }

    /** Table 2 of the RFC: what the server's three flags mean to a client that has asked for accurate feedback. */
    @ParameterizedTest @Tag("RFC9768-3.1.1")
    @CsvSource({
        "0, noecn, OFF, .", "1, noecn, CLASSIC, .", "2, noecn, ACCURATE, .2", "3, ect1, ACCURATE, .3", "4, ect0, ACCURATE, .4",
        "5, noecn, ACCURATE, .2", "6, noecn, ACCURATE, .2", "7, noecn, OFF, .",
    })
    void clientTakesTheServersAnswer(int ace, String field, EcnMode mode, String third) {
        Script t = asking().receive("[" + field + "] S." + ace + " 0:0(0) ack 1 win 65535 <mss 1000>").expect(third + " 1:1(0) ack 1");
        assertEquals(mode, t.info().ecn().mode());
    }

    /** The server's half of table 2. */
    @ParameterizedTest @Tag("RFC9768-3.1.1")
    @CsvSource({
        "S, noecn, OFF, S.", "SEW, noecn, CLASSIC, SE.", "SEWA, noecn, ACCURATE, S.2", "SEWA, ect1, ACCURATE, S.3", "SEWA, ect0, ACCURATE, S.4",
        "SEWA, ce, ACCURATE, S.6", "SA, noecn, ACCURATE, S.2", "SE, noecn, ACCURATE, S.2",
    })
    void serverAnswersWhatItIsAsked(String flags, String field, EcnMode mode, String answer) {
        Script t = Script.listening().config(c -> c.ecnAccepted(EcnMode.ACCURATE));
        t.receive("[" + field + "] " + flags + " 0:0(0) win 65535 <mss 1000>").expect("[noecn] " + answer + " 0:0(0) ack 1 win 65535");
        t.receive((mode == EcnMode.ACCURATE ? ".2" : ".") + " 1:1(0) ack 1");
        assertEquals(mode, t.info().ecn().mode());
    }

    @Test @Tag("RFC9768-3.1.4") void connectionThatListensRepeatsItsAnswerWithLessEachTime() {
        Script t = Script.listening().config(c -> c.ecnAccepted(EcnMode.ACCURATE));
        t.receive("SEWA 0:0(0) win 65535 <mss 1000>").expect("S.2 0:0(0) ack 1 win 65535 <mss 1460,ECN e1b 1 ceb 0 e0b 1>");
        t.tick().expect("S.2 0:0(0) ack 1 win 65535 <mss 1460>");
        t.tick().expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        t.receive(".2 1:1(0) ack 1").send(10).expect("[noecn] P.5 1:11(10) ack 1").receive(".5 1:1(0) ack 11");
    }

    @Test @Tag("RFC9768-3.1.1") void aConnectionThatListensAgainStartsAnew() {
        Script t = Script.listening().config(c -> c.ecnAccepted(EcnMode.ACCURATE));
        t.receive("SEWA 0:0(0) win 65535 <mss 1000>").expect("S.2 0:0(0) ack 1 win 65535").receive("R 1:1(0)").expectState(TcpState.LISTEN);
        t.receive("SEW 0:0(0) win 65535 <mss 1000>").expect("SE. 0:0(0) ack 1 win 65535").receive(". 1:1(0) ack 1");
        assertEquals(EcnMode.CLASSIC, t.info().ecn().mode());
    }

    @Test @Tag("RFC9768-3.1.1") void simultaneousOpenOfTwoThatAsk() {
        Script t = asking().receive("[ect0] SEWA 0:0(0) win 65535 <mss 1000>").expect("S.4 0:0(0) ack 1");
        t.receive("S.2 0:0(0) ack 1 win 65535 <mss 1000>").expect("[ect0] .5 1:1(0) ack 1");
        assertEquals(EcnMode.ACCURATE, t.info().ecn().mode());
    }

    @Test @Tag("RFC9768-3.2.3") void optionTakesItsPlaceFromEveryFullSegment() {
        Script t = client();
        assertEquals(1000, t.info().sndMss());
        t.send(2500).expect("[ect0] .5 1:1001(1000) ack 1 " + FIRST_OPTION, "[ect0] .5 1001:2001(1000) ack 1 " + FIRST_OPTION);
        t.expect("[ect0] P.5 2001:2501(500) ack 1 " + FIRST_OPTION).receive(".5 1:1(0) ack 2501 <ECN e1b 1 ceb 0 e0b 2501>");
        assertEquals(2500, t.info().ecn().deliveredE0Bytes());
    }

    @Test @Tag("RFC9768-3.2.3.2") void optionThatIsSeenLateIsAnsweredFromThenOn() {
        Script t = asking().receive("S.2 0:0(0) ack 1 win 65535 <mss 1012>").expect("[ect0] .2 1:1(0) ack 1");
        t.send(1012).expect("[ect0] P.5 1:1013(1012) ack 1").receive(".5 1:1(0) ack 1013 <ECN e0b 1013>");
        t.send(1012).expect("[ect0] .5 1013:2013(1000) ack 1 " + FIRST_OPTION);
        t.receive(".5 1:1(0) ack 2013 <ECN e0b 2013>").expect("[ect0] P.5 2013:2025(12) ack 1 " + FIRST_OPTION);
        t.receive(".5 1:1(0) ack 2025 <ECN e0b 2025>");
    }

    @Test @Tag("RFC9768-3.2.3.3") void onDemandFullSegmentsCarryNoOption() {
        Script t = Script.closed().config(c -> c.ecnOffered(EcnMode.ACCURATE).ecnOptionUse(EcnOptionUse.ON_DEMAND).ecnOptionBeacon(0));
        t.connect().expect("SEWA 0:0(0) win 65535").receive("S.2 0:0(0) ack 1 win 65535 <mss 1000,ECN e1b 1 ceb 0 e0b 1>");
        t.expect(".2 1:1(0) ack 1 " + FIRST_OPTION);
        t.send(1000).expect("P.5 1:1001(1000) ack 1 <>").receive("[ce] .5 1:101(100) ack 1001").expect(".6 1001:1001(0) ack 101 <ECN e1b 1 ceb 100 e0b 1>");
        t.read(100);
    }

    @Test @Tag("RFC9768-3.2.2.2") void everyMarkIsCountedAlsoAcrossTheWrapOfTheField() {
        Script t = client();
        for (int i = 0; i < 20; i++) {
            t.receive("[ce] P.5 " + (1 + 100 * i) + ':' + (101 + 100 * i) + "(100) ack 1");
            t.expect("." + (6 + i) % 8 + " 1:1(0) ack " + (101 + 100 * i) + " <ECN e1b 1 ceb " + (100 + 100 * i) + " e0b 1>");
        }
        t.read(2000);
        assertEquals(20, t.info().ecn().receivedCe());
    }

    @Test @Tag("RFC9768-3.2.2.1") void whatIsOutsideOfTheWindowIsNotCounted() {
        Script t = client();
        t.receive("[ce] P.5 200001:200101(100) ack 1").expect(".5 1:1(0) ack 1 " + FIRST_OPTION);
        assertEquals(0, t.info().ecn().receivedCe());
    }

    @Test @Tag("RFC9768-3.2.2.2") void feedbackReducesOnceARoundTripWithoutCwr() {
        Script t = client();
        t.send(11_000);
        for (int i = 0; i < 10; i++) {
            t.expect("[ect0] .5 " + (1 + 1000 * i) + ':' + (1001 + 1000 * i) + "(1000) ack 1 " + FIRST_OPTION);
        }
        t.receive(".7 1:1(0) ack 2001 <ECN e1b 1 ceb 2000 e0b 1>").expect("[ect0] P.5 10001:11001(1000) ack 1 " + FIRST_OPTION);
        assertEquals(5000, t.info().sndSsthresh());
        assertEquals(2, t.info().ecn().deliveredCe());
        t.receive(".0 1:1(0) ack 3001 <ECN e1b 1 ceb 3000 e0b 1>");
        assertEquals(5000, t.info().sndSsthresh());
        assertEquals(3, t.info().ecn().deliveredCe());
        t.receive(".0 1:1(0) ack 11001 <ECN e1b 1 ceb 3000 e0b 8001>");
        assertEquals(3, t.info().ecn().deliveredCe());
    }

    @Test @Tag("RFC9768-3.2.2.2") void anOvertakenAckTellsNothingNew() {
        Script t = client();
        t.send(2000).expect(".5 1:1001(1000) ack 1 " + FIRST_OPTION, "P.5 1001:2001(1000) ack 1 " + FIRST_OPTION);
        t.receive(".7 1:1(0) ack 2001").receive(".6 1:1(0) ack 1001");
        assertEquals(2, t.info().ecn().deliveredCe());
    }

    @Test @Tag("RFC9768-3.3.2") void piecesOfASuperSegmentAreMarkedEach() {
        AccurateEcnReceiver receiver = new AccurateEcnReceiver(EcnCodepoint.NOT_ECT);
        receiver.tell();
        assertTrue(receiver.arrived(EcnCodepoint.CE, 10, 9500));
        assertEquals(10, receiver.ce());
        assertEquals(9500, receiver.ceb());
        assertEquals(15, receiver.tell());
        receiver.checkInvariants();
    }

    @Test @Tag("RFC9768-3.2.2.5.1") void sixMarksAreTheMostThatWait() {
        AccurateEcnReceiver receiver = new AccurateEcnReceiver(EcnCodepoint.CE);
        for (int i = 1; i <= 6; i++) {
            assertEquals(i == 6, receiver.arrived(EcnCodepoint.CE, 1, 100));
        }
    }
}
