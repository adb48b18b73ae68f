package io.github.usertcp.testsuite.simulator.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.EcnCodepoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulatedLinkTest {
    private static final long MILLI = 1_000_000;
    /** Makes packets of 1000 bytes with the IP header. */
    private static final int BYTES = 980;
    /** One such packet takes a millisecond. */
    private static final long RATE = 8_000_000;

    private final VirtualTime time = new VirtualTime();
    private final List<Integer> arrived = new ArrayList<>();
    private final List<Long> arrivals = new ArrayList<>();
    private final List<PacketFate> fates = new ArrayList<>();
    private final List<ByteBuf> buffers = new ArrayList<>();

    @Test
    void packetsLeaveAtTheRateAndArriveAfterTheDelay() {
        send(link(LinkConditions.of(RATE, 10 * MILLI)), 3);
        assertEquals(List.of(11 * MILLI, 12 * MILLI, 13 * MILLI), arrivals);
    }

    @Test
    void linkWithoutRateOnlyDelays() {
        send(link(LinkConditions.of(0, 10 * MILLI)), 3);
        assertEquals(List.of(10 * MILLI, 10 * MILLI, 10 * MILLI), arrivals);
    }

    @Test
    void jitterKeepsTheOrder() {
        send(link(LinkConditions.of(RATE, 10 * MILLI).jitter(50 * MILLI)), 200);
        assertEquals(sorted(arrived), arrived);
        assertTrue(arrivals.get(0) > 11 * MILLI);
    }

    @Test
    void reorderingDoesNot() {
        send(link(LinkConditions.of(RATE, 10 * MILLI).reordering(0.3, 5 * MILLI)), 200);
        assertEquals(200, arrived.size());
        assertNotEquals(sorted(arrived), arrived);
    }

    @Test
    void randomLossLosesItsShare() {
        send(link(LinkConditions.of(0, 0).loss(LossModel.random(0.1))), 10_000);
        assertEquals(9_000, arrived.size(), 100);
        assertEquals(10_000 - arrived.size(), fates.size());
        assertAllGivenBack();
    }

    @Test
    void burstsLoseTheSameShareInRuns() {
        send(link(LinkConditions.of(0, 0).loss(LossModel.bursts(5, 0.1))), 50_000);
        int runs = 0;
        for (int i = 1; i < arrived.size(); i++) {
            runs += arrived.get(i) - arrived.get(i - 1) > 1 ? 1 : 0;
        }
        assertEquals(45_000, arrived.size(), 1_000);
        assertEquals(5, (50_000.0 - arrived.size()) / runs, 0.5);
    }

    @Test
    void duplicatesArriveTwice() {
        send(link(LinkConditions.of(0, 0).duplication(1)), 3);
        assertEquals(List.of(0, 0, 1, 1, 2, 2), arrived);
    }

    @Test
    void corruptionFlipsOneBit() {
        SimulatedLink link = link(LinkConditions.of(0, 0).corruption(1));
        int[] bits = new int[1];
        Route route = new Route(packet -> {
            for (int i = 0; i < BYTES; i++) {
                bits[0] += Integer.bitCount(packet.bytes().getUnsignedByte(i));
            }
            packet.release();
        }, List.of(link));
        route.send(Packet.of(route, Unpooled.buffer(BYTES).writeZero(BYTES), EcnCodepoint.NOT_ECT));
        time.runUntil(MILLI);
        assertEquals(1, bits[0]);
    }

    @Test
    void packetLongerThanTheMtuIsDropped() {
        send(link(LinkConditions.of(0, 0).mtu(999)), 1);
        send(link(LinkConditions.of(0, 0).mtu(1000)), 1);
        assertEquals(List.of(PacketFate.TOO_BIG), fates);
        assertEquals(1, arrived.size());
    }

    @Test
    void blackOutLosesWhatIsSentAndNotWhatIsOnItsWay() {
        SimulatedLink link = link(LinkConditions.of(0, 10 * MILLI));
        Route route = route(link);
        send(route, 0);
        link.conditions(link.conditions().blackOut(true));
        send(route, 1);
        link.conditions(link.conditions().blackOut(false));
        send(route, 2);
        time.runUntil(100 * MILLI);
        assertEquals(List.of(0, 2), arrived);
        assertEquals(List.of(PacketFate.BLACKED_OUT), fates);
    }

    @Test
    void packetsOnAShorterPathOvertakeThoseOnTheOld() {
        SimulatedLink link = link(LinkConditions.of(0, 50 * MILLI));
        Route route = route(link);
        send(route, 0);
        link.conditions(link.conditions().rateAndDelay(0, 10 * MILLI));
        send(route, 1);
        time.runUntil(100 * MILLI);
        assertEquals(List.of(1, 0), arrived);
    }

    @Test
    void routeGoesOverSeveralLinks() {
        Route route = new Route(this::receive, List.of(link(LinkConditions.of(RATE, 10 * MILLI)), link(LinkConditions.of(RATE, 5 * MILLI))));
        send(route, 7);
        time.runUntil(100 * MILLI);
        assertEquals(List.of(17 * MILLI), arrivals);
    }

    @Test
    void crossTrafficTakesItsShareUntilItsEnd() {
        SimulatedLink link = link(LinkConditions.of(RATE, 0));
        new CrossTraffic(time, link, RATE / 2, 100 * MILLI, 10_000 * MILLI, new SplittableRandom(1)).start();
        time.runUntil(60_000 * MILLI);
        double share = link.carriedBytes() * 8.0 / 10 / RATE;
        assertEquals(0.25, share, 0.08);
    }

    private SimulatedLink link(LinkConditions conditions) {
        SimulatedLink link = new SimulatedLink(time, conditions, new TailDropQueue(1 << 20), new SplittableRandom(1));
        link.addObserver((packet, fate) -> fates.add(fate));
        return link;
    }

    private Route route(SimulatedLink link) {
        return new Route(this::receive, List.of(link));
    }

    private void send(SimulatedLink link, int packets) {
        Route route = route(link);
        for (int i = 0; i < packets; i++) {
            send(route, i);
        }
        time.runUntil(time.nowNanos() + 1_000 * MILLI);
    }

    private void send(Route route, int number) {
        ByteBuf bytes = Unpooled.buffer(BYTES).writeInt(number).writeZero(BYTES - Integer.BYTES);
        buffers.add(bytes);
        route.send(Packet.of(route, bytes, EcnCodepoint.NOT_ECT));
    }

    private void receive(Packet packet) {
        arrived.add(packet.bytes().getInt(0));
        arrivals.add(time.nowNanos());
        packet.release();
    }

    private void assertAllGivenBack() {
        assertTrue(buffers.stream().allMatch(buffer -> buffer.refCnt() == 0));
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        List<Integer> sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        return sorted;
    }
}
