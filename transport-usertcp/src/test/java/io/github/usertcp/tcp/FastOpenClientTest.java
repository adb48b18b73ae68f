package io.github.usertcp.tcp;

import static io.github.usertcp.tcp.TcpEvent.CONNECTED;
import static io.github.usertcp.tcp.TcpEvent.READABLE;
import static io.github.usertcp.tcp.TcpEvent.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IcmpErrorKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An active open with TCP Fast Open (RFC 7413 section 4.2): what is on the SYN, and what follows from the answer to it. */
@ExtendWith(FinishScripts.class)
@Tag("RFC7413-4.2")
class FastOpenClientTest {
    private static final byte[] COOKIE = {1, 2, 3, 4, 5, 6, 7, 8};

    private static FastOpenSyn data(int max) {
        return new FastOpenSyn(COOKIE, false, max);
    }

    private static Script opened(int bytes) {
        Script t = Script.closed().mss(1000).connect(data(960), bytes);
        int onSyn = Math.min(960, bytes);
        return t.expect("S 0:" + onSyn + "(" + onSyn + ") <mss 1000,FO 0102030405060708>");
    }

    @Test void asksForACookie() {
        Script t = Script.closed().mss(1000).connect(FastOpenSyn.cookieRequest(false), 100);
        t.expect("S 0:0(0) <mss 1000,FO>");
        t.at(10).receive("S. 0:0(0) ack 1 <mss 900,FO aabbccdd>").expect("P. 1:101(100) ack 1");
        FastOpenOutcome outcome = t.connection().fastOpenOutcome();
        assertArrayEquals(new byte[] {(byte) 0xAA, (byte) 0xBB, (byte) 0xCC, (byte) 0xDD}, outcome.cookie());
        assertEquals(900, outcome.peerMss());
        assertFalse(outcome.experimental() || outcome.unanswered() || outcome.synLost());
        assertFalse(t.info().synData());
    }

    @Test void asksInTheExperimentalOption() {
        Script t = Script.closed().mss(1000).connect(FastOpenSyn.cookieRequest(true), 0);
        t.expect("S 0:0(0) <mss 1000,FOEXP>");
        t.at(10).receive("S. 0:0(0) ack 1 <mss 900,FOEXP aabbccdd>").expect(". 1:1(0) ack 1");
        assertTrue(t.connection().fastOpenOutcome().experimental());
    }

    @Test void noticesThatItsRequestHasNoAnswer() {
        Script t = Script.closed().mss(1000).connect(FastOpenSyn.cookieRequest(false), 0).expect("S 0:0(0) <mss 1000,FO>");
        t.at(10).receive("S. 0:0(0) ack 1 <mss 900>").expect(". 1:1(0) ack 1");
        assertTrue(t.connection().fastOpenOutcome().unanswered());
        assertNull(t.connection().fastOpenOutcome().cookie());
    }

    @Test void ignoresACookieItHasNotAskedFor() {
        Script t = Script.closed().mss(1000).connect(new FastOpenSyn(null, false, 960), 10).expect("S 0:10(10) <mss 1000>");
        t.at(10).receive("S. 0:0(0) ack 11 <mss 900,FO aabbccdd>").expect(". 11:11(0) ack 1");
        assertNull(t.connection().fastOpenOutcome().cookie());
    }

    @Test void anOrdinaryOpenLearnsNothing() {
        Script t = Script.closed().mss(1000).connect().expect("S 0:0(0) <mss 1000>");
        t.at(10).receive("S. 0:0(0) ack 1 <mss 900,FO aabbccdd>").expect(". 1:1(0) ack 1");
        assertNull(t.connection().fastOpenOutcome());
    }

    @Test void dataOnTheSynIsAcknowledgedWithIt() {
        Script t = opened(500);
        t.at(10).receive("S. 0:0(0) ack 501 <mss 1000>").expect(". 501:501(0) ack 1").expectEvents(CONNECTED, WRITABLE);
        assertTrue(t.info().synData());
        assertEquals(500, t.info().bytesAcked());
        assertEquals(500, t.info().bytesSent());
        assertEquals(0, t.info().totalRetrans());
        t.send(10).expect("P. 501:511(10) ack 1").at(20).receive(". 1:1(0) ack 511");
    }

    @Test void whatTheSynHasNoRoomForFollowsTheSynAck() {
        Script t = opened(2000);
        t.at(10).receive("S. 0:0(0) ack 961 <mss 1000>").expect(". 961:1961(1000) ack 1", "P. 1961:2001(40) ack 1");
    }

    @Test void refusedDataLeavesAgainWithTheAck() {
        Script t = opened(500);
        t.at(10).receive("S. 0:0(0) ack 1 <mss 1000,FO 1112131415161718>").expect("P. 1:501(500) ack 1");
        t.expectState(TcpState.ESTABLISHED);
        assertFalse(t.info().synData());
        assertEquals(1, t.info().totalRetrans());
        assertArrayEquals(new byte[] {0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18}, t.connection().fastOpenOutcome().cookie());
        t.at(20).receive(". 1:1(0) ack 501").expectSilenceUntil(5000);
    }

    @Test void refusedDataIsCutToTheServersSegments() {
        Script t = opened(960);
        t.at(10).receive("S. 0:0(0) ack 1 <mss 500>").expect(". 1:501(500) ack 1", "P. 501:961(460) ack 1");
        assertEquals(500, t.info().sndMss());
        assertEquals(3, t.info().dataSegsOut()); // on the SYN, and in two segments
    }

    @Test void theUnacknowledgedPartOfTheDataLeavesAgain() {
        Script t = opened(500);
        t.at(10).receive("S. 0:0(0) ack 301 <mss 1000>").expect("P. 301:501(200) ack 1");
        assertFalse(t.info().synData());
        assertEquals(300, t.info().bytesAcked());
    }

    @Test void noticesThatItsDataWasRefused() {
        Script t = opened(500).at(10).receive("S. 0:0(0) ack 1 <mss 1000>").expect("P. 1:501(500) ack 1");
        assertTrue(t.connection().fastOpenOutcome().refused());
        assertFalse(t.connection().fastOpenOutcome().synLost());
    }

    @Test void anAckBeyondTheDataIsReset() {
        Script t = opened(500);
        t.at(10).receive("S. 0:0(0) ack 502 <mss 1000>").expect("R 502:502(0)").expectState(TcpState.SYN_SENT);
    }

    @Test void refusedDataWaitsForAWindow() {
        Script t = opened(500);
        t.at(10).receive("S. 0:0(0) ack 1 win 0 <mss 1000>").expect(". 1:1(0) ack 1").expectSilenceUntil(50);
        t.receive(". 1:1(0) ack 1").expect("P. 1:501(500) ack 1");
    }

    @Test void aRetransmittedSynIsOrdinary() {
        Script t = opened(500);
        t.expectAt(1000, "S 0:0(0) <mss 1000>").expectAt(3000, "S 0:0(0) <mss 1000>");
        t.at(3010).receive("S. 0:0(0) ack 1 <mss 1000>").expect("P. 1:501(500) ack 1");
        assertTrue(t.connection().fastOpenOutcome().synLost());
    }

    @Test void aSynThatIsTooBigForThePathLeavesAgainWithoutItsData() {
        Script t = opened(900).at(10).icmp(IcmpErrorKind.PACKET_TOO_BIG, 0, 700).expect("S 0:0(0)");
        t.icmp(IcmpErrorKind.PACKET_TOO_BIG, 0, 600).expectSilence();
        t.at(20).receive("S. 0:0(0) ack 1 <mss 1000>");
        assertEquals(900, t.takeSent().stream().mapToInt(e -> e.segment().payloadLength()).sum());
    }

    @Test void aLateAnswerToTheFirstSynShowsThatItWasNotLost() {
        Script t = opened(500);
        t.expectAt(1000, "S 0:0(0) <mss 1000>");
        t.at(1010).receive("S. 0:0(0) ack 501 <mss 1000>").expect(". 501:501(0) ack 1");
        assertFalse(t.connection().fastOpenOutcome().synLost());
        assertTrue(t.info().synData());
    }

    @Test void aCookieInAnAnswerToARepeatedSynShowsThatTheOptionWasNotDropped() {
        Script t = opened(500);
        t.expectAt(1000, "S 0:0(0) <mss 1000>");
        t.at(1010).receive("S. 0:0(0) ack 1 <mss 1000,FO 1112131415161718>").expect("P. 1:501(500) ack 1");
        assertFalse(t.connection().fastOpenOutcome().synLost());
    }

    @Test void dataWithTheSynAckIsDelivered() {
        Script t = opened(500);
        t.at(10).receive("S. 0:300(300) ack 501 <mss 1000>").expect(". 501:501(0) ack 301").read(300);
        t.expectEvents(CONNECTED, READABLE, WRITABLE);
    }

    @Test void aRefusedConnectionFails() {
        Script t = opened(500);
        t.at(10).receive("R. 0:0(0) ack 501").expectClosed(CloseCause.REFUSED);
        assertNull(t.connection().fastOpenOutcome());
    }

    @Test void aServerThatRefusesOnlyTheDataCanRefuseTheConnection() {
        opened(500).at(10).receive("R. 0:0(0) ack 1").expectClosed(CloseCause.REFUSED);
    }

    @Test void timesOutLikeAnyConnect() {
        Script t = Script.closed().mss(1000).config(c -> c.synRetries(1)).connect(data(960), 500).expect("S 0:500(500)");
        t.expectAt(1000, "S 0:0(0)").at(3000).expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void simultaneousOpenTakesDataOnTheCrossingSyn() {
        Script t = opened(500);
        t.at(10).receive("S 0:0(0) <mss 1000>").expect("S. 0:0(0) ack 1");
        t.at(20).receive("S. 0:0(0) ack 501 <mss 1000>").expect(". 501:501(0) ack 1").expectState(TcpState.ESTABLISHED);
        assertTrue(t.info().synData());
    }

    @Test void simultaneousOpenRepeatsDataThatTheCrossingSynLeftOut() {
        Script t = opened(500);
        t.at(10).receive("S 0:0(0) <mss 1000>").expect("S. 0:0(0) ack 1");
        t.at(20).receive("S. 0:0(0) ack 1 <mss 1000>").expect("P. 1:501(500) ack 1").expectState(TcpState.ESTABLISHED);
    }

    @Test void simultaneousOpenEndsWithAPlainAck() {
        Script t = opened(500);
        t.at(10).receive("S 0:0(0) <mss 1000>").expect("S. 0:0(0) ack 1");
        t.at(20).receive(". 1:1(0) ack 501").expectState(TcpState.ESTABLISHED);
    }

    @Test void farewellBeforeTheAnswerFollowsTheData() {
        Script t = opened(500).shutdownOutput();
        t.at(10).receive("S. 0:0(0) ack 501 <mss 1000>").expect("F. 501:501(0) ack 1").expectState(TcpState.FIN_WAIT_1);
    }

    @Test void farewellBehindRefusedData() {
        Script t = opened(500).shutdownOutput();
        t.at(10).receive("S. 0:0(0) ack 1 <mss 1000>").expect("FP. 1:501(500) ack 1").expectState(TcpState.FIN_WAIT_1);
    }

    @Test void roomIsThatOfTheSmallerMssWithoutOptions() {
        TcpConfig config = TcpConfig.builder().build();
        assertEquals(1420, FastOpenSyn.withData(COOKIE, false, 0, config, 1460).maxData());
        assertEquals(1000, FastOpenSyn.withData(COOKIE, false, 1040, config, 1460).maxData());
        assertEquals(560, FastOpenSyn.withData(COOKIE, false, 1460, TcpConfig.builder().maxSegmentSize(600).build(), 1460).maxData());
        assertEquals(0, FastOpenSyn.withData(COOKIE, false, 30, config, 1460).maxData());
    }

    @Test void roomIsGoneWhenTheSynHasLeft() {
        Script t = Script.closed().mss(1000);
        t.batch(() -> {
            t.connection().connect(data(960), t.clock());
            assertEquals(960, t.connection().synDataRoom());
        });
        t.expect("S 0:0(0) <mss 1000,FO 0102030405060708>");
        assertEquals(0, t.connection().synDataRoom());
    }

    @Test void timestampsTimeTheSynOnce() {
        Script t = Script.closed().mss(1000).timestamps().connect(data(948), 500);
        t.expect("S 0:500(500) <mss 1000,TS val 0 ecr 0,FO 0102030405060708>");
        t.at(30).receive("S. 0:0(0) ack 501 <mss 1000,TS val 7 ecr 0>").expect(". 501:501(0) ack 1 <TS val 30 ecr 7>");
        assertEquals(30_000, t.info().rtt());
    }
}
