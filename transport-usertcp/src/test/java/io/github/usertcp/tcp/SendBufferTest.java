package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How much a connection takes from its user follows what it may have in flight. */
@TraceTest
class SendBufferTest {
    private static Script withBuffer(int initial, int max) {
        return Script.established().mss(1000).peerWindowScale(7).newReno().config(c -> c.sendBufferBytes(initial, max));
    }

    /** Acknowledges everything in flight until so many bytes in all are acknowledged, with the buffer always full. */
    private static void transfer(Script t, int bytes) {
        while (t.info().bytesAcked() < bytes) {
            t.offer(1 << 20);
            t.takeSent();
            long end = 1 + t.info().bytesAcked() + t.info().unacked();
            t.advance(10).receive(". 1:1(0) ack " + end + " win 60000");
        }
        t.takeSent();
    }

    @Test void bufferGrowsToTwiceTheCongestionWindow() {
        Script t = withBuffer(20_000, 1_000_000);
        assertEquals(20_000, t.offer(1 << 20));
        transfer(t, 2_000_000);
        long room = t.connection().writableBytes() + t.connection().sendQueueBytes();
        assertTrue(room >= Math.min(1_000_000, 2 * t.info().sndCwnd()), () -> "room " + room + ", cwnd " + t.info().sndCwnd());
        assertTrue(room > 200_000 && room <= 1_000_000, () -> "room " + room);
    }

    @Test void bufferOfAFixedSizeStays() {
        Script t = withBuffer(20_000, 20_000);
        transfer(t, 200_000);
        assertEquals(20_000, t.connection().writableBytes() + t.connection().sendQueueBytes());
    }

    @Test void bufferDoesNotGrowWhileTheStackIsShortOfMemory() {
        Script t = withBuffer(20_000, 1_000_000);
        t.offer(1);
        t.connection().memoryPressure(true);
        transfer(t, 200_000);
        assertEquals(20_000, t.connection().writableBytes() + t.connection().sendQueueBytes());
    }

    @Test void sizeSetByTheUserEndsTheGrowth() {
        Script t = withBuffer(20_000, 1_000_000);
        transfer(t, 500_000);
        t.reconfigure(c -> c.sendBufferBytes(10_000));
        transfer(t, 1_000_000);
        assertEquals(10_000, t.connection().writableBytes() + t.connection().sendQueueBytes());
    }
}
