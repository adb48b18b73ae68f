package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much leaves at once: initial window, slow start, congestion avoidance, idleness (RFC 5681 sections 3.1 and 4.1, RFC 6928, RFC 7661). */
@TraceTest
class CongestionWindowTest {
    @Test @Tag("RFC6928-2") void tenSegmentsLeaveAtFirst() {
        Script t = Script.established().mss(1000);
        t.send(20_000);
        for (int i = 0; i < 10; i++) {
            t.expect(". " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1");
        }
        t.expectSilenceUntil(199);
        t.receive(". 1:1(0) ack 10001").takeSent();
    }

    @ParameterizedTest @Tag("RFC6928-2")
    @ValueSource(ints = {1, 2, 4, 20})
    void initialWindowIsConfigurable(int segments) {
        Script t = Script.established().mss(1000).config(c -> c.initialWindowSegments(segments));
        assertEquals(segments, t.send(40_000).takeSent().size());
        assertEquals(segments * 1000L, t.info().sndCwnd());
    }

    @Test @Tag("RFC5681-3.1") void slowStartSendsTwoSegmentsForEachAcknowledged() {
        Script t = Script.established().mss(1000);
        t.send(40_000).takeSent();
        for (int i = 0; i < 10; i++) {
            int next = 10_001 + i * 2000;
            t.at(10).receive(". 1:1(0) ack " + (1001 + i * 1000));
            t.expect(". " + next + ":" + (next + 1000) + "(1000) ack 1", ". " + (next + 1000) + ":" + (next + 2000) + "(1000) ack 1").expectSilence();
        }
        assertEquals(20_000, t.info().sndCwnd());
    }

    @Test void oneAckOfManySegmentsCountsForAllOfThem() { // departs from RFC 5681 3.1, see NewReno
        Script t = Script.established().mss(1000);
        t.send(40_000).takeSent();
        t.at(10).receive(". 1:1(0) ack 10001");
        assertEquals(20_000, t.info().sndCwnd());
        assertEquals(20, t.takeSent().size());
    }

    @Test @Tag("RFC5681-3.1") void ackOfAFewBytesDoesNotAddAWholeSegment() {
        Script t = Script.established().mss(1000);
        t.send(40_000).takeSent();
        for (int i = 1; i <= 10; i++) {
            t.at(10).receive(". 1:1(0) ack " + (1 + i * 10)); // ACK division (RFC 5681 section 3.1)
        }
        assertEquals(10_100, t.info().sndCwnd());
        t.takeSent();
    }

    @Test @Tag("RFC5681-3.1") void congestionAvoidanceAddsOneSegmentARoundTrip() {
        Script t = Script.established().config(c -> c.forwardRto(false)).mss(1000).newReno();
        t.send(10_000).takeSent();
        t.expectAt(200, ". 1:1001(1000) ack 1"); // ssthresh is 5000 now
        t.send(100_000);
        int acked = 1;
        while (t.info().sndCwnd() < 5000) {
            acked += 1000;
            t.receive(". 1:1(0) ack " + acked);
        }
        for (long cwnd = 5000; cwnd < 9000; cwnd += 1000) {
            for (int i = 0; i < cwnd / 1000; i++) {
                assertEquals(cwnd, t.info().sndCwnd(), "before a window is acknowledged");
                acked += 1000;
                t.receive(". 1:1(0) ack " + acked);
            }
        }
        assertEquals(9000, t.info().sndCwnd());
        t.takeSent();
    }

    @Test @Tag("RFC7661-4.3") void windowDoesNotGrowWhileTheApplicationIsTheLimit() {
        Script t = Script.established().mss(1000);
        for (int i = 0; i < 100; i++) {
            t.send(1000).expect("P. " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1");
            t.advance(10).receive(". 1:1(0) ack " + (1001 + i * 1000));
        }
        assertEquals(10_000, t.info().sndCwnd());
    }

    @Test @Tag("RFC7661-4.3") void windowDoesNotGrowWhileThePeersWindowIsTheLimit() {
        Script t = Script.established().mss(1000).peerWindow(2000);
        t.send(100_000);
        for (int i = 1; i <= 50; i++) {
            t.advance(10).receive(". 1:1(0) ack " + (1 + i * 2000) + " win 2000");
        }
        t.takeSent();
        assertEquals(10_000, t.info().sndCwnd());
    }

    @Test @Tag("RFC5681-4.1") void idlenessRestartsFromTheInitialWindow() {
        Script t = Script.established().mss(1000);
        grow(t);
        t.advance(10_000).send(50_000);
        assertEquals(10, t.takeSent().size());
    }

    @Test @Tag("RFC2861-3.1") void eachTimeoutOfIdlenessHalvesTheWindow() {
        Script t = Script.established().mss(1000);
        long segments = grow(t);
        long rto = t.info().rto() / 1000;
        t.advance(rto + 10).send(50_000);
        assertEquals(Math.max(10, segments / 2), t.takeSent().size());
    }

    @Test @Tag("RFC5681-4.1") void idlenessKeepsTheWindowIfSoConfigured() {
        Script t = Script.established().mss(1000).config(c -> c.slowStartAfterIdle(false));
        long segments = grow(t);
        t.advance(10_000).send(50_000);
        assertEquals(segments, t.takeSent().size());
    }

    @Test @Tag("RFC5681-4.1") void pauseShorterThanTheTimeoutIsNoIdleness() {
        Script t = Script.established().mss(1000);
        long segments = grow(t);
        t.advance(100).send(50_000);
        assertEquals(segments, t.takeSent().size());
    }

    /** To a window of at least twenty segments, with nothing in flight; says how many they are. */
    private static long grow(Script t) {
        t.send(30_000).at(10);
        for (int i = 1; i <= 10; i++) {
            t.receive(". 1:1(0) ack " + (1 + i * 1000));
        }
        assertEquals(20_000, t.info().sndCwnd());
        t.receive(". 1:1(0) ack 30001").takeSent();
        return t.info().sndCwnd() / 1000;
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 3000, 7000})
    void windowOfTheCongestionControlIsObeyed(int cwnd) {
        Script t = Script.established().mss(1000).cwnd(cwnd);
        t.send(50_000);
        assertEquals(cwnd / 1000, t.takeSent().size());
        t.expectSilenceUntil(199);
        for (int i = 1; i <= 20; i++) {
            t.receive(". 1:1(0) ack " + (1 + i * 1000)).expect(". " + (1 + cwnd + (i - 1) * 1000) + ":" + (1001 + cwnd + (i - 1) * 1000) + "(1000) ack 1").expectSilence();
        }
    }

    @Test @Tag("RFC9293-3.8.6") void windowOfThePeerIsObeyed() {
        Script t = Script.established().mss(1000).peerWindow(3000);
        t.send(10_000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 1001 win 3000").expect(". 3001:4001(1000) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 4001 win 2000").expect(". 4001:5001(1000) ack 1", ". 5001:6001(1000) ack 1").expectSilence();
    }
}
