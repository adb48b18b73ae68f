package io.github.usertcp.testsuite.simulator.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.EcnCodepoint;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PacketQueueTest {
    private static final long MILLI = 1_000_000;
    private static final int WIRE_BYTES = 1000;
    private static final Route NOWHERE = new Route(Packet::release, List.of());

    private final List<PacketFate> fates = new ArrayList<>();

    @Test
    void tailIsDroppedWhenTheQueueIsFull() {
        PacketQueue queue = observed(new TailDropQueue(2 * WIRE_BYTES));
        offer(queue, 3, EcnCodepoint.NOT_ECT, 0);
        assertEquals(2 * WIRE_BYTES, queue.bytes());
        assertEquals(List.of(PacketFate.DROPPED_BY_QUEUE), fates);
        assertEquals(2, drain(queue, 0));
    }

    @Test
    void onePacketAlwaysFits() {
        PacketQueue queue = observed(new TailDropQueue(1));
        offer(queue, 1, EcnCodepoint.NOT_ECT, 0);
        assertEquals(1, drain(queue, 0));
    }

    @Test @Tag("RFC8257-3.1")
    void packetsBehindTheThresholdAreMarkedIfTheyAreCapable() {
        PacketQueue queue = observed(new TailDropQueue(100 * WIRE_BYTES, WIRE_BYTES));
        offer(queue, 2, EcnCodepoint.ECT_0, 0);
        offer(queue, 1, EcnCodepoint.NOT_ECT, 0);
        offer(queue, 1, EcnCodepoint.ECT_0, 0);
        assertEquals(List.of(EcnCodepoint.ECT_0, EcnCodepoint.ECT_0, EcnCodepoint.NOT_ECT, EcnCodepoint.CE), codepoints(queue));
    }

    @Test @Tag("RFC8289-4.2")
    void queueThatDrainsWithinAnIntervalIsLeftAlone() {
        PacketQueue queue = observed(new CoDelQueue(1 << 20));
        offer(queue, 90, EcnCodepoint.NOT_ECT, 0);
        for (int i = 0; i < 90; i++) {
            assertNotNull(queue.poll(i * MILLI));
        }
        assertNull(queue.poll(90 * MILLI));
        assertEquals(List.of(), fates);
    }

    @Test @Tag("RFC8289-5.5")
    void queueThatStandsForAnIntervalLosesPacketsEverFaster() {
        List<Long> drops = new ArrayList<>();
        PacketQueue queue = new CoDelQueue(1 << 20);
        long[] now = new long[1];
        queue.observer((packet, fate) -> drops.add(now[0]));
        stand(queue, EcnCodepoint.NOT_ECT, 1_000, now);
        // One drop an interval at first, then interval / sqrt(2), interval / sqrt(3) and so on behind each other.
        assertEquals(CoDelQueue.TARGET_NANOS + CoDelQueue.INTERVAL_NANOS, drops.get(0), 3 * MILLI);
        assertEquals(CoDelQueue.INTERVAL_NANOS, drops.get(1) - drops.get(0), 2 * MILLI);
        assertEquals(CoDelQueue.INTERVAL_NANOS / Math.sqrt(2), drops.get(2) - drops.get(1), 2 * MILLI);
        assertEquals(CoDelQueue.INTERVAL_NANOS / Math.sqrt(3), drops.get(3) - drops.get(2), 2 * MILLI);
    }

    @Test @Tag("RFC8289-3.1")
    void capablePacketsAreMarkedInsteadOfDropped() {
        PacketQueue queue = observed(new CoDelQueue(1 << 20));
        stand(queue, EcnCodepoint.ECT_0, 500, new long[1]);
        assertFalse(fates.isEmpty());
        assertTrue(fates.stream().allMatch(fate -> fate == PacketFate.MARKED));
    }

    @Test
    void longQueueOfCoDelDropsItsTail() {
        PacketQueue queue = observed(new CoDelQueue(2 * WIRE_BYTES));
        offer(queue, 3, EcnCodepoint.NOT_ECT, 0);
        assertEquals(List.of(PacketFate.DROPPED_BY_QUEUE), fates);
        assertEquals(2, drain(queue, 0));
    }

    /** As many packets come as leave, one a millisecond, behind a backlog of twenty. */
    private static void stand(PacketQueue queue, int codepoint, int millis, long[] now) {
        offer(queue, 20, codepoint, 0);
        for (int i = 1; i <= millis; i++) {
            now[0] = i * MILLI;
            Packet packet = queue.poll(now[0]);
            if (packet != null) {
                packet.release();
            }
            while (queue.bytes() < 20 * WIRE_BYTES) {
                offer(queue, 1, codepoint, now[0]);
            }
        }
    }

    private PacketQueue observed(PacketQueue queue) {
        queue.observer((packet, fate) -> fates.add(fate));
        return queue;
    }

    private static void offer(PacketQueue queue, int packets, int codepoint, long nowNanos) {
        int payload = WIRE_BYTES - Packet.IP_HEADER_BYTES;
        for (int i = 0; i < packets; i++) {
            queue.offer(Packet.of(NOWHERE, Unpooled.buffer(payload).writeZero(payload), codepoint), nowNanos);
        }
    }

    private static int drain(PacketQueue queue, long nowNanos) {
        int packets = 0;
        for (Packet packet = queue.poll(nowNanos); packet != null; packet = queue.poll(nowNanos)) {
            packets++;
        }
        return packets;
    }

    private static List<Integer> codepoints(PacketQueue queue) {
        List<Integer> codepoints = new ArrayList<>();
        for (Packet packet = queue.poll(0); packet != null; packet = queue.poll(0)) {
            codepoints.add(packet.ecn());
        }
        return codepoints;
    }
}
