package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SACK blocks we send (RFC 2018). */
@TraceTest
class SelectiveAckTest {
    private static Script sacking() {
        return Script.established().mss(1000).sack();
    }

    @Test @Tag("RFC2018-2") void synOffersSack() {
        Script t = Script.closed().sack().connect();
        t.expect("S 0:0(0) win 65535 <mss 1460,sackOK>");
    }

    @Test @Tag("RFC2018-2") void synAckOffersSackOnlyIfTheSynDid() {
        Script with = Script.listening().sack().receive("S 0:0(0) <mss 1460,sackOK>");
        with.expect("S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK>");
        Script without = Script.listening().sack().receive("S 0:0(0) <mss 1460>");
        without.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
    }

    @Test @Tag("RFC2018-2") void peerThatDoesNotOfferSackGetsNone() {
        Script t = Script.established().mss(1000).config(c -> c.sack(true));
        t.receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 1");
        assertFalse(t.info().sack());
    }

    @Test @Tag("RFC2018-4") void firstBlockHoldsWhatArrivedLast() {
        Script t = sacking();
        t.receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:2001>");
        t.receive(". 2001:3001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:3001>");
        t.receive(". 5001:6001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 5001:6001 1001:3001>");
        t.receive(". 3001:3501(500) ack 1").expect(". 1:1(0) ack 1 <sack 1001:3501 5001:6001>");
        assertTrue(t.info().sack());
    }

    @Test @Tag("RFC2018-5") void everySecondSegmentLost() {
        Script t = sacking();
        t.receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:2001>");
        t.receive(". 3001:4001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 3001:4001 1001:2001>");
        t.receive(". 5001:6001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 5001:6001 3001:4001 1001:2001>");
        t.receive(". 7001:8001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 7001:8001 5001:6001 3001:4001 1001:2001>");
        t.receive(". 9001:10001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 9001:10001 7001:8001 5001:6001 3001:4001>");
    }

    @Test @Tag("RFC2018-5") void retransmissionBetweenTwoBlocksMakesThemOne() {
        Script t = sacking();
        t.receive(". 1001:2001(1000) ack 1").receive(". 3001:4001(1000) ack 1").receive(". 5001:6001(1000) ack 1").takeSent();
        t.receive(". 2001:3001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:4001 5001:6001>");
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 4001 <sack 5001:6001>");
        t.receive(". 4001:5001(1000) ack 1").expect(". 1:1(0) ack 6001").read(6000);
    }

    @Test @Tag("RFC2018-4") void blockOfTheRetransmissionThatDoesNotMoveTheAckComesFirst() {
        Script t = sacking();
        t.receive(". 2001:3001(1000) ack 1").receive(". 5001:6001(1000) ack 1").takeSent();
        t.receive(". 3001:4001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 2001:4001 5001:6001>");
    }

    @Test @Tag("RFC2018-3") void threeBlocksFitBesideTimestamps() {
        Script t = sacking().timestamps();
        for (int i = 1; i <= 4; i++) {
            int seq = 1 + 2000 * i;
            t.receive(". " + seq + ":" + (seq + 1000) + "(1000) ack 1 <TS val 0 ecr 0>");
        }
        t.expect(". 1:1(0) ack 1 <TS val 0 ecr 0,sack 2001:3001>", ". 1:1(0) ack 1 <TS val 0 ecr 0,sack 4001:5001 2001:3001>",
            ". 1:1(0) ack 1 <TS val 0 ecr 0,sack 6001:7001 4001:5001 2001:3001>",
            ". 1:1(0) ack 1 <TS val 0 ecr 0,sack 8001:9001 6001:7001 4001:5001>");
    }

    @Test @Tag("RFC2018-3") void segmentWithDataReportsToo() {
        Script t = sacking();
        t.receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:2001>");
        t.send(100).expect("P. 1:101(100) ack 1 <sack 1001:2001>").at(5).receive(". 2001:2001(0) ack 101");
    }

    @Test @Tag("RFC2018-3") void ackWithTheBlocksFollowsFullSegmentsThatHaveNoRoomForThem() {
        Script t = sacking().cwnd(100_000);
        t.batch(() -> t.receive(". 1001:2001(1000) ack 1").send(2000));
        t.expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1", ". 2001:2001(0) ack 1 <sack 1001:2001>").expectSilence();
        t.at(5).receive(". 2001:2001(0) ack 2001");
    }

    @Test @Tag("RFC2018-4") void allBlocksOfABatchAreReportedNewestFirst() {
        Script t = sacking();
        t.batch(() -> t.receive(". 3001:4001(1000) ack 1").receive(". 7001:8001(1000) ack 1").receive(". 5001:6001(1000) ack 1"));
        t.expect(". 1:1(0) ack 1 <sack 5001:6001 7001:8001 3001:4001>").expectSilence();
    }

    @Test @Tag("RFC2018-8") void dataReportedIsKept() {
        Script t = sacking().config(c -> c.receiveBufferBytes(64_000));
        for (int seq = 501; seq < 63_501; seq += 500) {
            t.receive(". " + seq + ":" + (seq + 500) + "(500) ack 1");
        }
        t.takeSent();
        assertTrue(t.connection().memoryBytes() <= 64_000 * 5 / 4, () -> "memory: " + t.connection().memoryBytes());
        t.receive(". 1:501(500) ack 1").expect(". 1:1(0) ack 63501").read(63_500).takeSent();
    }

    @Test @Tag("RFC2018-8") void whatMemoryPressureDropsIsReportedNoLonger() {
        Script t = sacking();
        t.receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:2001>");
        t.connection().memoryPressure(true);
        t.receive(". 3001:4001(1000) ack 1").expect(". 1:1(0) ack 1");
        t.connection().memoryPressure(false);
        t.receive(". 5001:6001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 5001:6001>");
    }

    @ParameterizedTest(name = "seed {0}") @Tag("RFC2018-4")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyBlockIsAWholeRangeOfWhatWasReceived(long seed) {
        Random random = new Random(seed);
        Script t = sacking();
        BitSet received = new BitSet();
        while (received.nextClearBit(1) < 20_000) {
            int from = Math.max(1, received.nextClearBit(1) + random.nextInt(8000) - 2000);
            int to = from + 1 + random.nextInt(1500);
            boolean duplicate = received.nextSetBit(from) >= 0 && received.nextSetBit(from) < to;
            received.set(from, to);
            t.receive(". " + from + ":" + to + "(" + (to - from) + ") ack 1");
            TcpSegment ack = t.takeSent().get(0).segment();
            assertEquals(received.nextClearBit(1), ack.ack());
            int first = duplicate ? 1 : 0;
            for (int i = first; i < ack.sackBlockCount(); i++) {
                assertTrue(ack.sackLeft(i) > ack.ack() && !received.get(ack.sackLeft(i) - 1), () -> "left edge in " + ack);
                assertEquals(received.nextClearBit(ack.sackLeft(i)), ack.sackRight(i), () -> "right edge in " + ack);
            }
            if (from > ack.ack()) {
                assertTrue(ack.sackLeft(first) <= from && to <= ack.sackRight(first), () -> from + ":" + to + " in " + ack);
            }
            if (duplicate) {
                assertTrue(from <= ack.sackLeft(0) && ack.sackRight(0) <= to, () -> "duplicate of " + from + ":" + to + " in " + ack);
            }
        }
        while (t.connection().readableBytes() > 0) {
            t.read(t.connection().readableBytes());
        }
        t.takeSent();
    }

    @Test @Tag("RFC5961-3.2") void resetBehindWhatWasReportedIsBelieved() {
        Script t = sacking();
        t.receive(". 1001:2001(1000) ack 1").receive(". 4001:5001(1000) ack 1").takeSent();
        t.receive("R 2001:2001(0)").expect(". 1:1(0) ack 1 <sack 4001:5001 1001:2001>").expectState(TcpState.ESTABLISHED);
        t.receive("R 5001:5001(0)").expectClosed(CloseCause.RESET);
    }

    @Test @Tag("RFC2018-4") void finBehindAGapIsReportedByItsDataOnly() {
        Script t = sacking();
        t.receive("F. 1001:2001(1000) ack 1").expect(". 1:1(0) ack 1 <sack 1001:2001>");
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 2002").expectState(TcpState.CLOSE_WAIT).read(2000);
        assertEquals(0, t.connection().memoryBytes());
    }
}
