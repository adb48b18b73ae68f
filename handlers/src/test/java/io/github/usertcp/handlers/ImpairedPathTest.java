package io.github.usertcp.handlers;

import static io.github.usertcp.handlers.ImpairedChannel.payload;
import static io.github.usertcp.handlers.ImpairedChannel.segment;
import static io.github.usertcp.handlers.ImpairmentCounter.DELAYED;
import static io.github.usertcp.handlers.ImpairmentCounter.DUPLICATED;
import static io.github.usertcp.handlers.ImpairmentCounter.HELD_OVERFLOWS;
import static io.github.usertcp.handlers.ImpairmentCounter.LOST;
import static io.github.usertcp.handlers.ImpairmentCounter.PACKETS;
import static io.github.usertcp.handlers.ImpairmentCounter.QUEUE_OVERFLOWS;
import static io.github.usertcp.handlers.ImpairmentCounter.REORDERED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What may happen to a packet, in virtual time. */
class ImpairedPathTest {
    private static final Impairment NONE = Impairment.none();
    private static final Impairment LATE = NONE.delay(Duration.ofMillis(10));
    private static final long SEED = 4711;

    private ImpairedChannel channel;

    @Test
    void withoutImpairmentEverythingPassesAtOnce() {
        open(NONE, NONE);
        channel.send(1, 2, 3);
        channel.receive(4, 5);
        assertEquals(List.of(1, 2, 3), channel.sent());
        assertEquals(List.of(4, 5), channel.received());
        assertEquals("none: PACKETS=3", channel.handler.outbound().toString());
    }

    @Test
    void eachDirectionIsImpairedByItself() {
        open(NONE.loss(1), LATE);
        channel.send(1);
        channel.receive(2);
        assertEquals(List.of(), channel.sent());
        assertEquals(List.of(), channel.received());
        channel.pass(10);
        assertEquals(List.of(), channel.sent());
        assertEquals(List.of(2), channel.received());
        assertEquals(1, channel.handler.outbound().get(LOST));
        assertEquals(0, channel.handler.inbound().get(LOST));
    }

    @Test
    void lossIsRandomAndCounted() {
        open(NONE.loss(0.1), NONE);
        channel.send(numbers(10_000));
        List<Integer> arrived = channel.sent();
        assertEquals(10_000 - channel.handler.outbound().get(LOST), arrived.size());
        assertEquals(1_000, channel.handler.outbound().get(LOST), 100, "a deviation of three sigma would be 90");
        assertEquals(List.copyOf(new TreeSet<>(arrived)), arrived, "what comes through stays in order");
    }

    @Test
    void lossesComeInBursts() {
        open(NONE.lossInBursts(0.05, 4), NONE);
        channel.send(numbers(20_000));
        List<Integer> arrived = channel.sent();
        int runs = 0;
        for (int i = 1; i < arrived.size(); i++) {
            runs += arrived.get(i) - arrived.get(i - 1) > 1 ? 1 : 0;
        }
        long lost = channel.handler.outbound().get(LOST);
        assertEquals(1_000, lost, 250);
        assertEquals(4, (double) lost / runs, 0.7);
    }

    @Test
    void delayedPacketsComeLaterInOrder() {
        open(LATE, NONE);
        channel.send(1);
        channel.pass(4);
        channel.send(2);
        channel.pass(5);
        assertEquals(List.of(), channel.sent());
        channel.pass(1);
        assertEquals(List.of(1), channel.sent());
        channel.pass(4);
        assertEquals(List.of(2), channel.sent());
        assertEquals(2, channel.handler.outbound().get(DELAYED));
    }

    @Test
    void jitterSpreadsPacketsAndKeepsTheirOrder() {
        open(LATE.jitter(Duration.ofMillis(10)), NONE);
        List<Integer> arrived = new ArrayList<>();
        TreeSet<Integer> delays = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            channel.send(i);
            for (int millis = 0; millis < 25; millis++) {
                List<Integer> now = channel.sent();
                if (!now.isEmpty()) {
                    delays.add(millis);
                    arrived.addAll(now);
                }
                channel.pass(1);
            }
        }
        assertEquals(boxed(numbers(200)), arrived);
        assertTrue(delays.first() >= 10 && delays.last() <= 20 && delays.size() > 5, delays::toString);

        channel.send(numbers(200));
        channel.pass(20);
        assertEquals(boxed(numbers(200)), channel.sent(), "in order when they follow each other closely, too");
        assertEquals(0, channel.handler.outbound().get(REORDERED));
    }

    @Test
    void packetsHeldUpAreOvertaken() {
        open(NONE.reordering(0.2, Duration.ofMillis(5)), NONE);
        List<Integer> arrived = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            channel.send(i);
            channel.pass(1);
            arrived.addAll(channel.sent());
        }
        channel.pass(5);
        arrived.addAll(channel.sent());
        assertEquals(100, new TreeSet<>(arrived).size(), "all arrive");
        long overtaken = 0;
        int newest = -1;
        for (int number : arrived) {
            overtaken += number < newest ? 1 : 0;
            newest = Math.max(newest, number);
        }
        assertTrue(overtaken > 5, arrived::toString);
        assertEquals(overtaken, channel.handler.outbound().get(REORDERED));
    }

    @Test
    void duplicatedPacketsComeTwice() {
        open(NONE, NONE.duplication(1));
        ByteBuf payload = payload(10);
        channel.writeInbound(TcpSegment.parse(". 1:1(0) ack 1 win 7").payload(payload));
        TcpSegment first = channel.readInbound();
        TcpSegment second = channel.readInbound();
        assertEquals(first.toString(), second.toString());
        assertEquals(2, payload.refCnt());
        first.payload().skipBytes(10);
        assertEquals(10, second.payloadLength(), "each can be read by itself");
        first.release();
        second.release();
        assertEquals(1, channel.handler.inbound().get(DUPLICATED));
        assertEquals(1, channel.handler.inbound().get(PACKETS));
    }

    @Test
    void packetsLeaveAtTheRateOfTheTransmitter() {
        open(NONE.rate(8_000_000, 10_000), NONE); // a byte in a microsecond
        for (int i = 0; i < 4; i++) {
            channel.writeOutbound(segment(i, 960)); // 1000 bytes with headers
        }
        assertEquals(List.of(), channel.sent());
        channel.pass(1);
        assertEquals(List.of(0), channel.sent());
        channel.pass(2);
        assertEquals(List.of(1, 2), channel.sent());
        channel.pass(1);
        assertEquals(List.of(3), channel.sent());
    }

    @Test
    void aFullQueueDropsWhatComesLast() {
        open(NONE.rate(8_000_000, 3_000), NONE);
        for (int i = 0; i < 5; i++) {
            channel.writeOutbound(segment(i, 960));
        }
        channel.pass(1);
        channel.writeOutbound(segment(5, 960)); // there is room again
        channel.pass(10);
        assertEquals(List.of(0, 1, 2, 5), channel.sent());
        assertEquals(2, channel.handler.outbound().get(QUEUE_OVERFLOWS));
    }

    @Test
    void headersCountForTheRate() {
        open(NONE.rate(8_000, 10_000), NONE); // a byte in a millisecond
        channel.writeOutbound(segment(1, 0).udpPorts(9899, 9899).destination(IpAddress.parse("2001:db8::1"), 1));
        channel.pass(40 + 8 + 20 - 1);
        assertEquals(List.of(), channel.sent());
        channel.pass(1);
        assertEquals(List.of(1), channel.sent());
    }

    @Test
    void aSuperSegmentIsCutAndLosesSinglePackets() {
        open(NONE.loss(0.2), NONE);
        TcpSegment superSegment = segment(1, 20_000).segmentSize(1_000);
        ChannelFuture sent = channel.writeAndFlush(superSegment);
        long lost = channel.handler.outbound().get(LOST);
        assertTrue(lost > 0 && lost < 20, () -> lost + " of 20");
        assertEquals(20 - lost, channel.sent().size());
        assertTrue(sent.isSuccess());
    }

    @Test
    void conditionsMayChange() {
        open(LATE, NONE);
        channel.send(1);
        channel.handler.outbound().impair(NONE.loss(1));
        channel.send(2);
        channel.handler.outbound().impair(NONE);
        channel.send(3);
        assertEquals(List.of(3), channel.sent(), "a faster path overtakes");
        channel.pass(10);
        assertEquals(List.of(1), channel.sent());
        assertEquals(1, channel.handler.outbound().get(REORDERED));
        assertSame(NONE, channel.handler.outbound().impairment());
    }

    @Test
    void noMorePacketsAreHeldThanAllowed() {
        open(LATE.holding(3, 1 << 20), NONE);
        channel.send(1, 2, 3, 4, 5);
        assertEquals(2, channel.handler.outbound().get(HELD_OVERFLOWS));
        channel.pass(10);
        channel.send(6);
        channel.pass(10);
        assertEquals(List.of(1, 2, 3, 6), channel.sent());
    }

    @Test
    void noMoreBytesAreHeldThanAllowed() {
        open(NONE, LATE.holding(1_000, 2_500));
        for (int i = 0; i < 4; i++) {
            channel.writeInbound(segment(i, 960));
        }
        assertEquals(2, channel.handler.inbound().get(HELD_OVERFLOWS));
        channel.pass(10);
        assertEquals(List.of(0, 1), channel.received());
        channel.writeInbound(segment(4, 960));
        channel.pass(10);
        assertEquals(List.of(4), channel.received(), "what has left makes room");
    }

    // ---- chance

    @Test
    void oneSeedOneFate() {
        Impairment bad = NONE.loss(0.1).duplication(0.1).delay(Duration.ofMillis(3)).jitter(Duration.ofMillis(3))
            .reordering(0.1, Duration.ofMillis(5));
        List<String> first = run(bad, SEED);
        assertEquals(first, run(bad, SEED));
        assertNotEquals(first, run(bad, SEED + 1));
    }

    private List<String> run(Impairment bad, long seed) {
        channel = new ImpairedChannel(bad, bad, seed);
        List<String> trace = new ArrayList<>();
        for (int millis = 0; millis < 100; millis++) {
            channel.send(millis);
            channel.receive(millis);
            trace.add(millis + " > " + channel.sent() + " < " + channel.received());
            channel.pass(1);
        }
        channel.finishAndReleaseAll();
        return trace;
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private void open(Impairment outbound, Impairment inbound) {
        channel = new ImpairedChannel(outbound, inbound, SEED);
    }

    private static int[] numbers(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static List<Integer> boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
