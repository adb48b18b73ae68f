package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IcmpErrorKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one episode of recovery leaves behind must not mislead the next one. Segments of 1000 bytes, round trips of 20 ms. */
@TraceTest
class OverlappingEpisodesTest {
    private static Script inFlight(int segments) {
        Script t = Script.established().sack().mss(1000).rtt(20).newReno();
        t.send(segments * 1000).takeSent();
        return t;
    }

    /** Ten segments in flight from time 20 on, congestion marks understood. */
    private static Script tenMarkable(boolean sack) {
        Script t = Script.closed().newReno().config(c -> c.ecnOffered(EcnMode.CLASSIC).sack(sack).burstPush(false).tailLossProbe(false));
        t.connect().at(20).receive("SE. 0:0(0) ack 1 win 65535 <mss 1000" + (sack ? ",sackOK>" : ">"));
        t.send(30_000);
        t.takeSent();
        return t;
    }

    private static String segment(int number) {
        return ". " + (1 + (number - 1) * 1000) + ":" + (1 + number * 1000) + "(1000) ack 1";
    }

    private static String ack(int next) {
        return ". 1:1(0) ack " + (1 + (next - 1) * 1000);
    }

    private static String ack(int next, int first, int last) {
        return ack(next) + " <sack " + (1 + (first - 1) * 1000) + ":" + (1 + last * 1000) + ">";
    }

    @Test @Tag("RFC3168-6.1.2") void duplicatesOfAnEarlierRecoveryDoNotUndoTheReductionForAMark() {
        Script t = tenMarkable(true);
        t.at(40).receive(ack(1, 2, 4)).at(42).receive(ack(11)).at(62).receive(ack(15)); // 1 was sent again for nothing
        t.at(82).receive(ack(20)).at(83).receive(ack(21).replaceFirst("[.]", ".E")).takeSent();
        long reduced = t.info().sndSsthresh();
        t.at(84).receive(ack(21, 1, 1));
        assertEquals(reduced, t.info().sndSsthresh());
        t.takeSent();
    }

    @Test @Tag("RFC3168-6.1.2") void aSpuriousTimeoutDoesNotUndoTheReductionForAMark() {
        Script t = tenMarkable(true);
        t.at(40).receive(".E 1:1(0) ack 2001").takeSent();
        assertEquals(5000, t.info().sndSsthresh());
        while (t.info().retransmits() == 0) {
            t.tick();
        }
        t.expect(segment(3)).advance(1).receive(ack(3, 4, 4));
        assertEquals(5000, t.info().sndSsthresh());
        t.takeSent();
    }

    @Test @Tag("RFC3168-6.1.2") void aTimeoutIsToldAlsoAfterTheReductionForAMark() {
        Script t = tenMarkable(true);
        t.at(40).receive(".E 1:1(0) ack 2001").expect("[ect0] W. 10001:11001(1000) ack 1").takeSent();
        while (t.info().retransmits() == 0) {
            t.tick();
        }
        t.expect(segment(3)).advance(20).receive(ack(12)).expect("[ect0] W. 11001:12001(1000) ack 1").takeSent();
    }

    @Test @Tag("RFC6582-3.2") void aLossIsRepairedFastAlsoWhileTheWindowComesDownForAMark() {
        Script t = tenMarkable(false);
        t.at(40).receive(".E 1:1(0) ack 2001").receive(ack(3)).receive(ack(3)).receive(ack(3));
        assertEquals(1, t.takeSent().stream().filter(e -> e.toString().contains(" 2001:3001(1000)")).count());
    }

    @Test @Tag("RFC8985-6.2") void copiesOfATimeoutThatIsUndoneAreNotTakenForThoseOfTheRecoveryThatFollows() {
        Script t = Script.established().sack().mss(1000).rtt(20).newReno().config(c -> c.tailLossProbe(false));
        t.send(11_000).takeSent();
        t.expectAt(210, segment(1)).at(230).receive(ack(1, 2, 2)).expect("P" + segment(11)); // 2 had never been sent again: undone
        t.expectAt(235, segment(1));
        t.at(250).receive(ack(1, 2, 2).replace(">", " 10001:11001>")).expect(segment(3)).expectSilence(); // not 1, whose copy left 15 ms ago
        t.at(255).receive(ack(12));
    }

    @Test @Tag("RFC6298-3") void whatWasSentAgainBeforeATimeoutWasUndoneIsNotTimed() {
        Script t = Script.established().sack().mss(1000).rtt(20).newReno().config(c -> c.tailLossProbe(false));
        t.send(10_000).takeSent();
        t.expectAt(210, segment(1)).at(230).receive(ack(1, 2, 2));
        long srtt = t.info().rtt();
        t.at(233).receive(ack(3));
        assertEquals(srtt, t.info().rtt());
        t.receive(ack(11));
    }

    @Test @Tag("RFC5682-3.1") void theArrivalOfALossProbeDoesNotProveATimeoutSpurious() {
        Script t = inFlight(3);
        long rto = t.info().rto() / 1000;
        t.expectAt(42, "P" + segment(3)).expectAt(42 + rto, segment(1));
        t.receive(ack(1, 3, 3)).expectSilence();
        assertEquals(5000, t.info().sndSsthresh());
        t.receive(ack(4));
    }

    @Test @Tag("RFC8985-7.3") void aProbeThatCouldNotLeaveGivesWayToTheTimeout() {
        Script t = inFlight(3);
        t.batch(() -> t.at(42).at(300)).expect(segment(1)).expectSilence();
        t.receive(ack(4));
    }

    @Test @Tag("RFC8985-7.4.2") void aProbeAnsweredByABareDuplicateRepairedNothing() {
        Script t = inFlight(3);
        t.expectAt(42, "P" + segment(3));
        t.at(45).receive(ack(4)).at(62).receive(ack(4)); // original and probe arrived; the peer reports no duplicates
        t.send(1000).expect("P" + segment(4)).at(82).receive(ack(5));
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
    }

    @Test @Tag("RFC8985-6.2") void aLostCopyFoundByTheTimerLeavesAtOnceAgain() {
        Script t = inFlight(10);
        t.at(20).receive(ack(1, 2, 2)).receive(ack(3)); // the path reorders; 3 and 6 are lost, then 3 again
        t.at(21).receive(ack(3, 4, 5).replace(">", " 6001:8001>")).at(27).receive(ack(3, 4, 5).replace(">", " 6001:9001>"));
        t.send(2000).at(28).receive(ack(3, 4, 5).replace(">", " 6001:10001>")).at(47).receive(ack(3, 4, 10)).at(48).receive(ack(3, 4, 11));
        t.expect(segment(3), segment(6), segment(11), "P" + segment(12)).expectSilenceUntil(50);
        t.expectAt(51, segment(3)).expectSilence();
        t.at(72).receive(ack(13));
    }

    @Test @Tag("RFC1191-6.5") void segmentsSentAgainInAnotherSizeAreSackedAsTheyWereSent() {
        Script t = inFlight(10);
        t.at(20).receive(ack(2)).icmp(IcmpErrorKind.PACKET_TOO_BIG, 1001, 640).takeSent(); // 1001:1601, 1601:2001, 2001:2601...
        t.at(40).receive(". 1:1(0) ack 1001 <sack 1601:2001>");
        assertEquals(0, t.takeSent().stream().filter(e -> e.toString().contains(" 1601:")).count());
        t.receive(ack(11));
    }
}
