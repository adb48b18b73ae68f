package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two ends of one connection that disagree about every number, which an attacker on the path can bring about (Joncheray, "A Simple
 * Active Attack Against TCP", 1995): each answers what it can't accept with an ACK that the other can't accept. The link loses
 * nothing, so nothing else ends it.
 */
class DesynchronizedPeersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int SECONDS = 60;
    private static final int SEGMENTS_PER_SECOND = 4;

    private record Arrival(long nanos, TcpSegment segment) {
    }

    private static final class End {
        final TcpConnection tcp;
        final Queue<Arrival> inbox = new ArrayDeque<>();

        /** Established with somebody whose numbers begin at {@code peerIss}. */
        End(TcpTuple tuple, int iss, int peerIss, TcpConfig config) {
            tcp = TcpConnection.create(tuple, config, InitialNumbers.fixed(iss, iss), 1460);
            tcp.connect(0);
            tcp.pollSegment(0, 65_535).release();
            TcpSegment synAck = new TcpSegment().flags(TcpFlags.SYN).seq(peerIss).ack(iss + 1).window(65_535).mss(1460)
                .sackPermitted(true).windowScale(7);
            if (config.timestamps()) {
                synAck.timestamps(peerIss, iss);
            }
            tcp.onSegment(synAck, 0);
            tcp.pollSegment(0, 65_535).release();
        }

        void write(int bytes, long nowNanos) {
            ByteBuf data = Unpooled.wrappedBuffer(new byte[bytes]);
            tcp.write(data, nowNanos);
            data.release();
        }

        long nextNanos() {
            return Math.min(tcp.deadlineNanos(), inbox.isEmpty() ? Long.MAX_VALUE : inbox.peek().nanos);
        }

        void release() {
            tcp.release();
            inbox.forEach(arrival -> arrival.segment.release());
        }
    }

    private final int[] bare = new int[SECONDS];
    private final int[] data = new int[SECONDS];
    private long delayNanos = 1_000_000;
    private End left;
    private End right;

    private void desynchronize(boolean timestamps) {
        TcpConfig config = TcpConfig.builder().timestamps(timestamps).build();
        left = new End(Setup.TUPLE, 1_000_000_000, 1_500_000_000, config);
        TcpTuple mirrored = new TcpTuple(Setup.TUPLE.remoteAddress(), 80, Setup.TUPLE.localAddress(), 40_000);
        right = new End(mirrored, -500_000_000, -1_000_000_000, config);
    }

    private void run() {
        long now = 0;
        while (now < SECONDS * SECOND) {
            move(left, right, now);
            move(right, left, now);
            now = Math.max(now, Math.min(left.nextNanos(), right.nextNanos()));
        }
    }

    @AfterEach void release() {
        left.release();
        right.release();
    }

    private void move(End end, End other, long nowNanos) {
        if (end.tcp.deadlineNanos() <= nowNanos) {
            end.tcp.onTimeout(nowNanos);
        }
        while (!end.inbox.isEmpty() && end.inbox.peek().nanos <= nowNanos) {
            end.tcp.onSegment(end.inbox.poll().segment, nowNanos);
        }
        for (TcpSegment segment = end.tcp.pollSegment(nowNanos, 1460); segment != null; segment = end.tcp.pollSegment(nowNanos, 1460)) {
            (segment.payloadLength() > 0 ? data : bare)[(int) (nowNanos / SECOND)]++;
            other.inbox.add(new Arrival(nowNanos + delayNanos, segment));
        }
        end.tcp.checkInvariants();
    }

    @ParameterizedTest(name = "delay {0} us, timestamps {1}") @Tag("RFC5961-7")
    @CsvSource({"1, false", "1, true", "1000, false", "1000, true", "40000, false", "40000, true"})
    void exchangeAtMostFourAcksASecond(long delayMicros, boolean timestamps) {
        delayNanos = delayMicros * 1_000;
        desynchronize(timestamps);
        left.inbox.add(new Arrival(0, new TcpSegment().flags(TcpFlags.ACK).seq(7).ack(7).window(1000)));
        run();
        for (int second = 0; second < SECONDS; second++) {
            assertTrue(bare[second] + data[second] <= SEGMENTS_PER_SECOND, "ACKs in second " + second + ": " + bare[second]);
        }
        assertTrue(bare[0] > 1, "they answered each other at all");
    }

    /** Text is answered each time, or a peer whose ACKs were lost would wait; it comes ever more rarely. */
    @ParameterizedTest(name = "delay {0} us, timestamps {1}") @Tag("RFC5961-7")
    @CsvSource({"1, false", "1000, true", "40000, false"})
    void dataAddsOneAnswerASegmentAndBacksOff(long delayMicros, boolean timestamps) {
        delayNanos = delayMicros * 1_000;
        desynchronize(timestamps);
        left.write(100_000, 0);
        right.write(100_000, 0);
        run();
        for (int second = 0; second < SECONDS; second++) {
            int answered = data[second] + (second > 0 ? data[second - 1] : 0);
            String counts = "second " + second + ": " + bare[second] + " ACKs, " + data[second] + " with data";
            assertTrue(bare[second] <= SEGMENTS_PER_SECOND + answered, counts);
            assertTrue(second < 5 || data[second] <= SEGMENTS_PER_SECOND, counts);
        }
    }

    @Test @Tag("RFC5961-7") void stayAsTheyAre() {
        desynchronize(false);
        left.write(1_000, 0);
        run();
        for (End end : List.of(left, right)) {
            assertEquals(0, end.tcp.readableBytes());
            assertEquals(TcpState.ESTABLISHED, end.tcp.state());
        }
    }
}
