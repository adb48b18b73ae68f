package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.usertcp.codec.TcpSegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three-way handshakes of every kind (RFC 9293 section 3.5). Lost segments are in {@link LostHandshakeTest}. */
@TraceTest
class ConnectionSetupTest {
    @Test @Tag("RFC9293-3.5") void activeOpenIsEstablishedBySynAck() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0) win 65535 <mss 1460>").expectState(TcpState.SYN_SENT).expectEvents();
        t.at(10).receive("S. 0:0(0) ack 1 win 65535 <mss 1460>").expect(". 1:1(0) ack 1 win 65535");
        t.expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.expectSilenceUntil(100_000);
        assertEquals(Long.MAX_VALUE, t.connection().deadlineNanos(), "an idle connection needs no timer");
    }

    @Test @Tag("RFC9293-3.10.7.2") void passiveOpenIsEstablishedByTheThirdSegment() {
        Script t = Script.listening();
        t.receive("S 0:0(0) win 65535 <mss 1460>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        t.expectState(TcpState.SYN_RECEIVED).expectEvents();
        t.at(10).receive(". 1:1(0) ack 1").expectSilence();
        t.expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.expectSilenceUntil(100_000);
    }

    @Test void compactEntryIsEstablishedByTheThirdSegment() {
        Script t = Script.halfOpen();
        t.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>").expectState(TcpState.SYN_RECEIVED);
        t.at(10).receive(". 1:1(0) ack 1").expectSilence().expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.send(100).expect("P. 1:101(100) ack 1");
        t.receive(". 1:1(0) ack 101");
    }

    @Test void compactEntryTakesDataOnTheThirdSegment() {
        Script t = Script.halfOpen();
        t.expect("S. 0:0(0) ack 1");
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").expectEvents(TcpEvent.CONNECTED, TcpEvent.READABLE).read(100);
    }

    @Test @Tag("RFC9293-3.5") void simultaneousOpenIsEstablishedBySynAck() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.at(5).receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1").expectState(TcpState.SYN_RECEIVED).expectEvents();
        t.at(10).receive("S. 0:0(0) ack 1 <mss 1460>").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.takeSent().forEach(e -> assertEquals(". 1:1(0) ack 1 win 65535", e.segment().toString(), "at most an ACK answers"));
        t.send(100).expect("P. 1:101(100) ack 1").receive(". 1:1(0) ack 101");
    }

    @Test @Tag("RFC9293-3.5") void simultaneousOpenIsEstablishedByPlainAck() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.at(5).receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.at(10).receive(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.expectSilenceUntil(20_000);
    }

    @Test void synAckWithFinDoesNotOpen() { // no TCP sends it; SYN-SENT drops it too
        Script t = Script.closed().connect().expect("S 0:0(0)").receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.receive("SF. 0:0(0) ack 1 <mss 1460>").expectState(TcpState.SYN_RECEIVED).takeSent();
    }

    @Test @Tag("RFC9293-3.5") void simultaneousOpenRepeatsItsSynAck() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.at(500).receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        t.tick().expect("S. 0:0(0) ack 1 win 65535 <mss 1460>").expectState(TcpState.SYN_RECEIVED);
        t.receive("P. 1:11(10) ack 1").expect(". 1:1(0) ack 11").expectState(TcpState.ESTABLISHED).read(10);
    }

    @Test @Tag("RFC9293-3.5") void simultaneousOpenNegotiatesOptions() {
        Script t = Script.closed().config(c -> c.timestamps(true).windowScaling(true));
        t.connect().expect("S 0:0(0) win 65535 <mss 1460,TS val 0 ecr 0,wscale 8>");
        t.at(5).receive("S 0:0(0) win 3000 <mss 1000,TS val 70 ecr 0,wscale 2>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460,TS val 5 ecr 70,wscale 8>");
        t.at(9).receive("S. 0:0(0) ack 1 win 3000 <mss 1000,TS val 74 ecr 5,wscale 2>").takeSent();
        t.send(5000);
        assertEquals(3000, t.info().sndWnd(), "the window of a SYN is never scaled");
        t.expect(". 1:989(988) ack 1 <TS val 9 ecr 74>", ". 989:1977(988) ack 1", ". 1977:2965(988) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 2965 win 3000 <TS val 80 ecr 9>").takeSent();
        assertEquals(12_000, t.info().sndWnd());
    }

    @Test @Tag("RFC9293-3.5") void simultaneousOpenThatIsResetWasRefused() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.receive("R 1:1(0)").expectSilence().expectClosed(CloseCause.REFUSED).expectEvents(TcpEvent.CLOSED);
    }

    @Test @Tag("RFC9293-3.10.7.4") void dataOnTheThirdSegmentIsDelivered() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101");
        t.expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED, TcpEvent.READABLE).read(100);
    }

    @Test @Tag("RFC9293-3.10.7.4") void finOnTheThirdSegmentEndsTheInput() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.receive("FP. 1:101(100) ack 1").expect(". 1:1(0) ack 102").expectState(TcpState.CLOSE_WAIT);
        t.expectEvents(TcpEvent.CONNECTED, TcpEvent.READABLE, TcpEvent.END_OF_INPUT).read(100);
        assertEquals(true, t.connection().isInputEnded());
    }

    @Test @Tag("RFC9293-3.10.7.2") void dataOnSynIsDeliveredOnceAndNotBeforeTheHandshakeEnds() {
        Script t = Script.listening();
        t.receive("S 0:10(10) <mss 1460>").expect("S. 0:0(0) ack 1").expectReadable(0).expectEvents();
        t.receive(". 11:11(0) ack 1");
        t.takeSent();
        t.expectState(TcpState.ESTABLISHED);
        t.receive("P. 1:11(10) ack 1").expectReadable(10).read(10);
        assertEquals(11, last(t).ack());
    }

    @Test @Tag("RFC9293-3.10.7.3") void dataOnSynAckIsDeliveredOnce() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.receive("S. 0:10(10) ack 1 <mss 1460>").expectState(TcpState.ESTABLISHED);
        t.takeSent();
        t.receive("P. 1:11(10) ack 1").expectReadable(10).read(10);
        assertEquals(11, last(t).ack());
    }

    private static TcpSegment last(Script t) {
        var sent = t.takeSent();
        return sent.get(sent.size() - 1).segment();
    }

    @Test @Tag("RFC9293-3.10.2") void dataWrittenBeforeTheHandshakeEndsFollowsIt() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").send(100).expectSilence();
        t.at(10).receive("S. 0:0(0) ack 1 <mss 1460>");
        var sent = t.takeSent();
        assertEquals("P. 1:101(100) ack 1 win 65535", sent.get(sent.size() - 1).segment().toString());
        t.receive(". 1:1(0) ack 101");
    }

    @Test @Tag("RFC9293-3.5.1") void peerThatCrashedAndComesBackIsToldByAChallenge() {
        Script t = Script.established();
        t.at(1000).receive("S 70000:70000(0) <mss 1460>").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
        t.receive("R 1:1(0)").expectSilence().expectClosed(CloseCause.RESET).expectEvents(TcpEvent.CLOSED);
    }

    @Test @Tag("RFC9293-3.5.1") void ackOfAnEarlierIncarnationIsResetAndTheOpenGoesOn() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.at(10).receive(". 300:300(0) ack 100").expect("R 100:100(0)").expectState(TcpState.SYN_SENT);
        t.expectAt(1000, "S 0:0(0)");
        t.at(1010).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
    }

    @Test @Tag("RFC9293-3.5") void oldDuplicateSynIsForgottenByTheResetThatAnswersOurSynAck() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.receive("R 1:1(0)").expectSilence().expectState(TcpState.LISTEN).expectEvents();
        t.receive("S 5000:5000(0) <mss 1460>").expect("S. 0:0(0) ack 5001");
        t.receive(". 5001:5001(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
    }

    @Test @Tag("RFC9293-3.10.7.4") void passiveOpenInUseIsRefusedByAResetAndDoesNotListenAgain() {
        Script written = Script.listening().receive("S 0:0(0) <mss 1000>").expect("S. 0:0(0) ack 1").send(100).receive("R 1:1(0)");
        written.expectClosed(CloseCause.REFUSED).expectSilenceUntil(100_000);
        Script closed = Script.listening().receive("S 0:0(0) <mss 1000>").expect("S. 0:0(0) ack 1").close().receive("R 1:1(0)");
        closed.expectClosed(CloseCause.REFUSED).expectSilenceUntil(100_000);
    }

    @Test @Tag("RFC9293-3.10.7.4") void listenReturnedToRemembersNothingOfTheFirstPeer() {
        Script t = Script.listening().mss(1000).receive("S 0:0(0) win 60000 <mss 1000>").expect("S. 0:0(0) ack 1");
        t.at(1000).expect("S. 0:0(0) ack 1").receive("R 1:1(0)").expectState(TcpState.LISTEN).expectSilenceUntil(10_000);
        t.receive("S 0:0(0) win 500 <mss 1000>").expect("S. 0:0(0) ack 1");
        t.expectAt(11_000, "S. 0:0(0) ack 1"); // one second, not the doubled time of the first
        t.receive(". 1:1(0) ack 1 win 500").send(250).send(5000).takeSent();
        assertEquals(500, t.info().sndWnd());
    }

    @Test @Tag("RFC9293-3.10.7.3") void resetThatAcknowledgesOurSynRefuses() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.receive("R. 0:0(0) ack 1").expectSilence().expectClosed(CloseCause.REFUSED).expectEvents(TcpEvent.CLOSED);
    }

    @ParameterizedTest @Tag("RFC9293-3.10.7.3")
    @ValueSource(strings = {"R 0:0(0)", "R 1:1(0)", "R. 0:0(0) ack 0", "R. 0:0(0) ack 2", "R. 0:0(0) ack 4294967295"})
    void resetThatDoesNotAcknowledgeOurSynIsIgnored(String reset) {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.receive(reset).expectSilence().expectState(TcpState.SYN_SENT);
    }

    @Test @Tag("RFC9293-3.10.4") void closeBeforeAnAnswerGivesUpSilently() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.close().expectState(TcpState.CLOSED).expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC9293-3.10.4") void closeInListenIsSilent() {
        Script.listening().close().expectState(TcpState.CLOSED).expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC9293-3.10.4") void closeInSynReceivedSendsAFin() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.close();
        t.receive(". 1:1(0) ack 1").expect("F. 1:1(0) ack 1").expectState(TcpState.FIN_WAIT_1);
        t.receive(". 1:1(0) ack 2").expectState(TcpState.FIN_WAIT_2);
    }

    @Test void unreachableBeforeAnAnswerIsFatal() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.connection().onUnreachable(CloseCause.UNREACHABLE, t.clock());
        t.advance(0).batch(() -> { }).expectClosed(CloseCause.UNREACHABLE).expectEvents(TcpEvent.CLOSED);
    }

    @Test @Tag("RFC5927-6") void unreachableOnAnEstablishedConnectionIsSoft() {
        Script t = Script.established();
        t.connection().onUnreachable(CloseCause.UNREACHABLE, t.clock());
        t.batch(() -> { }).expectState(TcpState.ESTABLISHED);
        t.send(100).expect("P. 1:101(100) ack 1").receive(". 1:1(0) ack 101");
    }

    @Test void connectIsForClosedOnly() {
        Script t = Script.established();
        assertThrows(IllegalStateException.class, t::connect);
        t.expectState(TcpState.ESTABLISHED).expectSilence();
    }
}
