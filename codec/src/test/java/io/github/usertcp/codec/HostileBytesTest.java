package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random and mutated bytes: no exception, no endless loop, no read outside of the range, no leak. */
class HostileBytesTest {
    private static final int ROUNDS = 1_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void noBytesUpsetTheTcpHeaderReader() {
        SplittableRandom random = RandomSegments.seeded("noBytesUpsetTheTcpHeaderReader");
        EnumSet<DropReason> seen = EnumSet.noneOf(DropReason.class);
        assertTimeoutPreemptively(LIMIT, () -> {
            ByteBuf bytes = Unpooled.buffer(80, 80);
            TcpSegment segment = new TcpSegment();
            int sound = 0;
            for (int i = 0; i < ROUNDS; i++) {
                // The segment ends where the buffer does, so that a read beyond it throws.
                int length = 1 + random.nextInt(80);
                ByteBuf tail = bytes.slice(80 - length, length);
                fillWithAlmostAHeader(random, tail);
                DropReason reason = TcpHeaderReader.readHeader(tail, 0, length, segment);
                if (reason == null) {
                    sound++;
                    checkWritesWhatItRead(segment);
                } else {
                    seen.add(reason);
                }
            }
            assertTrue(sound > ROUNDS / 100, "only " + sound + " headers were sound");
        });
        assertEquals(EnumSet.of(DropReason.TRUNCATED_HEADER, DropReason.DATA_OFFSET_TOO_SMALL, DropReason.DATA_OFFSET_BEYOND_SEGMENT,
            DropReason.BAD_OPTION_LENGTH, DropReason.PORT_ZERO, DropReason.IMPOSSIBLE_FLAGS), seen);
    }

    private static void fillWithAlmostAHeader(SplittableRandom random, ByteBuf tail) {
        int length = tail.capacity();
        int style = random.nextInt(3);
        for (int i = 0; i < length; i++) {
            tail.setByte(i, style == 0 ? random.nextInt() : random.nextInt(12)); // small numbers are option kinds and lengths
        }
        if (style != 0 && length >= 20) {
            tail.setByte(12, 4 + random.nextInt(12) << 4).setByte(13, random.nextInt(32)).setByte(random.nextInt(length), random.nextInt());
        }
    }

    private final ByteBuf rewritten = Unpooled.buffer(60, 60);

    /** What was read can be written, unless there was more than Linux's layout has room for, and says the same. */
    private void checkWritesWhatItRead(TcpSegment segment) {
        int length = TcpHeaderWriter.write(segment, rewritten, 0);
        TcpSegment again = new TcpSegment();
        assertEquals(null, TcpHeaderReader.readHeader(rewritten, 0, length, again));
        assertEquals(segment.seq(), again.seq());
        assertEquals(segment.flags(), again.flags());
        assertEquals(segment.mss(), again.mss());
        assertEquals(segment.windowScale(), again.windowScale());
        assertEquals(segment.hasTimestamps(), again.hasTimestamps());
    }

    @Test
    void noBytesUpsetTheIpHeaderReaders() {
        SplittableRandom random = RandomSegments.seeded("noBytesUpsetTheIpHeaderReaders");
        EnumSet<DropReason> seen = EnumSet.noneOf(DropReason.class);
        byte[] chain = {0, 43, 44, 51, 60, (byte) 135, 6, 17};
        assertTimeoutPreemptively(LIMIT, () -> {
            ByteBuf bytes = Unpooled.buffer(160, 160);
            IpHeader header = new IpHeader();
            int sound = 0;
            for (int i = 0; i < ROUNDS; i++) {
                int length = random.nextInt(160);
                ByteBuf tail = bytes.slice(160 - length, length);
                fillWithAlmostAPacket(random, tail, chain);
                DropReason reason = IpHeader.read(tail, 0, length, header);
                if (reason == null) {
                    sound++;
                    assertTrue(header.headerLength() + header.payloadLength() <= length, header::toString);
                    assertTrue(header.headerLength() >= 20 && header.payloadLength() >= 0, header::toString);
                } else {
                    seen.add(reason);
                    assertTrue(header.problemOffset() < length, header::toString);
                }
            }
            assertTrue(sound > ROUNDS / 100, "only " + sound + " headers were sound");
        });
        assertEquals(EnumSet.of(DropReason.BAD_IP_HEADER, DropReason.BAD_IP_CHECKSUM, DropReason.SOURCE_ROUTE, DropReason.UNKNOWN_OPTION),
            seen);
    }

    private static void fillWithAlmostAPacket(SplittableRandom random, ByteBuf tail, byte[] chain) {
        int length = tail.capacity();
        for (int i = 0; i < length; i++) {
            tail.setByte(i, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3) == 0 ? chain[random.nextInt(chain.length)] : 0);
        }
        if (length >= 20 && random.nextBoolean()) {
            tail.setByte(0, 0x45 + random.nextInt(2)).setShort(2, random.nextInt(length + 2));
            if (random.nextInt(8) != 0) {
                int headerLength = Math.min(length, (tail.getByte(0) & 0xF) * 4);
                tail.setShort(10, 0).setShort(10, InternetChecksum.of(tail, 0, headerLength));
            }
        } else if (length >= 40) {
            tail.setByte(0, 0x60).setShort(4, random.nextInt(length - 38)).setByte(6, chain[random.nextInt(chain.length)]);
        }
    }

    @Test
    void noDatagramUpsetsTheCoalescerOrLeaks() {
        SplittableRandom random = RandomSegments.seeded("noDatagramUpsetsTheCoalescerOrLeaks");
        IpAddress source = IpAddress.parse("192.0.2.1");
        IpAddress destination = IpAddress.parse("192.0.2.2");
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
        int[] told = new int[2];
        SegmentCoalescer coalescer = new SegmentCoalescer(new SegmentSink() {
            @Override
            public void onSegment(TcpSegment segment) {
                told[0]++;
                segment.release();
            }

            @Override
            public void onDropped(DropReason reason) {
                told[1]++;
            }
        }, true, false);
        assertTimeoutPreemptively(LIMIT, () -> {
            for (int i = 0; i < ROUNDS / 10; i++) {
                ByteBuf root = allocator.heapBuffer(1000, 1000);
                TcpSegment train = new TcpSegment().source(source, 1).destination(destination, 2).seq(random.nextInt()).ack(1)
                    .payload(Unpooled.wrappedBuffer(new byte[500])).segmentSize(40 + random.nextInt(100));
                SegmentSplitter.writeTrain(train, root, false);
                for (int flips = random.nextInt(6); flips > 0; flips--) {
                    root.setByte(random.nextInt(root.writerIndex()), random.nextInt());
                }
                while (root.isReadable()) {
                    ByteBuf datagram = root.readRetainedSlice(Math.min(root.readableBytes(), SegmentSplitter.pieceLength(train)));
                    coalescer.offer(datagram, source, 3, destination, 4);
                }
                coalescer.flush();
                root.release();
                assertEquals(0, root.refCnt());
            }
        });
        assertTrue(told[0] > 0 && told[1] > 0);
    }
}
