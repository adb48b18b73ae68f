package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The receive buffer grows with what the application reads in a round trip, and only then. */
@TraceTest
class ReceiveBufferTest {
    private static final int INITIAL = 64_000;
    private static final int MAX = 4_000_000;
    private static final int RTT_MILLIS = 10;
    private static final int LONGEST = 32_000;

    private int sent = 1;

    private static Script tuned() {
        return Script.established().mss(1000).rtt(RTT_MILLIS).peerWindowScale(7).config(c -> c.receiveBufferBytes(INITIAL, MAX));
    }

    /** In each round trip the peer fills the window, and the application reads at most so much. */
    private void transfer(Script t, int roundTrips, int readPerRoundTrip) {
        for (int i = 0; i < roundTrips; i++) {
            int edge = sent + (int) t.info().rcvWnd();
            while (sent < edge) {
                int length = Math.min(LONGEST, edge - sent);
                t.receive(". " + sent + ":" + (sent + length) + "(" + length + ") ack 1");
                sent += length;
            }
            for (int left = readPerRoundTrip; left > 0 && t.connection().readableBytes() > 0; ) {
                int length = Math.min(left, t.connection().readableBytes());
                t.read(length);
                left -= length;
            }
            t.takeSent();
            t.advance(RTT_MILLIS).takeSent();
        }
    }

    @Test void fastReaderGetsALargerWindowEachRoundTripUpToTheMaximum() {
        Script t = tuned();
        transfer(t, 3, MAX);
        assertTrue(t.info().rcvWnd() >= 2 * INITIAL, () -> "window: " + t.info().rcvWnd());
        transfer(t, 20, MAX);
        assertTrue(t.info().rcvWnd() > MAX * 9L / 10 && t.info().rcvWnd() <= MAX, () -> "window: " + t.info().rcvWnd());
    }

    @Test void growthStopsAtWhatTheLinkBelowCanHold() {
        Script t = tuned();
        t.connection().receiveQueueBytes(200_000);
        transfer(t, 20, MAX);
        assertTrue(t.info().rcvWnd() > 180_000 && t.info().rcvWnd() <= 200_000, () -> "window: " + t.info().rcvWnd());
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 20_000})
    void slowReaderGetsNoMore(int readPerRoundTrip) {
        Script t = tuned();
        transfer(t, 40, readPerRoundTrip);
        long size = t.info().rcvWnd() + t.connection().readableBytes();
        assertTrue(size <= INITIAL, () -> "window and unread bytes: " + size);
    }

    @Test void readerWhoTakesEverythingNowAndThenGetsNoMore() {
        Script t = tuned();
        for (int i = 0; i < 10; i++) {
            t.advance(50 * RTT_MILLIS);
            transfer(t, 1, MAX);
        }
        assertTrue(t.info().rcvWnd() <= INITIAL, () -> "window: " + t.info().rcvWnd());
    }

    @Test void fixedBufferStaysAsItIs() {
        Script t = tuned().config(c -> c.receiveBufferBytes(INITIAL));
        transfer(t, 20, MAX);
        assertTrue(t.info().rcvWnd() <= INITIAL, () -> "window: " + t.info().rcvWnd());
    }

    @Test void sizeThatTheApplicationSetsEndsTheGrowth() {
        Script t = tuned();
        transfer(t, 6, MAX);
        long grown = t.info().rcvWnd();
        t.reconfigure(c -> c.receiveBufferBytes(INITIAL));
        transfer(t, 20, MAX);
        assertTrue(grown > 2 * INITIAL && t.info().rcvWnd() <= INITIAL, () -> "window: " + grown + ", then " + t.info().rcvWnd());
    }

    @Test void memoryPressureStopsTheGrowth() {
        Script t = tuned();
        transfer(t, 3, MAX);
        long before = t.info().rcvWnd();
        t.connection().memoryPressure(true);
        transfer(t, 10, MAX);
        assertTrue(t.info().rcvWnd() <= before, () -> "window: " + before + ", then " + t.info().rcvWnd());
        t.connection().memoryPressure(false);
        t.receive(". " + sent + ":" + sent + "(0) ack 1");
        transfer(t, 20, MAX);
        assertTrue(t.info().rcvWnd() > 2 * before, () -> "window: " + before + ", then " + t.info().rcvWnd());
    }

    @Test void windowScaleIsThatOfTheMaximumFromTheStart() {
        Script t = Script.closed().config(c -> c.windowScaling(true).receiveBufferBytes(20_000, 15 << 20)).connect();
        t.expect("S 0:0(0) win 18980 <mss 1460,wscale 8>");
    }

    @Test void withoutScalingTheWindowStaysWithin64KiB() {
        Script t = Script.established().mss(1000).rtt(RTT_MILLIS).config(c -> c.receiveBufferBytes(INITIAL, MAX));
        transfer(t, 20, MAX);
        assertEquals(65_535, t.info().rcvWnd());
    }

    @Test void timestampsCorrectARoundTripTimeThatALostSynMadeTooLong() {
        Script t = Script.closed().config(c -> c.timestamps(true).windowScaling(true).receiveBufferBytes(INITIAL, MAX)).connect();
        t.at(1_000).at(1_010).receive("S. 0:0(0) ack 1 <mss 1000,TS val 0 ecr 0,wscale 7>").takeSent();
        for (int i = 0; i < 20; i++) {
            int edge = sent + (int) t.info().rcvWnd();
            for (int ecr = 1_000 + 10 * i; sent < edge; ) {
                int length = Math.min(LONGEST, edge - sent);
                t.receive(". " + sent + ":" + (sent + length) + "(" + length + ") ack 1 <TS val " + i + " ecr " + ecr + ">");
                sent += length;
            }
            while (t.connection().readableBytes() > 0) {
                t.read(t.connection().readableBytes());
            }
            t.takeSent();
            t.advance(RTT_MILLIS).takeSent();
        }
        assertTrue(t.info().rcvWnd() > MAX * 9L / 10, () -> "window: " + t.info().rcvWnd());
    }
}
