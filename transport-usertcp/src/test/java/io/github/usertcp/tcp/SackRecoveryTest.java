package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Losses found by selective acknowledgments and by time: RFC 2018, RFC 6675, RFC 8985, RFC 6937. Round trips take 20 ms. */
@TraceTest
class SackRecoveryTest {
    private static Script inFlight(int segments) {
        Script t = Script.established().sack().mss(1000).rtt(20).newReno();
        t.send(segments * 1000).takeSent();
        return t;
    }

    private static String segment(int number) {
        return ". " + (1 + (number - 1) * 1000) + ":" + (1 + number * 1000) + "(1000) ack 1";
    }

    private static String last(int number) {
        return "P" + segment(number);
    }

    /** An ACK of everything before the segment with that number, with SACK blocks from segment to segment, inclusive. */
    private static String ack(int next, int... blocks) {
        StringBuilder line = new StringBuilder(". 1:1(0) ack " + (1 + (next - 1) * 1000));
        for (int i = 0; i < blocks.length; i += 2) {
            line.append(i == 0 ? " <sack " : " ").append(1 + (blocks[i] - 1) * 1000).append(':').append(1 + blocks[i + 1] * 1000);
        }
        return line.append(blocks.length == 0 ? "" : ">").toString();
    }

    @Test @Tag("RFC8985-6.2") void threeSegmentsBeyondAHoleAreProofOfALoss() {
        Script t = inFlight(10);
        t.at(20).receive(ack(1, 2, 2)).receive(ack(1, 2, 3)).expectSilence();
        t.receive(ack(1, 2, 4)).expect(segment(1)).expectSilence();
        t.receive(ack(11)).expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC8985-6.2") void aHoleMayBeReorderingForAQuarterOfARoundTrip() {
        Script t = inFlight(2);
        t.at(20).receive(ack(1, 2, 2)).expectSilenceUntil(24);
        t.expectAt(25, segment(1)).expectSilence();
        t.receive(ack(3));
    }

    @Test @Tag("RFC8985-6.2") void whatArrivesInThatTimeIsNotSentAgain() {
        Script t = inFlight(2);
        t.at(20).receive(ack(1, 2, 2)).at(24).receive(ack(3)).expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC6675-5") void severalHolesAreSentAgainInOneRoundTrip() {
        Script t = inFlight(10); // 1, 3 and 5 are lost
        t.at(20);
        t.batch(() -> t.receive(ack(1, 2, 2)).receive(ack(1, 4, 4, 2, 2)).receive(ack(1, 6, 10, 4, 4, 2, 2)));
        t.expect(segment(1), segment(3), segment(5)).expectSilence();
        t.at(20).receive(ack(11)).expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC8985-6.2") void aLostRetransmissionIsFoundWithoutATimeout() {
        Script t = inFlight(10); // 1 and 2 are lost, then 1 again
        t.at(20).receive(ack(1, 3, 10)).expect(segment(1), segment(2)).expectSilence();
        t.at(40).receive(ack(1, 2, 10)).expect(segment(1)).expectSilence(); // its copy left before that of 2
        assertEquals(0, t.info().retransmits());
        t.at(60).receive(ack(11)).expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC8985-6.2") void segmentsOvertakenOnceMakeThePathAReorderingOne() {
        Script t = inFlight(10);
        t.at(20).receive(ack(1, 2, 2)).receive(ack(3)).expectSilence(); // 1 arrived behind 2
        t.receive(ack(3, 4, 4)).receive(ack(3, 4, 5)).receive(ack(3, 4, 6)).receive(ack(3, 4, 9)).expectSilenceUntil(24);
        t.expectAt(25, segment(3)).expectSilence(); // three segments beyond prove nothing any more, time does
        t.receive(ack(11));
    }

    @Test @Tag("RFC6937-3") void theFlightComesDownToSsthreshInProportion() {
        Script t = inFlight(10);
        t.send(10_000).expectSilence();
        t.at(20).receive(ack(1, 2, 2)).expect(segment(11)); // limited transmit (RFC 3042), not in proportion yet
        t.receive(ack(1, 2, 3)).expect(segment(12));
        t.receive(ack(1, 2, 4)).expect(segment(1)).expectSilence();
        int sent = 0;
        for (int last = 5; last <= 8; last++) {
            t.receive(ack(1, 2, last));
            sent += t.takeSent().size();
        }
        assertEquals(2, sent, "one segment for every two that arrive");
        assertEquals(5000, t.info().sndSsthresh());
    }

    @Test @Tag("RFC6675-5") void theEpisodeEndsWithWhatWasOutstandingWhenItBegan() {
        Script t = inFlight(10);
        t.at(20).receive(ack(1, 2, 10)).expect(segment(1));
        t.receive(ack(11)).expectSilence();
        assertEquals(5000, t.info().sndSsthresh());
        assertTrue(t.info().sndCwnd() <= 6000, () -> "cwnd " + t.info().sndCwnd());
    }

    @Test @Tag("RFC2018-5") void sackedSegmentsAreNotSentAgainAfterATimeout() {
        Script t = inFlight(4);
        t.at(20).receive(ack(1, 3, 3)).expectAt(25, segment(1)).tick();
        while (t.info().retransmits() == 0) {
            t.tick();
        }
        t.takeSent();
        t.receive(ack(2, 3, 3)).receive(ack(4));
        t.takeSent().forEach(e -> assertNotEquals(2001, e.segment().seq() + 256, () -> "sacked, and sent again: " + e));
        t.receive(ack(5));
    }

    @Test @Tag("RFC5682-3.1") void timeoutUndoneBeforeAnythingLeftAgainIsTimedAgain() {
        Script t = Script.established().sack().mss(1000).rtt(20).newReno().config(c -> c.tailLossProbe(false));
        t.send(4000).takeSent();
        t.batch(() -> t.at(220).receive(ack(1, 3, 3))); // of the same moment, or while pacing holds the retransmission back
        t.expectSilence().at(60_000);
        assertEquals(1, t.takeSent().get(0).segment().seq());
        t.receive(ack(5));
    }

    @Test @Tag("RFC2018-8") void aPeerThatRenegesGetsEverythingAgain() {
        Script t = inFlight(4);
        t.at(20).receive(ack(1, 2, 4)).expect(segment(1)).expectSilence();
        t.at(20).receive(ack(2)).expectSilence(); // and yet 2 is not acknowledged
        t.expectAt(230, segment(2)).expectSilence();
        t.at(240).receive(ack(3)).expect(segment(3), last(4)).expectSilence();
        t.at(250).receive(ack(5)).expectSilenceUntil(60_000);
    }

    @Test @Tag("CVE-2019-11478") void blocksOfNothingSentOrOfNoLengthAreIgnored() {
        Script t = inFlight(4);
        t.at(20);
        t.receive(". 1:1(0) ack 1 <sack 4001:9001>").receive(". 1:1(0) ack 1 <sack 3001:2001>").receive(". 1:1(0) ack 1 <sack 2001:2001>")
            .receive(". 1:1(0) ack 1 <sack 1:4001>").receive(". 1:1(0) ack 1 <sack 4294960001:4294967001>");
        assertEquals(4000, t.info().unacked());
        assertEquals(0, t.info().lost());
        t.takeSent();
    }

    @Test @Tag("CVE-2019-11478") void halfASegmentIsNoneSoThatNoTinyOnesAreSentAgain() {
        Script t = inFlight(10);
        t.at(20).receive(". 1:1(0) ack 1 <sack 1501:1601 2501:2601 3501:3601>").expectSilence();
        t.receive(". 1:1(0) ack 1 <sack 1501:9501>");
        t.expect(segment(1), segment(2)).expectSilence();
    }

    // ---- tail loss probes

    @Test @Tag("RFC8985-7.3") void theLastSegmentIsSentAgainAfterTwoSilentRoundTrips() {
        Script t = inFlight(3);
        t.expectAt(42, last(3)).expectSilence();
        t.at(62).receive(ack(1, 3, 3)).expect(segment(1)).expectSilence(); // one delivered, one sent (RFC 6937)
        t.at(82).receive(ack(2, 3, 3)).expect(segment(2)).expectSilence();
        t.at(102).receive(ack(4)).expectSilenceUntil(60_000);
        assertEquals(3, t.info().totalRetrans());
    }

    @Test @Tag("RFC8985-7.3") void newDataIsABetterProbe() {
        Script t = Script.established().sack().mss(1000).rtt(20).cwnd(2000);
        t.send(3000).expect(segment(1), segment(2));
        t.expectAt(42, last(3)).expectSilence();
        t.at(62).receive(ack(4)).expectSilenceUntil(60_000);
        assertEquals(0, t.info().totalRetrans());
    }

    @Test @Tag("RFC8985-7.2") void aSingleSegmentWaitsForTheDelayedAck() {
        Script t = inFlight(1);
        long rto = t.info().rto() / 1000;
        long probe = Math.min(rto, 2 * 20 + 200); // where the RTO is shorter, the probe takes its place
        t.expectSilenceUntil(probe - 1).expectAt(probe, last(1)).expectSilence();
        t.receive(ack(2));
    }

    @Test @Tag("RFC8985-7.3") void nothingBeyondAWindowThatWasTakenBackIsProbedWith() {
        Script t = inFlight(3);
        t.at(10).receive(ack(1) + " win 1000").expectSilenceUntil(100);
        t.tick();
        t.expect(segment(1)).expectSilence();
        t.receive(ack(4));
    }

    @Test @Tag("RFC8985-7.2") void oneProbeAFlightThenTheTimeout() {
        Script t = inFlight(3);
        long rto = t.info().rto() / 1000;
        t.expectAt(42, last(3)).expectAt(42 + rto, segment(1)).expectSilence();
        t.receive(ack(4));
    }

    @Test @Tag("RFC8985-7.4.2") void aLossThatTheProbeRepairedReducesTheWindow() {
        Script t = inFlight(10); // the last is lost
        t.at(20).receive(ack(10)).expectSilence().tick().expect(last(10));
        t.advance(20).receive(ack(11)).send(1000).expect(last(11)).advance(20).receive(ack(12));
        assertTrue(t.info().sndSsthresh() < 20_000, () -> "ssthresh " + t.info().sndSsthresh());
    }

    @Test @Tag("RFC8985-7.4.2") void aProbeThatArrivesBesideTheOriginalReducesNothing() {
        Script t = inFlight(3);
        t.expectAt(42, last(3));
        t.at(45).receive(ack(4)).at(62).receive(ack(4, 3, 3)); // the duplicate is reported (RFC 2883)
        t.send(1000).expect(last(4)).at(82).receive(ack(5));
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
    }

    // ---- undo

    @Test @Tag("RFC3708-3") void everyCopyReportedAsDuplicateUndoesTheReduction() {
        Script t = inFlight(10);
        t.at(20).receive(ack(1, 2, 4)).expect(segment(1)).expectSilence();
        assertEquals(5000, t.info().sndSsthresh());
        t.at(22).receive(ack(11)).at(30).receive(ack(11, 1, 1));
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
        assertTrue(t.info().sndCwnd() >= 10_000, () -> "cwnd " + t.info().sndCwnd());
    }

    @Test @Tag("RFC5682-3.1") void dataNeverSentAgainThatArrivesAfterATimeoutProvesItSpurious() {
        Script t = Script.established().sack().mss(1000).newReno().config(c -> c.tailLossProbe(false));
        t.send(20_000).takeSent();
        t.expectAt(200, segment(1)).expectSilence();
        t.receive(ack(2)).expect(segment(11), segment(12)).expectSilence(); // step 2b: new data
        t.receive(ack(3));
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh(), "step 3b");
        assertTrue(t.info().sndCwnd() >= 10_000, () -> "cwnd " + t.info().sndCwnd());
        t.takeSent();
    }

    @Test @Tag("RFC5682-3.1") void aDuplicateInDoubtConfirmsTheTimeout() {
        Script t = Script.established().sack().mss(1000).newReno().config(c -> c.tailLossProbe(false));
        t.send(20_000).takeSent();
        t.expectAt(200, segment(1)).expectSilence();
        t.receive(ack(2)).expect(segment(11), segment(12)).expectSilence();
        t.at(210).receive(ack(2, 11, 11));
        assertEquals(5000, t.info().sndSsthresh(), "step 3a");
        t.expect(segment(2)).takeSent();
    }
}
