package io.github.usertcp.tcp;

import static io.github.usertcp.tcp.TcpEvent.CONNECTED;
import static io.github.usertcp.tcp.TcpEvent.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IcmpErrorKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection that its SYN has opened (RFC 7413 section 4.2.2): it reads and writes before the third segment, and only then is established. */
@ExtendWith(FinishScripts.class)
@Tag("RFC7413-4.2.2")
class FastOpenServerTest {
    private static Script opened(int synData) {
        return Script.openedBySyn(synData).mss(1000).expect("S. 0:0(0) ack " + (synData + 1));
    }

    @Test void dataOfTheSynCanBeReadAtOnce() {
        Script t = opened(300).expectState(TcpState.SYN_RECEIVED).expectEvents(READABLE).read(300);
        assertTrue(t.connection().isAwaitingThird());
        assertTrue(t.info().synData() && t.info().openedBySyn());
        t.at(10).receive(". 301:301(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents(CONNECTED);
        assertFalse(t.connection().isAwaitingThird());
        assertEquals(10_000, t.info().rtt());
        t.expectSilenceUntil(10_000);
    }

    @Test void theFirstSynAckBringsACookie() {
        Script t = Script.openedBySyn(10).mss(1000).cookie(new byte[] {1, 2, 3, 4}).expect("S. 0:0(0) ack 11 <mss 1000,FO 01020304>");
        t.expectAt(1000, "S. 0:0(0) ack 11 <mss 1000>");
    }

    @Test void aSynWithoutDataOpensTheConnectionToo() {
        Script t = opened(0);
        assertFalse(t.info().synData());
        assertTrue(t.info().openedBySyn());
        t.send(100).expect("P. 1:101(100) ack 1");
        t.at(10).receive(". 1:1(0) ack 101").expectState(TcpState.ESTABLISHED);
    }

    @Test void answersBeforeTheThirdSegment() {
        Script t = opened(300).read(300).send(2500);
        t.expect(". 1:1001(1000) ack 301", ". 1001:2001(1000) ack 301", "P. 2001:2501(500) ack 301");
        t.at(20).receive(". 301:301(0) ack 2501").expectState(TcpState.ESTABLISHED).expectSilenceUntil(10_000);
        assertEquals(2500, t.info().bytesAcked());
        assertEquals(20_000, t.info().rtt());
    }

    @Test void theInitialWindowBoundsTheAnswer() {
        Script t = Script.openedBySyn(300).mss(1000).config(c -> c.initialWindowSegments(2)).expect("S. 0:0(0) ack 301").read(300);
        t.send(4000).expect(". 1:1001(1000) ack 301", ". 1001:2001(1000) ack 301");
        t.at(20).receive(". 301:301(0) ack 1").expectState(TcpState.ESTABLISHED).expectSilence();
        t.receive(". 301:301(0) ack 2001").expect(". 2001:3001(1000) ack 301", "P. 3001:4001(1000) ack 301");
    }

    @Test void theWindowOfTheSynIsNotScaled() {
        Script t = Script.openedBySyn(10).mss(1000).peerWindow(1500).peerWindowScale(5).expect("S. 0:0(0) ack 11");
        t.send(2000).expect(". 1:1001(1000) ack 11").at(10).receive(". 11:11(0) ack 1 win 1500").expect("P. 1001:2001(1000) ack 11");
    }

    @Test void theThirdSegmentMayBringData() {
        Script t = opened(300).at(10).receive("P. 301:401(100) ack 1").expectState(TcpState.ESTABLISHED).read(400);
        t.expect(". 1:1(0) ack 401");
    }

    @Test void onlyTheSynAckIsSentAgainBeforeTheThirdSegment() {
        Script t = opened(300).read(300).send(500).expect("P. 1:501(500) ack 301");
        t.expectAt(1000, "S. 0:0(0) ack 301").expectAt(3000, "S. 0:0(0) ack 301").expectAt(7000, "S. 0:0(0) ack 301");
        t.at(7010).receive(". 301:301(0) ack 1").expectState(TcpState.ESTABLISHED).expectSilenceUntil(7100);
        t.tick().expect("P. 1:501(500) ack 301");
        t.receive(". 301:301(0) ack 501").expectSilenceUntil(60_000);
    }

    @Test void noTailLossProbeLeavesBeforeTheThirdSegment() {
        Script t = Script.openedBySyn(300).mss(1000).sack().expect("S. 0:0(0) ack 301").read(300).send(500).expect("P. 1:501(500) ack 301");
        t.expectAt(1000, "S. 0:0(0) ack 301");
    }

    @Test void givesUpAfterOneSynAckMoreThanOthers() {
        Script t = Script.openedBySyn(10).mss(1000).config(c -> c.synAckRetries(2)).expect("S. 0:0(0) ack 11");
        t.expectAt(1000, "S. 0:0(0) ack 11").expectAt(3000, "S. 0:0(0) ack 11").expectAt(7000, "S. 0:0(0) ack 11");
        t.expectSilenceUntil(14_999).at(15_000).expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void twoLostSynAcksEndTheInitialWindow() {
        Script t = opened(300).read(300).send(20_000);
        assertEquals(10, t.takeSent().size());
        t.expectAt(1000, "S. 0:0(0) ack 301").expectAt(3000, "S. 0:0(0) ack 301");
        assertTrue(t.info().sndCwnd() <= 1000, () -> "cwnd " + t.info().sndCwnd());
    }

    @Test void aRepeatedSynIsAnsweredAgain() {
        Script t = opened(300).at(100).receive("S 0:300(300) <mss 1000>").expect("S. 0:0(0) ack 301");
        t.at(200).receive("S 0:0(0) <mss 1000>").expect("S. 0:0(0) ack 301").expectReadable(300);
        t.expectAt(1000, "S. 0:0(0) ack 301").expectState(TcpState.SYN_RECEIVED);
    }

    @Test void anAckOfSomethingElseIsReset() {
        opened(300).at(10).receive(". 301:301(0) ack 0").expect("R 0:0(0)").expectState(TcpState.SYN_RECEIVED)
            .receive(". 301:301(0) ack 2").expect("R 2:2(0)").expectState(TcpState.SYN_RECEIVED);
    }

    @Test void aSegmentBesideTheWindowIsChallenged() {
        opened(300).at(10).receive(". 1:1(0) ack 1").expect(". 1:1(0) ack 301").expectState(TcpState.SYN_RECEIVED);
    }

    @Test void anotherSynIsChallenged() {
        opened(300).at(10).receive("S 400:400(0) <mss 1000>").expect(". 1:1(0) ack 301").expectState(TcpState.SYN_RECEIVED);
    }

    @Test void aSynAckIsNoSimultaneousOpen() {
        opened(300).at(10).receive("S. 0:0(0) ack 1 <mss 1000>").expectState(TcpState.SYN_RECEIVED).expect(". 1:1(0) ack 301");
    }

    @Test void anExactResetEndsIt() {
        opened(300).at(10).receive("R 301:301(0)").expectClosed(CloseCause.RESET);
    }

    @Test void aResetElsewhereIsChallenged() {
        opened(300).at(10).receive("R 302:302(0)").expect(". 1:1(0) ack 301").expectState(TcpState.SYN_RECEIVED);
    }

    @Test void anErrorOfTheNetworkEndsWhatNobodyHasAccepted() {
        opened(300).at(10).icmp(IcmpErrorKind.HOST_UNREACHABLE, 0).expectClosed(CloseCause.UNREACHABLE);
    }

    @Test void anErrorOfTheNetworkIsRememberedOnceItIsAccepted() {
        Script t = Script.openedBySyn(300).mss(1000).config(c -> c.synAckRetries(0)).expect("S. 0:0(0) ack 301");
        t.connection().wasAccepted();
        t.at(10).icmp(IcmpErrorKind.HOST_UNREACHABLE, 0).expectState(TcpState.SYN_RECEIVED);
        t.expectAt(1000, "S. 0:0(0) ack 301").at(3000).expectClosed(CloseCause.UNREACHABLE);
    }

    @Test void anErrorAboutSomethingElseIsNotBelieved() {
        opened(300).at(10).icmp(IcmpErrorKind.HOST_UNREACHABLE, -1).expectState(TcpState.SYN_RECEIVED)
            .icmp(IcmpErrorKind.HOST_UNREACHABLE, 1).expectState(TcpState.SYN_RECEIVED);
    }

    @Test void anAnswerThatIsTooBigForThePathIsCutAnewBeforeTheThirdSegment() {
        Script t = opened(300).read(300).send(1000).expect("P. 1:1001(1000) ack 301");
        t.at(10).icmp(IcmpErrorKind.PACKET_TOO_BIG, 1, 640).expect(". 1:601(600) ack 301", "P. 601:1001(400) ack 301");
        t.expectAt(1000, "S. 0:0(0) ack 301");
    }

    @Test void closeSendsAFinBeforeTheThirdSegment() {
        Script t = opened(300).read(300).send(100).expect("P. 1:101(100) ack 301").close().expect("F. 101:101(0) ack 301");
        t.expectState(TcpState.FIN_WAIT_1).at(10).receive(". 301:301(0) ack 102").expectState(TcpState.FIN_WAIT_2);
    }

    @Test void onlyTheSynAckIsSentAgainBehindAFin() {
        Script t = opened(300).read(300).close().expect("F. 1:1(0) ack 301");
        t.expectAt(1000, "S. 0:0(0) ack 301").at(1010).receive(". 301:301(0) ack 1").expectState(TcpState.FIN_WAIT_1);
        t.tick().expect("F. 1:1(0) ack 301").receive(". 301:301(0) ack 2").expectState(TcpState.FIN_WAIT_2);
    }

    @Test void aRepeatedSynFindsTheFinUnderWay() {
        opened(300).read(300).close().expect("F. 1:1(0) ack 301").at(10).receive("S 0:300(300) <mss 1000>").expect("S. 0:0(0) ack 301")
            .expectState(TcpState.FIN_WAIT_1);
    }

    @Test void anAckOfSomethingElseBehindAFinIsReset() {
        opened(300).read(300).close().expect("F. 1:1(0) ack 301").at(10).receive(". 301:301(0) ack 0").expect("R 0:0(0)")
            .expectState(TcpState.FIN_WAIT_1);
    }

    @Test void closeWithUnreadDataResets() {
        opened(300).close().expect("R. 1:1(0) ack 301").expectClosed(CloseCause.ABORTED);
    }

    @Test void abortResets() {
        opened(300).read(300).abort().expect("R. 1:1(0) ack 301").expectClosed(CloseCause.ABORTED);
    }

    @Test void peersFarewellMayComeWithTheThirdSegment() {
        Script t = opened(300).read(300).at(10).receive("F. 301:301(0) ack 1").expect(". 1:1(0) ack 302");
        t.expectState(TcpState.CLOSE_WAIT);
    }

    @Test void dataBeyondTheWindowIsLeftToThePeer() {
        Script t = Script.openedBySyn(3000).mss(3000).config(c -> c.receiveBufferBytes(2000)).expect("S. 0:0(0) ack 2001 win 0");
        t.read(2000);
    }

    @Test void keepaliveStartsFromTheAcceptedChannelsSettings() {
        Script t = opened(300).read(300).reconfigure(c -> c.keepAlive(true).keepAliveIdleNanos(10_000_000_000L));
        t.at(10).receive(". 301:301(0) ack 1").expectSilenceUntil(9_000);
        t.tick().tick().expect(". 0:0(0) ack 301");
    }

    @Test void lossOfTheAnswerIsRepairedBehindTheThirdSegment() {
        Script t = opened(300).read(300).send(2000).expect(". 1:1001(1000) ack 301", "P. 1001:2001(1000) ack 301");
        t.at(10).receive(". 301:301(0) ack 1").expectState(TcpState.ESTABLISHED);
        t.tick();
        assertTrue(t.takeSent().get(0).segment().payloadLength() > 0);
    }
}
