package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keepalive (RFC 9293 section 3.8.4) and the user timeout (RFC 5482). */
@TraceTest
class KeepAliveTest {
    private static final String PROBE = ". 0:0(0) ack 1";

    /** Idle 10 s, then 3 probes 2 s apart. */
    private static Script keptAlive() {
        return Script.established().config(c -> c.keepAlive(true).keepAliveIdleNanos(10_000_000_000L).keepAliveIntervalNanos(2_000_000_000L).keepAliveCount(3));
    }

    @Test @Tag("RFC9293-3.8.4") void peerThatAnswersNoProbeIsGivenUp() {
        Script t = keptAlive();
        t.expectSilenceUntil(9_999).expectAt(10_000, PROBE).expectSilenceUntil(11_999).expectAt(12_000, PROBE).expectAt(14_000, PROBE);
        t.expectSilenceUntil(15_999).expectState(TcpState.ESTABLISHED).at(16_000);
        t.takeSent().forEach(e -> assertTrue(e.segment().isRst(), () -> "nothing but a RST: " + e));
        t.expectClosed(CloseCause.KEEPALIVE_TIMEOUT).expectEvents(TcpEvent.CLOSED);
    }

    @Test @Tag("RFC9293-3.8.4") void answeredProbeStartsTheIdleTimeAgain() {
        Script t = keptAlive();
        for (int at = 10_000; at < 100_000; at += 10_500) {
            t.expectSilenceUntil(at - 1).expectAt(at, PROBE).at(at + 500).receive(". 1:1(0) ack 1");
        }
    }

    @Test @Tag("RFC9293-3.8.4") void lateAnswerRestoresTheCount() {
        Script t = keptAlive();
        t.expectAt(10_000, PROBE).expectAt(12_000, PROBE).expectAt(14_000, PROBE).at(15_000).receive(". 1:1(0) ack 1");
        t.expectAt(25_000, PROBE).expectAt(27_000, PROBE).expectAt(29_000, PROBE).expectState(TcpState.ESTABLISHED);
    }

    @Test @Tag("RFC9293-3.8.4") void dataOfThePeerPostponesTheProbe() {
        Script t = keptAlive();
        t.at(9_000).receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").expectSilenceUntil(18_999).expectAt(19_000, ". 0:0(0) ack 101").read(100);
    }

    @Test @Tag("RFC9293-3.8.4") void unacknowledgedDataNeedsNoProbe() {
        Script t = keptAlive().config(c -> c.dataRetries(15));
        t.at(9_900).send(100).expect("P. 1:101(100) ack 1").at(60_000);
        t.takeSent().forEach(e -> assertEquals(1, e.segment().seq(), () -> "only retransmissions: " + e));
        t.expectState(TcpState.ESTABLISHED);
    }

    @Test @Tag("RFC9293-3.8.4") void windowProbesAreNotCountedAsKeepalives() {
        Script t = Script.established().mss(1000).cwnd(100_000);
        t.config(c -> c.keepAlive(true).keepAliveIdleNanos(1_000_000_000L).keepAliveIntervalNanos(100_000_000L).keepAliveCount(3));
        t.receive(". 1:1(0) ack 1 win 0").send(1000).at(5000).expectState(TcpState.ESTABLISHED);
        t.takeSent();
        t.receive(". 1:1(0) ack 1 win 2000").expect("P. 1:1001(1000) ack 1").receive(". 1:1(0) ack 1001");
    }

    @Test @Tag("RFC9293-3.8.4") void defaultIsOff() {
        Script t = Script.established();
        t.expectSilenceUntil(86_400_000);
    }

    @Test @Tag("RFC9293-3.8.4") void defaultIdleTimeIsTwoHours() {
        Script t = Script.established().config(c -> c.keepAlive(true));
        t.expectSilenceUntil(7_199_999).expectAt(7_200_000, PROBE).expectSilenceUntil(7_274_999).expectAt(7_275_000, PROBE).receive(". 1:1(0) ack 1");
    }

    @Test @Tag("RFC9293-3.8.4") void canBeTurnedOnAndOffOnALiveConnection() {
        Script t = Script.established();
        t.at(5_000).reconfigure(c -> c.keepAlive(true).keepAliveIdleNanos(10_000_000_000L));
        t.at(15_000);
        assertTrue(t.takeSent().size() >= 1, "probed 10 s after the last segment or after it was turned on");
        t.receive(". 1:1(0) ack 1").reconfigure(c -> c.keepAlive(false)).expectSilenceUntil(1_000_000);
        assertEquals(Long.MAX_VALUE, t.connection().deadlineNanos());
    }

    @ParameterizedTest @Tag("RFC9293-3.8.4")
    @ValueSource(strings = {". 0:0(0) ack 1", ". 0:1(1) ack 1"})
    void probesOfThePeerAreAnswered(String probe) {
        Script t = Script.established();
        for (int at = 75_000; at < 1_000_000; at += 75_000) {
            t.at(at).receive(probe).expect(". 1:1(0) ack 1").expectReadable(0);
        }
    }

    @Test @Tag("RFC5482") void dataUnacknowledgedForTheUserTimeoutFails() {
        Script t = Script.established().config(c -> c.userTimeoutNanos(1_000_000_000L));
        t.send(100).expect("P. 1:101(100) ack 1").at(999).expectState(TcpState.ESTABLISHED).at(1_000);
        t.takeSent();
        t.expectClosed(CloseCause.USER_TIMEOUT).expectEvents(TcpEvent.CLOSED);
    }

    @Test @Tag("RFC5482") void progressRestartsTheUserTimeout() {
        Script t = Script.established().mss(1000).cwnd(3000).config(c -> c.userTimeoutNanos(1_000_000_000L));
        t.send(3000).at(900).receive(". 1:1(0) ack 1001").at(1_800).receive(". 1:1(0) ack 2001").at(2_500).expectState(TcpState.ESTABLISHED);
        t.receive(". 1:1(0) ack 3001").takeSent();
        t.expectSilenceUntil(100_000).expectState(TcpState.ESTABLISHED);
    }

    @Test @Tag("RFC5482") void zeroWindowThatStaysForTheUserTimeoutFails() {
        Script t = Script.established().mss(1000).config(c -> c.userTimeoutNanos(5_000_000_000L));
        t.receive(". 1:1(0) ack 1 win 0").send(3000);
        while (t.connection().state() == TcpState.ESTABLISHED) {
            t.tick();
            if (!t.takeSent().isEmpty() && t.connection().state() == TcpState.ESTABLISHED) {
                t.receive(". 1:1(0) ack 1 win 0");
            }
        }
        t.expectClosed(CloseCause.USER_TIMEOUT);
        long elapsed = t.clock() / ConnectionDriver.MILLIS + 3_000;
        assertTrue(elapsed >= 5_000 && elapsed <= 7_000, "after " + elapsed + " ms");
    }

    @Test @Tag("RFC5482") void userTimeoutDoesNotTouchAnIdleConnection() {
        Script.established().config(c -> c.userTimeoutNanos(1_000_000_000L)).expectSilenceUntil(1_000_000).expectState(TcpState.ESTABLISHED);
    }
}
