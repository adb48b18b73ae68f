package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each segment of the handshake lost, seen from the side that must mend it, and how often it tries. The initial timeout is 1 s and doubles. */
@TraceTest
@Tag("RFC9293-3.8.3")
class LostHandshakeTest {
    @Test void lostFirstHandshakeSegmentIsSentAgain() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0) win 65535 <mss 1460>").expectSilenceUntil(999);
        t.expectAt(1000, "S 0:0(0) win 65535 <mss 1460>").expectSilenceUntil(2999).expectAt(3000, "S 0:0(0) win 65535 <mss 1460>");
        t.at(3010).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1").expectEvents(TcpEvent.CONNECTED).expectSilenceUntil(60_000);
    }

    @Test void firstRetransmissionsAreNotFartherApart() { // Linux tcp_syn_linear_timeouts
        Script t = Script.closed().config(c -> c.synLinearRetries(2).synRetries(1));
        t.connect().expect("S 0:0(0)").expectAt(1000, "S 0:0(0)").expectAt(2000, "S 0:0(0)").expectAt(3000, "S 0:0(0)");
        t.expectSilenceUntil(4999).at(5000).expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void lostSecondHandshakeSegmentIsSentAgain() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1 win 65535 <mss 1460>").expectSilenceUntil(999);
        t.expectAt(1000, "S. 0:0(0) ack 1 win 65535 <mss 1460>").expectSilenceUntil(2999).expectAt(3000, "S. 0:0(0) ack 1 win 65535 <mss 1460>");
        t.at(3010).receive(". 1:1(0) ack 1").expectEvents(TcpEvent.CONNECTED).expectState(TcpState.ESTABLISHED).expectSilenceUntil(60_000);
    }

    @Test void lostSecondHandshakeSegmentIsAskedForByTheFirstAgain() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)"); // arrives, and the answer is lost
        t.expectAt(1000, "S 0:0(0)");
        t.at(1001).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
        t.at(1002).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
    }

    @Test void lostThirdHandshakeSegmentIsRepeatedForTheSecondAgain() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.at(10).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1"); // lost
        t.at(1010).receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
    }

    @Test void lostThirdHandshakeSegmentIsMadeUpForByData() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.at(100).receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").expectEvents(TcpEvent.CONNECTED, TcpEvent.READABLE).read(100);
    }

    @Test void lostThirdHandshakeSegmentThenLaterDataConnectsAndKeepsTheGap() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.at(100).receive("P. 101:201(100) ack 1").expectState(TcpState.ESTABLISHED).expect(". 1:1(0) ack 1").expectReadable(0);
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 201").read(200);
    }

    @Test void repeatedSynIsAnsweredAgainNoLaterThanTheTimer() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1"); // lost
        t.at(1000).receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        t.takeSent();
        t.at(1010).receive(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
    }

    @Test void connectTimesOutAfterItsRetries() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        t.expectAt(1_000, "S 0:0(0)").expectAt(3_000, "S 0:0(0)").expectAt(7_000, "S 0:0(0)").expectAt(15_000, "S 0:0(0)");
        t.expectAt(31_000, "S 0:0(0)").expectAt(63_000, "S 0:0(0)");
        t.expectSilenceUntil(126_999).expectState(TcpState.SYN_SENT);
        t.expectSilenceUntil(127_000).expectClosed(CloseCause.TIMED_OUT).expectEvents(TcpEvent.CLOSED);
    }

    @Test void connectHasAsManyRetriesAsConfigured() {
        Script t = Script.closed().config(c -> c.synRetries(1).initialRtoNanos(500_000_000));
        t.connect().expect("S 0:0(0)").expectAt(500, "S 0:0(0)").expectSilenceUntil(1_499).expectState(TcpState.SYN_SENT);
        t.expectSilenceUntil(1_500).expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void peerThatKeepsRepeatingItsSynDoesNotKeepTheConnectionHalfOpen() {
        Script t = Script.listening().config(c -> c.synAckRetries(2));
        for (int millis = 0; millis < 7000; millis += 100) {
            t.at(millis).receive("S 0:0(0) <mss 1460>");
        }
        t.takeSent();
        t.at(7000).expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void synAckIsGivenUpAfterItsRetries() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
        for (int at : new int[] {1_000, 3_000, 7_000, 15_000, 31_000}) {
            t.expectAt(at, "S. 0:0(0) ack 1");
        }
        t.expectSilenceUntil(62_999).expectState(TcpState.SYN_RECEIVED);
        t.at(63_000).takeSent().forEach(e -> assertTrue(e.segment().isRst(), "nothing but a RST may say so"));
        t.expectClosed(CloseCause.TIMED_OUT).expectSilenceUntil(200_000);
    }
}
