package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss seen from duplicate ACKs: fast retransmit and recovery (RFC 5681 section 3.2), NewReno (RFC 6582), limited transmit (RFC 3042). */
@TraceTest
class FastRetransmitTest {
    private static final String DUPLICATE = ". 1:1(0) ack 1";

    /** Ten segments of 1000 bytes in flight, nothing behind them. */
    private static Script tenInFlight() {
        Script t = Script.established().mss(1000).newReno();
        assertEquals(10, t.send(10_000).takeSent().size());
        return t.at(10);
    }

    private static Script duplicates(Script t, int count) {
        for (int i = 0; i < count; i++) {
            t.receive(DUPLICATE);
        }
        return t;
    }

    private static String segment(int from) {
        return ". " + from + ":" + (from + 1000) + "(1000) ack 1";
    }

    @Test @Tag("RFC5681-3.2") void thirdDuplicateAckRetransmits() {
        Script t = Script.established().mss(1000).cwnd(4000);
        t.at(0).send(4000);
        t.expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1", "P. 3001:4001(1000) ack 1");
        duplicates(t.at(10), 2).expectSilence();
        t.receive(DUPLICATE).expect(segment(1)).expectSilence();
        t.at(20).receive(". 1:1(0) ack 4001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC5681-3.2") void furtherDuplicateAcksDoNotRetransmitAgain() {
        Script t = tenInFlight();
        duplicates(t, 9).expect(segment(1)).expectSilence();
        t.at(20).receive(". 1:1(0) ack 10001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC5681-3.2") void recoveryHalvesTheWindow() {
        Script t = tenInFlight();
        duplicates(t, 3).expect(segment(1));
        assertEquals(5000, t.info().sndSsthresh());
        t.receive(". 1:1(0) ack 10001").send(20_000);
        assertEquals(5, t.takeSent().size(), "ssthresh: RFC 6582 3.2 step 3, option 2");
        assertEquals(5000, t.info().sndSsthresh());
    }

    @Test @Tag("RFC5681-3.2") void eachFurtherDuplicateAckInflatesTheWindowByOneSegment() {
        Script t = tenInFlight();
        duplicates(t, 3).expect(segment(1));
        t.send(10_000).expectSilence(); // cwnd = 5000 + 3 * 1000, 10000 in flight
        duplicates(t, 2).expectSilence(); // 10000
        t.receive(DUPLICATE).expect(segment(10_001)).expectSilence();
        t.receive(DUPLICATE).expect(segment(11_001)).expectSilence();
        t.receive(DUPLICATE).expect(segment(12_001)).expectSilence();
        t.receive(DUPLICATE).expect(segment(13_001)).expectSilence();
        t.at(20).receive(". 1:1(0) ack 10001"); // deflated: 5000
        t.expect(segment(14_001)).expectSilence();
    }

    @Test @Tag("RFC6582-3.2") void partialAckRetransmitsTheNextHoleAtOnce() {
        Script t = tenInFlight(); // 1:1001 and 3001:4001 are lost
        duplicates(t, 8).expect(segment(1)).expectSilence();
        t.at(20).receive(". 1:1(0) ack 3001").expect(segment(3001)).expectSilence();
        t.at(30).receive(". 1:1(0) ack 10001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC6582-3.2") void everyLossOfAWindowIsMendedByAPartialAckEach() {
        Script t = tenInFlight(); // 1, 2001, 4001, 6001 are lost
        duplicates(t, 6).expect(segment(1)).expectSilence();
        t.at(20).receive(". 1:1(0) ack 2001").expect(segment(2001)).expectSilence();
        t.at(30).receive(". 1:1(0) ack 4001").expect(segment(4001)).expectSilence();
        t.at(40).receive(". 1:1(0) ack 6001").expect(segment(6001)).expectSilence();
        t.at(50).receive(". 1:1(0) ack 10001").expectSilenceUntil(60_000);
        assertEquals(5000, t.info().sndSsthresh(), "one reduction for one window");
    }

    @Test @Tag("RFC6582-3.2") void duplicateAcksAfterATimeoutDoNotStartAFastRetransmit() {
        Script t = tenInFlight();
        t.expectAt(200, segment(1)).receive(". 1:1(0) ack 1001").expect(segment(1001), segment(2001)).expectSilence();
        for (int i = 0; i < 5; i++) {
            t.receive(". 1:1(0) ack 1001"); // caused by the copies that had not been lost
        }
        t.takeSent().forEach(e -> assertEquals(false, e.segment().seq() == 1001, () -> "not again: " + e));
        assertEquals(5000, t.info().sndSsthresh());
    }

    @Test @Tag("RFC5681-3.2") void twoDuplicateAcksAreReordering() {
        Script t = tenInFlight();
        duplicates(t, 2).receive(". 1:1(0) ack 4001").expectSilence();
        duplicates(t, 0).receive(". 1:1(0) ack 4001").receive(". 1:1(0) ack 4001").expectSilence();
        t.receive(". 1:1(0) ack 10001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC5681-2") void windowUpdatesAreNoDuplicateAcks() {
        Script t = tenInFlight();
        for (int i = 1; i <= 6; i++) {
            t.receive(". 1:1(0) ack 1 win " + (65_535 - i));
        }
        t.expectSilence();
    }

    @Test @Tag("RFC5681-2") void dataOfThePeerIsNoDuplicateAck() {
        Script t = tenInFlight();
        for (int i = 0; i < 6; i++) {
            t.receive("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1").expect(". 10001:10001(0) ack " + (11 + i * 10));
        }
        t.expectSilence().read(60);
    }

    @Test @Tag("RFC5681-2") void ackWithNothingInFlightIsNoDuplicate() {
        Script t = Script.established().mss(1000);
        duplicates(t, 10).expectSilence().send(1000).expect("P. 1:1001(1000) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 1001");
    }

    @Test @Tag("RFC5681-2") void finOfThePeerIsNoDuplicateAck() {
        Script t = tenInFlight();
        duplicates(t, 2).receive("F. 1:1(0) ack 1").expect(". 10001:10001(0) ack 2").expectSilence();
    }

    @Test @Tag("RFC3042-2") void firstTwoDuplicateAcksSendOneNewSegmentEach() {
        Script t = Script.established().mss(1000).config(c -> c.initialWindowSegments(4));
        t.send(10_000).expect(segment(1), segment(1001), segment(2001), segment(3001)).at(10);
        t.receive(DUPLICATE).expect(segment(4001)).expectSilence();
        t.receive(DUPLICATE).expect(segment(5001)).expectSilence();
        t.receive(DUPLICATE).expect(segment(1)).expectSilence();
        assertEquals(2000, t.info().sndSsthresh(), "RFC 5681 3.2 step 2: limited transmit is not counted");
    }

    @Test @Tag("RFC3042-2") void limitedTransmitObeysThePeersWindow() {
        Script t = Script.established().mss(1000).peerWindow(4000).config(c -> c.initialWindowSegments(4));
        t.send(10_000).expect(segment(1), segment(1001), segment(2001), segment(3001)).at(10);
        for (int i = 0; i < 2; i++) {
            t.receive(". 1:1(0) ack 1 win 4000").expectSilence();
        }
        t.receive(". 1:1(0) ack 1 win 4000").expect(segment(1)).expectSilence();
    }

    @Test @Tag("RFC6582-4") void lossOfTheRetransmissionIsLeftToTheTimer() {
        Script t = tenInFlight();
        duplicates(t, 9).expect(segment(1)).expectSilence();
        t.tick().expect(segment(1)).expectSilence();
        assertEquals(1000, t.info().sndCwnd());
        t.receive(". 1:1(0) ack 10001").expectSilenceUntil(60_000);
    }

    @ParameterizedTest @Tag("RFC5681-3.2")
    @ValueSource(ints = {1, 4, 7})
    void anySegmentOfAWindowCanBeTheLostOne(int lost) {
        Script t = tenInFlight();
        int hole = 1 + (lost - 1) * 1000;
        for (int i = 1; i < lost; i++) {
            t.receive(". 1:1(0) ack " + (1 + i * 1000)).expectSilence();
        }
        for (int i = 0; i < 3; i++) {
            t.expectSilence().receive(". 1:1(0) ack " + hole);
        }
        t.expect(segment(hole)).expectSilence().receive(". 1:1(0) ack 10001").expectSilenceUntil(60_000);
    }
}
