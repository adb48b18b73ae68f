package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each segment of an orderly farewell lost: FIN, its ACK, the other FIN, its ACK. The timeout is the minimum of 200 ms, measured by the handshake.
 */
@TraceTest
@Tag("RFC9293-3.6")
class LostFarewellTest {
    @Test void lostFirstFarewellSegmentIsSentAgain() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").expectSilenceUntil(199).expectAt(200, "F. 1:1(0) ack 1").expectAt(600, "F. 1:1(0) ack 1");
        t.at(610).receive(". 1:1(0) ack 2").expectState(TcpState.FIN_WAIT_2).expectSilenceUntil(1_000);
        t.receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2").expectState(TcpState.TIME_WAIT);
    }

    @Test void lostFirstFarewellSegmentIsSentAgainWithTheDataBeforeIt() {
        Script t = Script.established();
        t.send(100).expect("P. 1:101(100) ack 1").close().expect("F. 101:101(0) ack 1");
        t.expectAt(200, "FP. 1:101(100) ack 1");
        t.at(210).receive(". 1:1(0) ack 102").expectState(TcpState.FIN_WAIT_2).expectSilenceUntil(1_000);
    }

    @Test void lostSecondFarewellSegmentIsAskedForByTheFirstAgain() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1"); // arrives, and the ACK is lost
        t.expectAt(200, "F. 1:1(0) ack 1").at(205).receive(". 1:1(0) ack 2").expectState(TcpState.FIN_WAIT_2).expectSilenceUntil(2_000);
    }

    @Test void lostSecondFarewellSegmentIsRepeated() {
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").expectState(TcpState.CLOSE_WAIT).expectEvents(TcpEvent.END_OF_INPUT);
        t.at(200).receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").expectState(TcpState.CLOSE_WAIT).expectEvents();
        t.at(800).receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").expectEvents();
    }

    @Test void lostSecondFarewellSegmentIsMadeUpForByTheThird() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1");
        t.at(100).receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2").expectState(TcpState.TIME_WAIT).expectSilenceUntil(10_000);
    }

    @Test void lostThirdFarewellSegmentIsSentAgain() {
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2");
        t.at(50).close().expect("F. 1:1(0) ack 2").expectState(TcpState.LAST_ACK);
        t.expectSilenceUntil(249).expectAt(250, "F. 1:1(0) ack 2").expectAt(650, "F. 1:1(0) ack 2");
        t.at(660).receive(". 2:2(0) ack 2").expectSilence().expectClosed(CloseCause.NONE);
    }

    @Test void lostThirdFarewellSegmentIsWaitedFor() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").at(10).receive(". 1:1(0) ack 2").expectState(TcpState.FIN_WAIT_2);
        t.expectSilenceUntil(30_000).receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2").expectState(TcpState.TIME_WAIT);
    }

    @Test void lostFourthFarewellSegmentIsRepeated() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").at(10).receive(". 1:1(0) ack 2");
        t.at(20).receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2").expectState(TcpState.TIME_WAIT); // lost
        t.at(1_000).receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2").expectState(TcpState.TIME_WAIT);
        t.expectSilenceUntil(60_999).expectState(TcpState.TIME_WAIT).at(61_000).expectClosed(CloseCause.NONE);
    }

    @Test void lostFourthFarewellSegmentIsAskedForByTheThirdAgain() {
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").close().expect("F. 1:1(0) ack 2");
        t.expectAt(200, "F. 1:1(0) ack 2"); // the first had arrived, its ACK was lost
        t.receive(". 2:2(0) ack 2").expectSilence().expectClosed(CloseCause.NONE);
    }

    @Test void lostFifthFarewellSegmentTheRepeatedAckIsRepeatedOnceMore() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2");
        for (int at : new int[] {1_000, 3_000, 7_000, 15_000}) {
            t.at(at).receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2");
        }
        t.expectSilenceUntil(74_999).expectState(TcpState.TIME_WAIT).at(75_000).expectClosed(CloseCause.NONE);
    }

    @Test @Tag("RFC9293-3.8.3") void orphanGivesUpItsFinAfterItsRetries() {
        Script t = Script.established().config(c -> c.orphanRetries(2));
        t.close().expect("F. 1:1(0) ack 1").expectAt(200, "F. 1:1(0) ack 1").expectAt(600, "F. 1:1(0) ack 1").expectSilenceUntil(1_399);
        t.expectState(TcpState.FIN_WAIT_1).at(1_400).takeSent().forEach(e -> assertTrue(e.segment().isRst()));
        t.expectClosed(CloseCause.TIMED_OUT);
    }
}
