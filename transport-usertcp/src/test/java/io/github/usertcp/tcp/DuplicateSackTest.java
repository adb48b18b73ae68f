package io.github.usertcp.tcp;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Duplicates reported by the first SACK block (RFC 2883); the examples are numbered as there. */
@TraceTest
class DuplicateSackTest {
    private static Script sacking() {
        return Script.established().mss(2000).sack().config(c -> c.quickAck(true));
    }

    /** The first 4000 bytes have been received and acknowledged. */
    private static Script at4000() {
        Script t = sacking();
        for (int seq = 1; seq < 4001; seq += 500) {
            t.receive(". " + seq + ":" + (seq + 500) + "(500) ack 1");
        }
        t.read(4000).takeSent();
        return t;
    }

    @Test @Tag("RFC2883-4.1.1") void duplicateSegment() {
        Script t = at4000();
        t.receive(". 3001:3501(500) ack 1").expect(". 1:1(0) ack 4001 <sack 3001:3501>");
    }

    @Test @Tag("RFC2883-4.1.2") void duplicateWhileAnotherIsOutOfOrder() {
        Script t = at4000();
        t.receive(". 4501:5001(500) ack 1").expect(". 1:1(0) ack 4001 <sack 4501:5001>");
        t.receive(". 3001:3501(500) ack 1").expect(". 1:1(0) ack 4001 <sack 3001:3501 4501:5001>");
    }

    @Test @Tag("RFC2883-4.1.3") void duplicateOfASegmentOutOfOrder() {
        Script t = at4000();
        t.receive(". 4501:5001(500) ack 1").expect(". 1:1(0) ack 4001 <sack 4501:5001>");
        t.receive(". 5001:5501(500) ack 1").expect(". 1:1(0) ack 4001 <sack 4501:5501>");
        t.receive(". 5001:5501(500) ack 1").expect(". 1:1(0) ack 4001 <sack 5001:5501 4501:5501>");
    }

    @Test @Tag("RFC2883-4.2.1") void duplicatePartOfALargerSegment() {
        Script t = sacking();
        t.receive(". 1:501(500) ack 1").expect(". 1:1(0) ack 501");
        t.receive(". 1501:2001(500) ack 1").expect(". 1:1(0) ack 501 <sack 1501:2001>");
        t.receive(". 501:1001(500) ack 1").expect(". 1:1(0) ack 1001 <sack 1501:2001>");
        t.receive(". 501:1501(1000) ack 1").expect(". 1:1(0) ack 2001 <sack 501:1001>").read(2000);
    }

    @Test @Tag("RFC2883-4.2.2") void ofTwoDuplicatePartsBelowTheAckTheFirstIsReported() {
        Script t = sacking();
        t.receive(". 1:501(500) ack 1").receive(". 2501:3001(500) ack 1").receive(". 501:1001(500) ack 1").takeSent();
        t.receive(". 1501:2001(500) ack 1").expect(". 1:1(0) ack 1001 <sack 1501:2001 2501:3001>");
        t.receive(". 501:2001(1500) ack 1").expect(". 1:1(0) ack 2001 <sack 501:1001 2501:3001>").read(2000);
    }

    @Test @Tag("RFC2883-4.2.3") void ofTwoDuplicatePartsAboveTheAckTheFirstIsReportedThenTheRangeThatHoldsIt() {
        Script t = sacking();
        t.receive(". 1:501(500) ack 1").receive(". 3001:3501(500) ack 1").receive(". 1001:1501(500) ack 1").takeSent();
        t.receive(". 2001:2501(500) ack 1").expect(". 1:1(0) ack 501 <sack 2001:2501 1001:1501 3001:3501>");
        t.receive(". 1001:2501(1500) ack 1").expect(". 1:1(0) ack 501 <sack 1001:1501 1001:2501 3001:3501>").read(500);
    }

    @Test @Tag("RFC2883-4") void duplicateIsReportedOnce() {
        Script t = at4000();
        t.receive(". 3001:3501(500) ack 1").expect(". 1:1(0) ack 4001 <sack 3001:3501>");
        t.receive(". 4001:4501(500) ack 1").expect(". 1:1(0) ack 4501");
        t.receive(". 3001:3501(500) ack 1").expect(". 1:1(0) ack 4501 <sack 3001:3501>").read(500);
    }

    @Test @Tag("RFC2883-4.3") void duplicateWithAnOldTimestampIsReported() {
        Script t = sacking().timestamps();
        t.receive(". 1:501(500) ack 1 <TS val 100 ecr 0>").expect(". 1:1(0) ack 501").read(500);
        t.receive(". 1:501(500) ack 1 <TS val 50 ecr 0>").expect(". 1:1(0) ack 501 <TS val 0 ecr 100,sack 1:501>");
    }

    @Test @Tag("RFC2883-4") void overlapOfTheSegmentThatFillsTheGapIsReported() {
        Script t = sacking();
        t.receive(". 501:1001(500) ack 1").expect(". 1:1(0) ack 1 <sack 501:1001>");
        t.receive(". 1:801(800) ack 1").expect(". 1:1(0) ack 1001 <sack 501:801>").read(1000);
    }

    @Test @Tag("RFC2883-4") void segmentsOfABatchSentAgainAreReportedTogether() {
        Script t = at4000();
        t.batch(() -> t.receive(". 3001:3501(500) ack 1").receive(". 3501:4001(500) ack 1"));
        t.expect(". 1:1(0) ack 4001 <sack 3001:4001>").expectSilence();
    }

    @Test void repeatedFinIsReportedWithItsNumber() {
        Script t = sacking();
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2 <sack 1:2>");
    }

    @Test void duplicatesAreNotReportedIfNotWanted() {
        Script t = sacking().config(c -> c.dsack(false));
        t.receive(". 1:501(500) ack 1").expect(". 1:1(0) ack 501").receive(". 1:501(500) ack 1").expect(". 1:1(0) ack 501");
        t.receive(". 1001:1501(500) ack 1").receive(". 1001:1501(500) ack 1").expect(". 1:1(0) ack 501 <sack 1001:1501>",
            ". 1:1(0) ack 501 <sack 1001:1501>").read(500);
    }

    @Test void duplicatesAreNotReportedToAPeerWithoutSack() {
        Script t = Script.established().mss(1000).config(c -> c.sack(true).quickAck(true));
        t.receive(". 1:501(500) ack 1").expect(". 1:1(0) ack 501").receive(". 1:501(500) ack 1").expect(". 1:1(0) ack 501").read(500);
    }
}
