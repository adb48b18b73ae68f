package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When data is acknowledged (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2). */
@TraceTest
class DelayedAckTest {
    private static Script delaying() {
        return Script.established().mss(1000).config(c -> c.quickAckSegments(0));
    }

    @Test @Tag("RFC9293-3.8.6.3") void singleSegmentIsAcknowledgedAfterTheDelay() {
        Script t = delaying();
        t.receive("P. 1:501(500) ack 1").expectSilenceUntil(39).expectAt(40, ". 1:1(0) ack 501").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC9293-3.8.6.3") void delayIsConfigurable() {
        Script t = delaying().config(c -> c.delayedAckMinNanos(200_000_000));
        t.receive("P. 1:501(500) ack 1").expectSilenceUntil(199).expectAt(200, ". 1:1(0) ack 501");
    }

    @Test @Tag("RFC9293-3.8.6.3") void delayCountsFromTheFirstUnacknowledgedSegment() {
        Script t = delaying();
        t.receive(". 1:1001(1000) ack 1").expectAt(40, ". 1:1(0) ack 1001"); // shows how long a full segment is
        t.at(100).receive("P. 1001:1101(100) ack 1").at(125).receive("P. 1101:1201(100) ack 1").expectSilenceUntil(139);
        t.expectAt(140, ". 1:1(0) ack 1201").expectSilenceUntil(1_000);
    }

    @Test @Tag("RFC5681-4.2") void everySecondFullSegmentIsAcknowledgedAtOnce() {
        Script t = delaying();
        for (int i = 0; i < 10; i++) {
            int seq = 1 + i * 2000;
            t.receive(". " + seq + ":" + (seq + 1000) + "(1000) ack 1").expectSilence();
            t.receive(". " + (seq + 1000) + ":" + (seq + 2000) + "(1000) ack 1").expect(". 1:1(0) ack " + (seq + 2000)).expectSilence();
        }
        t.expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC9293-3.10.7.4") void batchOfSegmentsIsAcknowledgedOnce() {
        Script t = delaying();
        t.batch(() -> t.receive(". 1:1001(1000) ack 1").receive(". 1001:2001(1000) ack 1").receive(". 2001:3001(1000) ack 1").receive(". 3001:4001(1000) ack 1"));
        t.expect(". 1:1(0) ack 4001").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC5681-4.2") void superSegmentOfSeveralIsAcknowledgedAtOnce() {
        Script t = delaying();
        t.receive("P. 1:8001(8000) ack 1").expect(". 1:1(0) ack 8001").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC9293-3.8.6.3") void dataCarriesTheAcknowledgment() {
        Script t = delaying();
        t.receive("P. 1:501(500) ack 1").at(20).send(100).expect("P. 1:101(100) ack 501");
        t.at(30).receive(". 501:501(0) ack 101").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC5681-4.2") void dataOutOfOrderIsAcknowledgedAtOnceEachTime() {
        Script t = delaying();
        for (int i = 1; i <= 5; i++) {
            t.receive(". " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1").expect(". 1:1(0) ack 1").expectSilence();
        }
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 6001").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC5681-4.2") void senderThatCountsDuplicatesGetsOneForEachSegmentOfABatch() {
        Script t = delaying();
        t.batch(() -> t.receive(". 1001:2001(1000) ack 1").receive(". 2001:3001(1000) ack 1").receive(". 3001:4001(1000) ack 1"));
        t.expect(". 1:1(0) ack 1", ". 1:1(0) ack 1", ". 1:1(0) ack 1").expectSilence();
        t.batch(() -> t.receive(". 5001:6001(1000) ack 1").receive(". 6001:7001(1000) ack 1").receive(". 1:1001(1000) ack 1"));
        t.expect(". 1:1(0) ack 4001").expectSilence();
    }

    @Test @Tag("RFC5681-4.2") void duplicatesForOneBatchAreBounded() {
        Script t = delaying();
        t.batch(() -> {
            for (int seq = 1001; seq < 60_001; seq += 1000) {
                t.receive(". " + seq + ":" + (seq + 1000) + "(1000) ack 1");
            }
        });
        assertEquals(16, t.takeSent().size());
    }

    @Test @Tag("RFC2018-4") void senderThatReadsSackBlocksGetsOneForTheBatch() {
        Script t = delaying().sack();
        t.batch(() -> t.receive(". 1001:2001(1000) ack 1").receive(". 2001:3001(1000) ack 1").receive(". 3001:4001(1000) ack 1"));
        t.expect(". 1:1(0) ack 1 <sack 1001:4001>").expectSilence();
    }

    @Test @Tag("RFC5681-4.2") void segmentThatFillsPartOfAGapIsAcknowledgedAtOnce() {
        Script t = delaying();
        t.receive(". 2001:3001(1000) ack 1").expect(". 1:1(0) ack 1").receive(". 4001:5001(1000) ack 1").expect(". 1:1(0) ack 1");
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 1001").receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 3001");
    }

    @Test @Tag("RFC9293-3.10.7.4") void repeatedDataIsAcknowledgedAtOnce() {
        Script t = delaying();
        t.receive("P. 1:501(500) ack 1").expectAt(40, ". 1:1(0) ack 501").receive("P. 1:501(500) ack 1").expect(". 1:1(0) ack 501");
    }

    @Test void firstSegmentsAreAcknowledgedAtOnce() {
        Script t = Script.established().mss(1000);
        for (int i = 0; i < 16; i++) {
            t.receive(". " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1").expect(". 1:1(0) ack " + (1001 + i * 1000)).expectSilence();
        }
        t.receive(". 16001:17001(1000) ack 1").expectSilenceUntil(39).expectAt(40, ". 1:1(0) ack 17001");
    }

    @Test void segmentsAfterIdlenessAreAcknowledgedAtOnce() {
        Script t = Script.established().mss(1000);
        for (int i = 0; i < 16; i++) {
            t.receive(". " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1").expect(". 1:1(0) ack " + (1001 + i * 1000));
        }
        t.at(60_000).receive(". 16001:17001(1000) ack 1").expect(". 1:1(0) ack 17001");
    }

    @Test void quickAcksCanBeAskedForAllTheTime() {
        Script t = Script.established().mss(1000).config(c -> c.quickAck(true).quickAckSegments(0));
        for (int i = 0; i < 40; i++) {
            t.receive("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1").expect(". 1:1(0) ack " + (11 + i * 10));
        }
    }

    @Test @Tag("RFC9293-3.8.6.3") void pureAcksAreNotAcknowledged() {
        Script t = delaying();
        t.receive(". 1:1(0) ack 1").receive(". 1:1(0) ack 1 win 1000").expectSilenceUntil(10_000);
    }

    @Test @Tag("RFC9293-3.10.7.4") void finIsAcknowledgedWithinTheDelay() {
        Script t = delaying();
        t.receive("F. 1:1(0) ack 1").at(40).expect(". 1:1(0) ack 2").expectSilenceUntil(10_000);
    }

    @Test void acknowledgmentThatIsDueDoesNotOutliveTheConnection() {
        Script t = delaying();
        t.receive("P. 1:501(500) ack 1").expectSilence().receive("R 501:501(0)").expectClosed(CloseCause.RESET).expectSilenceUntil(1_000);
    }
}
