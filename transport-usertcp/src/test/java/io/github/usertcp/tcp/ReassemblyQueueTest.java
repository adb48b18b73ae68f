package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue by itself: the same bytes as a model that keeps the first write of each, and bounds that hold whatever arrives. */
class ReassemblyQueueTest {
    private static final int SPACE = 4_000;
    private static final long PLENTY = 1 << 24;

    private final ReassemblyQueue queue = new ReassemblyQueue();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void randomOverlapsGiveTheFirstWriteOfEachByte(long seed) {
        Random random = new Random(seed);
        Byte[] model = new Byte[SPACE];
        int longest = 1 + random.nextInt(400);
        int nxt = 0;
        for (int round = 0; round < 600; round++) {
            int from = nxt + 1 + random.nextInt(Math.max(1, SPACE - nxt - 1));
            int length = Math.min(SPACE - from, 1 + random.nextInt(longest));
            if (length > 0) {
                byte fill = (byte) round;
                for (int i = from; i < from + length; i++) {
                    model[i] = model[i] == null ? fill : model[i];
                }
                queue.add(from, filled(length, fill, random.nextBoolean()), PLENTY);
                queue.checkInvariants(nxt);
                assertEquals(rangesOf(model, nxt), queue.ranges());
            }
            if (random.nextInt(40) == 0) {
                nxt = deliver(model, nxt, random.nextInt(longest));
            }
        }
        deliver(model, nxt, SPACE - nxt);
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.heldBytes());
    }

    /** The stream moves on by some bytes, and by what had arrived behind them. */
    private int deliver(Byte[] model, int nxt, int bytes) {
        int at = Math.min(SPACE, nxt + bytes);
        for (ByteBuf piece = queue.pollAt(at); piece != null; piece = queue.pollAt(at)) {
            while (piece.isReadable()) {
                assertEquals(model[at], piece.readByte(), "byte " + at);
                at++;
            }
            piece.release();
        }
        assertTrue(at == SPACE || model[at] == null || bytes == 0, "byte " + at + " had arrived");
        queue.checkInvariants(at);
        return at;
    }

    private static int rangesOf(Byte[] model, int nxt) {
        int count = 0;
        for (int i = nxt + 1; i < SPACE; i++) {
            count += model[i] != null && (model[i - 1] == null || i - 1 <= nxt) ? 1 : 0;
        }
        return count;
    }

    /** A buffer with only these bytes, or the view of some in the middle of a larger one. */
    private static ByteBuf filled(int length, byte fill, boolean view) {
        ByteBuf buffer = Unpooled.buffer(view ? 3 * length : length, view ? 3 * length : length);
        buffer.setZero(0, buffer.capacity()).writerIndex(buffer.capacity());
        ByteBuf part = view ? buffer.slice(length, length) : buffer;
        for (int i = 0; i < length; i++) {
            part.setByte(i, fill);
        }
        return part;
    }

    @Test @Tag("CVE-2018-5390") void aMillionSingleBytesHoldNoMoreThanGranted() {
        int buffer = 1 << 20;
        long budget = buffer + buffer / 4;
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        Random random = new Random(5390);
        for (int i = 0; i < 1_000_000; i++) {
            long sequence = 3 + 2L * random.nextInt(1 << 20);
            queue.add(sequence, allocator.buffer(2048).writeByte(i), budget);
            assertTrue(queue.heldBytes() <= budget);
        }
        queue.checkInvariants(1);
        assertTrue(queue.ranges() <= ReassemblyQueue.MAX_RANGES);
        assertTrue(allocator.metric().usedHeapMemory() <= budget, () -> "heap: " + allocator.metric().usedHeapMemory());
        queue.release();
        assertEquals(0, allocator.metric().usedHeapMemory());
    }

    @ParameterizedTest @Tag("CVE-2018-5390")
    @ValueSource(ints = {1, -1})
    void singleBytesInARowHoldNoMoreThanGranted(int direction) {
        int buffer = 1 << 18;
        long budget = buffer + buffer / 4;
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        for (int i = 0; i < 1 << 18; i++) {
            queue.add(1_000_000L + (long) direction * i, allocator.buffer(2048).writeByte(i), budget);
        }
        queue.checkInvariants(1);
        assertEquals(1, queue.ranges());
        assertTrue(allocator.metric().usedHeapMemory() <= budget, () -> "heap: " + allocator.metric().usedHeapMemory());
        if (direction > 0) {
            assertEquals(1 << 18, queue.rangeEnd(0) - queue.rangeStart(0), "neighbours share a buffer");
        }
        queue.release();
        assertEquals(0, allocator.metric().usedHeapMemory());
    }

    @Test void fullWindowOfFullSegmentsBehindAGapIsHeldWhole() {
        int buffer = 1 << 20;
        for (int from = 1460; from + 1460 <= buffer; from += 1460) {
            queue.add(from, Unpooled.buffer(2048).writeZero(1460), buffer + buffer / 4);
        }
        assertEquals(1, queue.ranges());
        assertEquals(1460, queue.rangeStart(0));
        assertEquals(buffer / 1460 * 1460, queue.rangeEnd(0));
        queue.release();
    }

    @Test void whatIsFarthestIsDroppedFirst() {
        for (int from = 100; from < 1000; from += 200) {
            queue.add(from, Unpooled.buffer(100, 100).writeZero(100), 700);
        }
        queue.checkInvariants(1);
        assertEquals(100, queue.rangeStart(0));
        assertEquals(600, queue.rangeEnd(queue.ranges() - 1));
        queue.add(50, Unpooled.buffer(50, 50).writeZero(50), 700);
        queue.checkInvariants(1);
        assertEquals(50, queue.rangeStart(0));
        assertEquals(400, queue.rangeEnd(queue.ranges() - 1));
        queue.release();
    }

    @Test void oneRangeTooManyIsRefusedAndTheOthersStay() {
        for (int i = 0; i < ReassemblyQueue.MAX_RANGES + 10; i++) {
            queue.add(10L + 10 * i, Unpooled.buffer(1, 1).writeZero(1), PLENTY);
        }
        assertEquals(ReassemblyQueue.MAX_RANGES, queue.ranges());
        queue.add(5, Unpooled.buffer(1, 1).writeZero(1), PLENTY);
        assertEquals(10, queue.rangeStart(0));
        queue.add(6, Unpooled.buffer(9, 9).writeZero(9), PLENTY);
        assertEquals(6, queue.rangeStart(0), "what touches a range needs none of its own");
        queue.add(6, Unpooled.buffer(10_000, 10_000).writeZero(10_000), PLENTY);
        queue.checkInvariants(1);
        assertTrue(queue.ranges() < 30, () -> "ranges: " + queue.ranges());
        queue.release();
    }
}
