package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpSegmentTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"S 0:0(0)|1", "F. 5:5(0) ack 1|1", ". 5:15(10) ack 1|10", "FP. 5:15(10) ack 1|11", "S 0:4(4)|5", ". 5:5(0) ack 1|0"})
    void synAndFinTakeASequenceNumberEach(String text, int length) {
        assertEquals(length, TcpSegment.parse(text).sequenceLength());
    }

    @Test
    void aCopiedHeaderIsIndependent() {
        TcpSegment original = TcpSegment.parse(". 1:11(10) ack 1 win 9 <TS val 1 ecr 2,sack 1:2>").segmentSize(5);
        TcpSegment copy = new TcpSegment().copyHeader(original);
        assertEquals(". 1:1(0) ack 1 win 9 <TS val 1 ecr 2,sack 1:2>", copy.toString());
        assertEquals(0, copy.segmentSize());
        original.clearSackBlocks().addSackBlock(7, 8).clearTimestamps();
        assertEquals(". 1:1(0) ack 1 win 9 <TS val 1 ecr 2,sack 1:2>", copy.toString());
    }

    @Test
    void optionsAreTheSameOnlyIfEveryOneIs() {
        SplittableRandom random = RandomSegments.seeded("optionsAreTheSameOnlyIfEveryOneIs");
        RandomSegments segments = new RandomSegments(random);
        for (int i = 0; i < 5_000; i++) {
            TcpSegment one = segments.any(0);
            TcpSegment other = random.nextBoolean() ? segments.any(0) : new TcpSegment().copyHeader(one);
            boolean same = options(one).equals(options(other));
            assertEquals(same, one.sameOptions(other));
            assertEquals(same, other.sameOptions(one));
        }
    }

    private static String options(TcpSegment segment) {
        String text = segment.toString();
        return text.contains("<") ? text.substring(text.indexOf('<')) : "";
    }

    @Test
    void fieldsKeepTheBitsThatTheWireHas() {
        TcpSegment segment = new TcpSegment().window(0x12345).urgentPointer(-1).flags(-1);
        assertEquals(0x2345, segment.window());
        assertEquals(0xFFFF, segment.urgentPointer());
        assertEquals(TcpFlags.ALL, segment.flags());
    }

    @Test
    void theFifthSackBlockIsTheCallersMistake() {
        TcpSegment segment = TcpSegment.parse(". 1:1(0) ack 1 <sack 1:2 3:4 5:6 7:8>");
        assertThrows(IllegalStateException.class, () -> segment.addSackBlock(9, 10));
        assertThrows(IndexOutOfBoundsException.class, () -> segment.sackLeft(4));
        assertThrows(IndexOutOfBoundsException.class, () -> segment.sackRight(-1));
    }

    @Test
    void payloadGoesWithTheSegmentUntilItIsTaken() {
        ByteBuf payload = Unpooled.directBuffer().writeInt(1);
        TcpSegment segment = new TcpSegment().payload(payload);
        segment.retain().touch().retain(2);
        assertEquals(4, segment.refCnt());
        assertFalse(segment.release(3));
        assertSame(payload, segment.takePayload());
        assertEquals(0, segment.payloadLength());
        assertFalse(segment.release());
        assertEquals(1, payload.refCnt());
        assertTrue(payload.release());
    }
}
