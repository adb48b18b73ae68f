package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceRangesTest {
    private static final long BASE = 0xFFFF_FF00L;

    @Test void rangesThatTouchBecomeOne() {
        SequenceRanges ranges = new SequenceRanges(10);
        ranges.add(10, 20);
        ranges.add(30, 40);
        ranges.add(20, 30);
        assertEquals(1, ranges.size());
        assertEquals(10, ranges.firstStart());
        assertEquals(40, ranges.firstEnd());
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

    @Test void tailIsTheShortestThatHasEnough() {
        SequenceRanges ranges = new SequenceRanges(200);
        for (int i = 0; i < 200; i++) {
            ranges.add(10 * i, 10 * i + 4);
        }
        assertEquals(1990, ranges.startOfTail(1, 100));
        assertEquals(1970, ranges.startOfTail(3, 100));
        assertEquals(1980, ranges.startOfTail(100, 7));
        assertEquals(0, ranges.startOfTail(200, 10_000), "the whole set");
        assertEquals(SequenceRanges.NONE, ranges.startOfTail(201, 800));
    }

    @Test void onlyAnotherPlaceIsSearchedFor() {
        SequenceRanges ranges = new SequenceRanges(1_000);
        for (int i = 0; i < 1000; i++) {
            ranges.add(10 * i, 10 * i + 4);
        }
        int before = ranges.searches();
        assertFalse(ranges.contains(5005, 5008));
        assertEquals(5005, ranges.skip(5005));
        assertEquals(5010, ranges.nextStart(5005, 10_000));
        assertEquals(0, ranges.bytesIn(5005, 5008));
        assertFalse(ranges.hasRoomFor(5005, 5008));
        ranges.add(5005, 5008);
        assertEquals(1, ranges.searches() - before);
    }

    @ParameterizedTest(name = "of {0} numbers, up to {1} at a time")
    @CsvSource({"400, 40, 300, 100", "4000, 3, 10, 5000", "40000, 100, 5, 4000"})
    void agreesWithASetOfBits(int space, int longest, int runs, int steps) {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < runs; run++) {
            SequenceRanges ranges = new SequenceRanges(space);
            BitSet bits = new BitSet();
            for (int step = 0; step < steps; step++) {
                int from = random.nextInt(space);
                int to = Math.min(space, from + 1 + random.nextInt(random.nextInt(200) == 0 ? space : longest));
                boolean growing = step / 500 % 2 == 0;
                if (random.nextInt(10) < (growing ? 8 : 4)) {
                    ranges.add(BASE + from, BASE + to);
                    bits.set(from, to);
                } else {
                    assertEquals(bits.get(from, to).cardinality(), ranges.remove(BASE + from, BASE + to), () -> "seed " + seed);
                    bits.clear(from, to);
                }
                ranges.checkInvariants(BASE, BASE + space);
                compare(ranges, bits, random.nextInt(space), space, "seed " + seed);
            }
        }
    }

    private static void compare(SequenceRanges ranges, BitSet bits, int at, int space, String seed) {
        assertEquals(bits.cardinality(), ranges.bytes(), seed);
        assertEquals(bits.get(at), ranges.contains(BASE + at), seed);
        int hole = bits.nextClearBit(at);
        assertEquals(BASE + hole, ranges.skip(BASE + at), seed);
        int next = bits.nextSetBit(hole);
        assertEquals(BASE + (next < 0 ? space : next), ranges.nextStart(BASE + hole, BASE + space), seed);
        assertEquals(bits.get(at, space).cardinality(), ranges.bytesIn(BASE + at, BASE + space), seed);
        if (bits.get(at)) {
            int start = bits.previousClearBit(at) + 1;
            assertTrue(ranges.contains(BASE + start, BASE + hole), seed);
            assertFalse(ranges.contains(BASE + start, BASE + hole + 1), seed);
            assertFalse(ranges.contains(BASE + start - 1, BASE + hole), seed);
        }
        if (!bits.isEmpty()) {
            assertEquals(BASE + bits.nextSetBit(0), ranges.firstStart(), seed);
            assertEquals(BASE + bits.nextClearBit(bits.nextSetBit(0)), ranges.firstEnd(), seed);
            assertEquals(BASE + bits.previousClearBit(bits.length() - 1) + 1, ranges.startOfTail(1, space), seed);
        }
    }
}
