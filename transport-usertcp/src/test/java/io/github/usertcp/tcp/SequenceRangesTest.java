package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceRangesTest {
    private static final int SPACE = 400;
    private static final long BASE = 0xFFFF_FF00L;

    @Test void rangesThatTouchBecomeOne() {
        SequenceRanges ranges = new SequenceRanges(10);
        ranges.add(10, 20);
        ranges.add(30, 40);
        ranges.add(20, 30);
        assertEquals(1, ranges.size());
        assertEquals(10, ranges.start(0));
        assertEquals(40, ranges.end(0));
        assertEquals(30, ranges.bytes());
    }

    @Test void removingFromTheMiddleSplits() {
        SequenceRanges ranges = new SequenceRanges(10);
        ranges.add(0, 100);
        assertEquals(20, ranges.remove(40, 60));
        assertEquals(2, ranges.size());
        assertEquals(80, ranges.bytes());
        assertFalse(ranges.contains(40));
        assertTrue(ranges.contains(60));
    }

    @Test void fullSetTakesOnlyWhatTouches() {
        SequenceRanges ranges = new SequenceRanges(2);
        ranges.add(0, 10);
        ranges.add(20, 30);
        assertFalse(ranges.hasRoomFor(40, 50));
        assertTrue(ranges.hasRoomFor(30, 50));
        assertTrue(ranges.hasRoomFor(10, 20));
        assertTrue(ranges.hasRoomFor(15, 20));
    }

    @Test void agreesWithASetOfBits() {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            SequenceRanges ranges = new SequenceRanges(SPACE);
            BitSet bits = new BitSet();
            for (int step = 0; step < 100; step++) {
                int from = random.nextInt(SPACE);
                int to = Math.min(SPACE, from + 1 + random.nextInt(40));
                if (random.nextInt(3) > 0) {
                    ranges.add(BASE + from, BASE + to);
                    bits.set(from, to);
                } else {
                    assertEquals(bits.get(from, to).cardinality(), ranges.remove(BASE + from, BASE + to), () -> "seed " + seed);
                    bits.clear(from, to);
                }
                ranges.checkInvariants(BASE, BASE + SPACE);
                compare(ranges, bits, random.nextInt(SPACE), "seed " + seed);
            }
        }
    }

    private static void compare(SequenceRanges ranges, BitSet bits, int at, String seed) {
        assertEquals(bits.cardinality(), ranges.bytes(), seed);
        assertEquals(bits.get(at), ranges.contains(BASE + at), seed);
        int hole = bits.nextClearBit(at);
        assertEquals(BASE + hole, ranges.skip(BASE + at), seed);
        int next = bits.nextSetBit(hole);
        assertEquals(BASE + (next < 0 ? SPACE : next), ranges.nextStart(BASE + hole, BASE + SPACE), seed);
        assertEquals(bits.get(at, SPACE).cardinality(), ranges.bytesIn(BASE + at, BASE + SPACE), seed);
    }
}
