package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ABORT (RFC 9293 section 3.10.5), which is what SO_LINGER 0 does. */
@TraceTest
@Tag("RFC9293-3.10.5")
class AbortTest {
    @ParameterizedTest
    @EnumSource(names = {"SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT"})
    void abortSendsAResetWhereThePeerMayStillSend(TcpState state) {
        Script t = States.in(state).abort();
        FarewellTest.expectReset(t, States.sndNxt(state));
        t.expectClosed(CloseCause.ABORTED).expectSilenceUntil(1_000_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"LISTEN", "SYN_SENT", "CLOSING", "LAST_ACK", "TIME_WAIT"})
    void abortIsSilentWhereNobodyWaits(TcpState state) {
        Script t = States.in(state).abort();
        t.expectSilence().expectState(TcpState.CLOSED).expectSilenceUntil(1_000_000);
    }

    @Test void abortDropsEverythingQueuedInBothDirections() {
        Script t = Script.established().mss(1000).cwnd(2000);
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 1001").receive(". 2001:3001(1000) ack 1").expect(". 1:1(0) ack 1001");
        t.send(5000).expect(". 1:1001(1000) ack 1001", ". 1001:2001(1000) ack 1001").abort();
        FarewellTest.expectReset(t, 2001);
        t.expectClosed(CloseCause.ABORTED).expectEvents(TcpEvent.READABLE, TcpEvent.CLOSED);
        assertEquals(0, t.connection().memoryBytes());
    }

    @Test void abortResetsAPeerThatHasSaidFarewellButStillWaitsForData() {
        Script lastAck = Script.established().mss(1000).cwnd(1000).receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2");
        lastAck.send(3000).expect(". 1:1001(1000) ack 2").shutdownOutput().expectState(TcpState.LAST_ACK).abort();
        FarewellTest.expectReset(lastAck, 1001);
        Script closing = Script.established().mss(1000).cwnd(1000).send(3000).expect(". 1:1001(1000) ack 1").shutdownOutput();
        closing.receive("F. 1:1(0) ack 1").expect(". 1001:1001(0) ack 2").expectState(TcpState.CLOSING).abort();
        FarewellTest.expectReset(closing, 1001);
    }

    @Test void closeWithUnreadDataResetsAPeerThatStillWaitsForData() {
        Script t = Script.established().mss(1000).cwnd(1000).receive("FP. 1:101(100) ack 1").expect(". 1:1(0) ack 102");
        t.send(3000).expect(". 1:1001(1000) ack 102").shutdownOutput().close();
        FarewellTest.expectReset(t, 1001);
        t.expectClosed(CloseCause.ABORTED);
    }

    @Test void abortTwiceResetsOnce() {
        Script t = Script.established().abort();
        FarewellTest.expectReset(t, 1);
        t.abort().close().shutdownOutput().expectSilence();
        assertEquals(0, t.offer(10));
        t.expectClosed(CloseCause.ABORTED);
    }
}
