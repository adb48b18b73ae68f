package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Window scale (RFC 7323 section 2). */
@TraceTest
class WindowScaleTest {
    private static Script scaled(int shift) {
        return Script.established().mss(1000).cwnd(10_000_000).peerWindowScale(shift);
    }

    @Test @Tag("RFC7323-2.2") void synOffersAScaleThatTheReceiveBufferNeeds() {
        for (int bits = 10; bits <= 30; bits++) {
            int size = 1 << bits;
            Script t = Script.closed().config(c -> c.windowScaling(true).receiveBufferBytes(size)).connect();
            TcpSegment syn = t.takeSent().get(0).segment();
            int shift = syn.windowScale();
            assertTrue(shift >= 0 && shift <= 14, () -> "scale for " + size + ": " + syn);
            assertTrue(shift == 14 || 65_536L << shift >= size, () -> "scale for " + size + ": " + syn);
            assertTrue(shift == 0 || 65_535L << shift - 1 <= size, () -> "coarser than needed for " + size + ": " + syn);
        }
    }

    @Test @Tag("RFC7323-2.2") void synAckAnswersAScaleWithAScaleAndNothingWithNothing() {
        Script with = Script.listening().config(c -> c.windowScaling(true)).receive("S 0:0(0) win 65535 <mss 1460,wscale 7>");
        assertTrue(with.takeSent().get(0).segment().windowScale() >= 0);
        Script without = Script.listening().config(c -> c.windowScaling(true)).receive("S 0:0(0) win 65535 <mss 1460>");
        without.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        Script off = Script.listening().receive("S 0:0(0) win 65535 <mss 1460,wscale 7>");
        off.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
    }

    @Test @Tag("RFC7323-2.3") void windowsOfThePeerAreScaled() {
        Script t = scaled(7);
        t.receive(". 1:1(0) ack 1 win 100").send(50_000);
        assertEquals(12_800, t.info().sndWnd());
        assertEquals(12, t.takeSent().size());
    }

    @Test @Tag("RFC7323-2.2") void windowOfTheSynAckIsNotScaled() {
        Script t = scaled(7).peerWindow(5000);
        assertEquals(5000, t.info().sndWnd());
        assertEquals(5, t.send(50_000).takeSent().size());
    }

    @Test @Tag("RFC7323-2.2") void windowOfTheSynIsNotScaledButThatOfTheThirdSegmentIs() {
        Script t = Script.listening().mss(1000).cwnd(10_000_000).config(c -> c.windowScaling(true));
        t.receive("S 0:0(0) win 5000 <mss 1000,wscale 4>").takeSent();
        t.receive(". 1:1(0) ack 1 win 500").send(50_000);
        assertEquals(8, t.takeSent().size());
        assertEquals(8000, t.info().sndWnd());
    }

    @Test @Tag("RFC7323-2.2") void windowOfTheSynIsNotScaledInACompactEntryEither() {
        Script t = Script.halfOpen().mss(1000).cwnd(10_000_000).peerWindowScale(4).peerWindow(500);
        t.takeSent();
        t.receive(". 1:1(0) ack 1 win 500").send(50_000);
        assertEquals(8, t.takeSent().size());
    }

    @ParameterizedTest @Tag("RFC7323-2.3")
    @ValueSource(ints = {14, 15, 100, 255})
    void scaleAboveFourteenIsTakenAsFourteen(int shift) {
        Script t = scaled(shift);
        t.receive(". 1:1(0) ack 1 win 3");
        assertEquals(3L << 14, t.info().sndWnd());
        assertEquals(14, t.info().sndWscale());
    }

    @Test @Tag("RFC7323-2.2") void oneSidedOfferScalesNothing() {
        Script t = Script.established().mss(1000).cwnd(10_000_000).config(c -> c.windowScaling(true));
        t.receive("P. 1:1001(1000) ack 1 win 3000").expect(". 1:1(0) ack 1001 win 65535");
        assertEquals(3000, t.info().sndWnd());
        assertEquals(-1, t.info().sndWscale());
        assertEquals(-1, t.info().rcvWscale());
        t.read(1000);
    }

    @Test @Tag("RFC7323-2.3") void ownWindowIsScaledAfterTheHandshake() {
        Script t = scaled(7).config(c -> c.receiveBufferBytes(1 << 20));
        t.receive("P. 1:1001(1000) ack 1");
        TcpSegment ack = t.takeSent().get(0).segment();
        int shift = t.info().rcvWscale();
        assertTrue(shift > 0);
        long window = (long) ack.window() << shift;
        assertTrue(window > 65_535 && window <= (1 << 20), () -> "window " + window + " in " + ack);
        t.read(1000);
    }

    @Test @Tag("RFC7323-2.2") void scaleOnASegmentWithoutSynIsIgnored() {
        Script t = scaled(2);
        t.receive(". 1:1(0) ack 1 win 1000 <wscale 9>").receive(". 1:1(0) ack 1 win 1001");
        assertEquals(4004, t.info().sndWnd());
    }

    @Test @Tag("RFC7323-2.2") void scaledWindowTakesMoreThan64KiBInFlight() {
        Script t = scaled(7).config(c -> c.receiveBufferBytes(1 << 20));
        for (int i = 0; i < 200; i++) {
            int seq = 1 + i * 1000;
            t.receive(". " + seq + ":" + (seq + 1000) + "(1000) ack 1");
        }
        t.expectReadable(200_000).read(200_000);
        t.takeSent();
    }

    @ParameterizedTest @Tag("RFC7323-2.4")
    @ValueSource(ints = {1, 15, 100})
    void segmentsSmallerThanTheScaleUseUpTheWindow(int segment) {
        int buffer = 1 << 20; // shift 5: windows in steps of 32 bytes
        Script t = scaled(7).config(c -> c.receiveBufferBytes(buffer).delayedAckMaxNanos(0));
        t.receive(". 1:1(0) ack 1");
        int seq = 1;
        for (; seq < buffer - 40_000; seq += 40_000) {
            t.receive("P. " + seq + ":" + (seq + 40_000) + "(40000) ack 1").takeSent();
        }
        for (int i = 0; i < 40_000; i++, seq += segment) {
            t.receive("P. " + seq + ":" + (seq + segment) + "(" + segment + ") ack 1").takeSent();
        }
        assertTrue(t.connection().readableBytes() <= buffer, () -> "held: " + t.connection().readableBytes());
        t.read(t.connection().readableBytes()).takeSent();
    }

    @Test @Tag("RFC7323-2.2") void scaleOfTheSynStaysWhenTheBufferIsResizedBeforeTheAnswer() {
        Script t = Script.closed().config(c -> c.windowScaling(true).receiveBufferBytes(4_000_000)).connect();
        int shift = t.takeSent().get(0).segment().windowScale();
        t.reconfigure(c -> c.receiveBufferBytes(10_000)).receive("S. 0:0(0) ack 1 <mss 1000,wscale 0>").takeSent();
        assertEquals(shift, t.info().rcvWscale());
        t.receive("P. 1:1001(1000) ack 1");
        int offered = t.takeSent().get(0).segment().window() << shift;
        assertTrue(offered >= 64_535 - (1 << shift), () -> "the window of the SYN was taken back to " + offered);
        t.read(1000);
    }

    @ParameterizedTest @Tag("RFC7323-2.4")
    @CsvSource({"100000, 333", "300000, 1447", "1000000, 1"})
    void roundingToTheScaleDoesNotMoveTheRightEdgeLeft(int buffer, int segment) {
        Script t = scaled(7).config(c -> c.receiveBufferBytes(buffer));
        for (int i = 0; i < 60; i++) { // the emission log watches the edge
            int seq = 1 + i * segment;
            t.receive("P. " + seq + ":" + (seq + segment) + "(" + segment + ") ack 1");
        }
        t.read(60 * segment).takeSent();
    }
}
