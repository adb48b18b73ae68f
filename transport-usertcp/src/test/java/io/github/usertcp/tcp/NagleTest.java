package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When small writes leave: Nagle's algorithm (RFC 9293 section 3.7.4), cork, and the limit of unsent data. */
@TraceTest
class NagleTest {
    private static Script nagling() {
        return Script.established().mss(1000).cwnd(100_000);
    }

    @Test @Tag("RFC9293-3.7.4") void smallWriteWaitsForTheAckOfTheOneBefore() {
        Script t = nagling();
        t.send(100).expect("P. 1:101(100) ack 1").send(100).send(100).expectSilenceUntil(100);
        t.receive(". 1:1(0) ack 101").expect("P. 101:301(200) ack 1").expectSilence().receive(". 1:1(0) ack 301");
    }

    @Test @Tag("RFC9293-3.7.4") void fullSegmentsDoNotWait() {
        Script t = nagling();
        t.send(100).expect("P. 1:101(100) ack 1").send(900).expectSilence().send(200).expect(". 101:1101(1000) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 1101").expect("P. 1101:1201(100) ack 1").receive(". 1:1(0) ack 1201");
    }

    @Test @Tag("RFC9293-A.3") void tailOfALargeWriteWaitsOnlyBehindAnotherTail() { // Minshall's variant, as in Linux
        Script t = nagling();
        t.send(2500).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", "P. 2001:2501(500) ack 1");
        t.send(1500).expect(". 2501:3501(1000) ack 1").expectSilenceUntil(100).receive(". 1:1(0) ack 2001").expectSilence();
        t.receive(". 1:1(0) ack 2501").expect("P. 3501:4001(500) ack 1").receive(". 1:1(0) ack 4001");
    }

    @Test @Tag("RFC9293-3.7.4") void noDelaySendsEverythingAtOnce() {
        Script t = nagling().config(c -> c.noDelay(true));
        t.send(100).send(100).send(2500);
        t.expect("P. 1:101(100) ack 1", "P. 101:201(100) ack 1", ". 201:1201(1000) ack 1", ". 1201:2201(1000) ack 1", "P. 2201:2701(500) ack 1");
        t.receive(". 1:1(0) ack 2701");
    }

    @Test void turningNagleOffSendsWhatWaits() {
        Script t = nagling();
        t.send(100).expect("P. 1:101(100) ack 1").send(100).expectSilence().reconfigure(c -> c.noDelay(true)).expect("P. 101:201(100) ack 1");
        t.receive(". 1:1(0) ack 201");
    }

    @Test void farewellSendsWhatWaits() {
        Script t = nagling();
        t.send(100).expect("P. 1:101(100) ack 1").send(100).expectSilence().shutdownOutput().expect("FP. 101:201(100) ack 1");
        t.receive(". 1:1(0) ack 202");
    }

    @Test @Tag("RFC9293-3.9.1") void lastBufferedSegmentIsPushed() {
        Script t = nagling();
        t.send(3000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", "P. 2001:3001(1000) ack 1").receive(". 1:1(0) ack 3001");
    }

    @Test void corkHoldsASmallWriteForAFullSegment() {
        Script t = nagling().config(c -> c.cork(true));
        t.send(100).expectSilence().send(800).expectSilence().send(300).expect(". 1:1001(1000) ack 1").expectSilence();
        t.at(50).receive(". 1:1(0) ack 1001").expectSilence();
        t.reconfigure(c -> c.cork(false)).expect("P. 1001:1201(200) ack 1").receive(". 1:1(0) ack 1201");
    }

    @Test void corkHoldsNothingForLongerThanTwoHundredMilliseconds() {
        Script t = nagling().config(c -> c.cork(true));
        t.send(100).expectSilenceUntil(199).expectAt(200, "P. 1:101(100) ack 1").at(210).receive(". 1:1(0) ack 101").expectSilenceUntil(10_000);
    }

    @Test void corkDoesNotHoldTheFarewell() {
        Script t = nagling().config(c -> c.cork(true));
        t.send(100).expectSilence().shutdownOutput().expect("FP. 1:101(100) ack 1").receive(". 1:1(0) ack 102");
    }

    @Test void corkIsStrongerThanNoDelay() {
        Script t = nagling().config(c -> c.cork(true).noDelay(true));
        t.send(100).expectSilence().reconfigure(c -> c.cork(false)).expect("P. 1:101(100) ack 1").receive(". 1:1(0) ack 101");
    }

    @Test void unsentDataIsLimited() {
        Script t = Script.established().mss(1000).cwnd(2000).config(c -> c.notSentLowWaterBytes(1500));
        t.send(1000).send(1000).expect("P. 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1");
        int taken = 0;
        for (int got = t.offer(500); got > 0; got = t.offer(500)) {
            taken += got;
            assertTrue(taken <= 10_000, "no limit");
        }
        assertEquals(1500, taken);
        assertEquals(0, t.connection().writableBytes());
        t.expectEvents();
        t.receive(". 1:1(0) ack 2001").takeSent();
        t.expectEvents(TcpEvent.WRITABLE);
        assertEquals(1500, t.offer(3000));
        t.takeSent();
    }

    @Test void fullSendBufferTakesNoMoreAndSaysWhenItDoes() {
        Script t = Script.established().mss(1000).cwnd(2000).config(c -> c.sendBufferBytes(5000));
        assertEquals(5000, t.offer(8000));
        assertEquals(0, t.connection().writableBytes());
        assertEquals(0, t.offer(1));
        t.expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1").expectEvents();
        t.receive(". 1:1(0) ack 1001").expect(". 2001:3001(1000) ack 1").expectEvents(TcpEvent.WRITABLE);
        assertEquals(1000, t.connection().writableBytes());
        assertEquals(5000 - 1000, t.connection().sendQueueBytes());
        assertEquals(1000, t.offer(2000));
        t.receive(". 1:1(0) ack 3001").takeSent();
    }
}
