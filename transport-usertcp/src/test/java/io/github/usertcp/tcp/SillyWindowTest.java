package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Silly windows avoided on both sides (RFC 9293 section 3.8.6.2), and which segments may change the send window (section 3.10.7.4, fifth step). */
@TraceTest
class SillyWindowTest {
    @Test @Tag("RFC9293-3.8.6.2.2") void receiverDoesNotOfferLessThanASegmentMore() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(10_000));
        t.receive("P. 1:10001(10000) ack 1").expect(". 1:1(0) ack 10001 win 0");
        t.read(100).expectSilence().read(899).expectSilenceUntil(1_000).read(1).expect(". 1:1(0) ack 10001 win 1000");
    }

    @Test @Tag("RFC9293-3.8.6.2.2") void receiverDoesNotOfferLessThanHalfASmallBufferMore() {
        Script t = Script.established().config(c -> c.receiveBufferBytes(1024));
        t.receive("P. 1:1025(1024) ack 1").expect(". 1:1(0) ack 1025 win 0");
        t.read(511).expectSilenceUntil(1_000).read(1).expect(". 1:1(0) ack 1025 win 512");
    }

    @Test @Tag("RFC9293-3.8.6.2.2") void receiverKeepsTheRightEdgeWhileLittleIsRead() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(10_000));
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 1001 win 9000").read(200);
        t.receive(". 1001:1501(500) ack 1").expect(". 1:1(0) ack 1501 win 8500").expectSilence();
    }

    @Test @Tag("RFC9293-3.8.6.2.1") void senderDoesNotFillASmallPieceOfALargeWindow() {
        Script t = Script.established().mss(1000).cwnd(100_000);
        t.receive(". 1:1(0) ack 1 win 300").send(3000).expectSilenceUntil(99);
        t.receive(". 1:1(0) ack 1 win 5000").expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", "P. 2001:3001(1000) ack 1");
        t.receive(". 1:1(0) ack 3001");
    }

    @Test @Tag("RFC9293-3.8.6.2.1") void senderFillsASmallWindowInTheEndSoThatNothingHangs() {
        Script t = Script.established().mss(1000).cwnd(100_000);
        t.receive(". 1:1(0) ack 1 win 300").send(3000).at(1_000);
        var sent = t.takeSent();
        assertTrue(sent.stream().anyMatch(e -> e.segment().seq() == 1 && e.segment().payloadLength() == 300), () -> "the override timeout: " + sent);
    }

    @Test @Tag("RFC9293-3.8.6.2.1") void peerThatKeepsSendingDoesNotPutOffTheOverride() {
        Script t = Script.established().mss(1000).cwnd(100_000);
        t.receive(". 1:1(0) ack 1 win 300").send(5000).expectSilence();
        for (int i = 0; i < 7; i++) {
            int seq = 1 + 100 * i;
            t.at(50L * i).receive(". " + seq + ":" + (seq + 100) + "(100) ack 1 win 300").read(100);
        }
        assertEquals(1, t.takeSent().stream().filter(e -> e.segment().payloadLength() == 300).count());
    }

    @Test @Tag("RFC9293-3.8.6.2.1") void senderFillsHalfOfTheLargestWindowItHasSeen() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(600);
        t.send(3000).expect(". 1:601(600) ack 1").expectSilence();
        t.at(10).receive(". 1:1(0) ack 601 win 300").expect(". 601:901(300) ack 1").expectSilence();
    }

    @Test @Tag("RFC9293-3.8.6.2.1") void lastBytesThatFitAreSentWhenNothingIsInFlight() {
        Script t = Script.established().mss(1000).cwnd(100_000);
        t.receive(". 1:1(0) ack 1 win 300").send(200).expect("P. 1:201(200) ack 1").receive(". 1:1(0) ack 201");
    }

    @Test @Tag("RFC9293-3.10.7.4") void olderAckDoesNotChangeTheWindow() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(3000);
        t.send(20_000).takeSent();
        t.at(10).receive(". 1:1(0) ack 2001 win 3000").expect(". 3001:4001(1000) ack 1", ". 4001:5001(1000) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 1001 win 60000").expectSilence();
        t.receive(". 1:1(0) ack 1001 win 10").expectSilence();
        t.receive(". 1:1(0) ack 3001 win 3000").expect(". 5001:6001(1000) ack 1").expectSilence();
        assertEquals(3000, t.info().sndWnd());
    }

    @Test @Tag("RFC9293-3.10.7.4") void segmentWithAnOlderNumberDoesNotChangeTheWindow() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(3000);
        t.receive("P. 101:201(100) ack 1 win 3000").expect(". 1:1(0) ack 1");
        t.receive("P. 1:101(100) ack 1 win 60000").expect(". 1:1(0) ack 201"); // sent before the other, overtaken
        assertEquals(3000, t.info().sndWnd());
        t.receive("P. 201:301(100) ack 1 win 60000").expect(". 1:1(0) ack 301").read(300);
        assertEquals(60_000, t.info().sndWnd());
    }

    @Test @Tag("RFC9293-3.10.7.4") void retransmissionThatAcknowledgesBringsItsWindow() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(3000);
        t.send(20_000).takeSent();
        t.receive("P. 101:201(100) ack 1 win 3000").expect(". 3001:3001(0) ack 1");
        t.receive("P. 1:101(100) ack 2001 win 1000").expect(". 3001:3001(0) ack 201"); // an old number, a new ACK: SND.UNA + 1000 is in flight
        assertEquals(1000, t.info().sndWnd());
        t.read(200);
    }

    @Test @Tag("RFC9293-3.10.7.4") void newerSegmentOfTheSameAckChangesTheWindow() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(1000);
        t.send(5000).expect(". 1:1001(1000) ack 1").at(10).receive(". 1:1(0) ack 1 win 2000").expect(". 1001:2001(1000) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 1 win 3000").expect(". 2001:3001(1000) ack 1").expectSilence();
    }

    @Test @Tag("RFC9293-3.10.7.4") void unacceptableSegmentDoesNotChangeTheWindow() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(3000);
        t.receive(". 99999:99999(0) ack 1 win 60000").expect(". 1:1(0) ack 1");
        assertEquals(3000, t.info().sndWnd());
    }
}
