package io.github.usertcp.tcp;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks from off the path: blind RST (RFC 5961 section 3), SYN (section 4) and data or ACKs (section 5), and the limit of the answers (section 7). */
@TraceTest
class ResetTest {
    @ParameterizedTest @Tag("RFC5961-3.2")
    @ValueSource(strings = {"R 1:1(0)", "R. 1:1(0) ack 1", "R. 1:1(0) ack 5555", "R. 1:11(10) ack 1"})
    void resetAtExactlyTheNextNumberResets(String reset) {
        Script t = Script.established();
        t.receive(reset).expectSilence().expectClosed(CloseCause.RESET).expectEvents(TcpEvent.CLOSED);
    }

    @ParameterizedTest @Tag("RFC5961-3.2")
    @ValueSource(ints = {2, 1_000, 65_535})
    void resetElsewhereInTheWindowIsChallenged(int seq) {
        Script t = Script.established();
        t.receive("R " + seq + ":" + seq + "(0)").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents();
    }

    @ParameterizedTest @Tag("RFC5961-3.2")
    @ValueSource(longs = {65_536, 100_000, 0, 4_294_967_295L, 2_147_483_649L})
    void resetOutsideTheWindowIsSilentlyDropped(long seq) {
        Script t = Script.established();
        t.receive("R " + seq + ":" + seq + "(0)").expectSilence().expectState(TcpState.ESTABLISHED).expectEvents();
    }

    @Test @Tag("RFC5961-3.2") void peerThatReallyResetsAnswersTheChallengeExactly() {
        Script t = Script.established();
        t.receive("R 500:500(0)").expect(". 1:1(0) ack 1").receive("R 1:1(0)").expectClosed(CloseCause.RESET);
    }

    @Test @Tag("RFC5961-7") void challengesAreLimitedInTime() {
        Script t = Script.established();
        t.receive("R 2:2(0)").expect(". 1:1(0) ack 1");
        t.at(100).receive("R 3:3(0)").receive("S 7:7(0)").receive(". 1:1(0) ack 9").expectSilence();
        t.at(499).receive("R 2:2(0)").expectSilence().at(500).receive("R 2:2(0)").expect(". 1:1(0) ack 1");
        t.at(2_000).receive("R 2:2(0)").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
    }

    @Test @Tag("RFC5961-7") void limitedChallengesDoNotHoldBackAcksOfData() {
        Script t = Script.established();
        t.receive("R 2:2(0)").expect(". 1:1(0) ack 1").receive("R 2:2(0)").expectSilence();
        t.receive("P. 1:11(10) ack 1").expect(". 1:1(0) ack 11");
    }

    @ParameterizedTest @Tag("RFC5961-4.2")
    @ValueSource(strings = {
        "S 0:0(0) <mss 1460>", "S 1:1(0) <mss 1460>", "S 500:500(0) <mss 1460>", "S 4000000:4000000(0) <mss 1460>",
        "S. 0:0(0) ack 1 <mss 1460>", "S. 1:1(0) ack 1 <mss 1460>", "S 1:11(10) <mss 1460>", "S. 1:11(10) ack 1", "SF. 1:1(0) ack 1"})
    void synIsChallengedWhateverItsNumber(String syn) {
        Script t = Script.established();
        t.receive(syn).expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectReadable(0).expectEvents();
    }

    @ParameterizedTest @Tag("RFC5961-5.2")
    @ValueSource(longs = {2, 1_000, 2_147_483_648L, 4_294_901_761L})
    void dataWhoseAckIsOutOfRangeIsNotTaken(long ack) {
        Script t = Script.established();
        t.receive("P. 1:11(10) ack " + ack).expect(". 1:1(0) ack 1").expectReadable(0).expectState(TcpState.ESTABLISHED);
        t.at(1_000).receive("P. 1:11(10) ack 1").expect(". 1:1(0) ack 11").read(10);
    }

    @ParameterizedTest @Tag("RFC5961-5.2")
    @ValueSource(longs = {4_294_901_762L, 4_294_967_000L, 0, 1})
    void dataWhoseAckIsAnOldOneWithinTheLargestWindowIsTaken(long ack) {
        Script t = Script.established();
        t.receive("P. 1:11(10) ack " + ack).expect(". 1:1(0) ack 11").read(10);
    }

    @Test @Tag("RFC5961-5.2") void ackOfUnsentDataDoesNotAcknowledgeAnything() {
        Script t = Script.established().mss(1000);
        t.send(1000).expect("P. 1:1001(1000) ack 1").receive(". 1:1(0) ack 1002").expect(". 1001:1001(0) ack 1");
        t.expectAt(200, "P. 1:1001(1000) ack 1").receive(". 1:1(0) ack 1001").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC5961-5.2") void finWhoseAckIsOutOfRangeDoesNotEndTheInput() {
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 2").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents();
    }

    @Test @Tag("RFC5961-3.2") void resetAtTheEdgeOfAZeroWindowResets() {
        Script t = Script.established().config(c -> c.receiveBufferBytes(1024));
        t.receive(". 1:1025(1024) ack 1").expect(". 1:1(0) ack 1025 win 0");
        t.receive("R 1025:1025(0)").expectSilence().expectClosed(CloseCause.RESET);
    }
}
