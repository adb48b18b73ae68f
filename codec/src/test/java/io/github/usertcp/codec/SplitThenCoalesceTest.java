package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Splitting and coalescing undo each other, whatever the buffers and whoever owns them. */
class SplitThenCoalesceTest {
    private static final IpAddress SOURCE = IpAddress.parse("2001:db8::1");
    private static final IpAddress DESTINATION = IpAddress.parse("2001:db8::2");

    /** Where the bytes of a read lie. In-place joining needs slices that no leak detector wraps, which is what production mostly sees. */
    enum Memory {
        HEAP, DIRECT, POOLED_HEAP, POOLED_DIRECT, ADAPTIVE_HEAP, ADAPTIVE_DIRECT, TRACKED_DIRECT;

        ByteBuf allocate(int bytes) {
            ByteBufAllocator untracked = new UnpooledByteBufAllocator(true, true);
            return switch (this) {
                case HEAP -> untracked.heapBuffer(bytes);
                case DIRECT -> untracked.directBuffer(bytes);
                case POOLED_HEAP -> PooledByteBufAllocator.DEFAULT.heapBuffer(bytes);
                case POOLED_DIRECT -> PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
                case ADAPTIVE_HEAP -> ADAPTIVE.heapBuffer(bytes);
                case ADAPTIVE_DIRECT -> ADAPTIVE.directBuffer(bytes);
                case TRACKED_DIRECT -> UnpooledByteBufAllocator.DEFAULT.directBuffer(bytes);
            };
        }

        private static final AdaptiveByteBufAllocator ADAPTIVE = new AdaptiveByteBufAllocator();
    }

    private final Collected out = new Collected();
    private ResourceLeakDetector.Level level;

    @BeforeEach
    void rememberLeakDetection() {
        level = ResourceLeakDetector.getLevel();
    }

    @AfterEach
    void restoreLeakDetection() {
        ResourceLeakDetector.setLevel(level);
    }

    private static void detectLeaksOf(Memory memory) {
        ResourceLeakDetector.setLevel(memory == Memory.TRACKED_DIRECT ? ResourceLeakDetector.Level.PARANOID : ResourceLeakDetector.Level.DISABLED);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void splitThenCoalesceIsTheIdentity(Memory memory) {
        detectLeaksOf(memory);
        SplittableRandom random = RandomSegments.seeded("splitThenCoalesceIsTheIdentity " + memory);
        for (int i = 0; i < rounds(memory); i++) {
            SegmentCoalescer coalescer = new SegmentCoalescer(out, random.nextBoolean(), random.nextBoolean());
            TcpSegment superSegment = superSegment(random, random.nextInt());
            String expected = Collected.everything(superSegment);
            int pieces = SegmentSplitter.pieceCount(superSegment);
            ByteBuf root = read(superSegment, memory);
            offerDatagrams(coalescer, root, SegmentSplitter.pieceLength(superSegment));
            coalescer.flush();
            assertEquals(1, out.segments.size());
            TcpSegment joined = out.segments.get(0);
            assertEquals(expected, Collected.everything(joined));
            assertEquals(pieces == 1 ? 0 : superSegment.segmentSize(), joined.segmentSize());
            superSegment.release();
            out.release();
            assertEquals(0, root.refCnt());
        }
    }

    /** A batch of trains, ACKs, retransmissions and rubbish of two connections comes out as the same segments in the same order. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void coalesceThenSplitIsTheIdentity(Memory memory) {
        detectLeaksOf(memory);
        SplittableRandom random = RandomSegments.seeded("coalesceThenSplitIsTheIdentity " + memory);
        for (int i = 0; i < rounds(memory); i++) {
            SegmentCoalescer coalescer = new SegmentCoalescer(out, random.nextBoolean(), false);
            List<String> sent = new ArrayList<>();
            List<ByteBuf> roots = new ArrayList<>();
            int seq = random.nextInt();
            for (int trains = random.nextInt(6); trains >= 0; trains--) {
                TcpSegment segment = superSegment(random, seq);
                seq += random.nextInt(4) == 0 ? 0 : segment.payloadLength();
                ByteBuf root = read(segment, memory);
                roots.add(root);
                if (random.nextInt(4) == 0) {
                    root.setByte(12, random.nextInt()); // spoils a data offset and a flag
                }
                record(root, SegmentSplitter.pieceLength(segment), sent);
                offerDatagrams(coalescer, root, SegmentSplitter.pieceLength(segment));
                segment.release();
            }
            coalescer.flush();
            List<String> arrived = new ArrayList<>();
            out.dropped.forEach(reason -> arrived.add(reason.toString()));
            for (TcpSegment segment : out.segments) {
                SegmentSplitter.split(segment, piece -> {
                    arrived.add(Collected.everything(piece));
                    piece.release();
                });
            }
            // A drop is told at once and a segment when its run ends, so drops come first in both lists.
            List<String> expected = new ArrayList<>(sent.stream().filter(SplitThenCoalesceTest::isDrop).toList());
            expected.addAll(sent.stream().filter(line -> !isDrop(line)).toList());
            assertEquals(expected, arrived);
            roots.forEach(root -> assertEquals(0, root.refCnt()));
            out.segments.clear();
            out.dropped.clear();
        }
    }

    /** A tracked buffer notes where each of its bytes is read, which takes its time. */
    private static int rounds(Memory memory) {
        return memory == Memory.TRACKED_DIRECT ? 20 : 300;
    }

    private static boolean isDrop(String line) {
        return line.indexOf(' ') < 0;
    }

    /** The datagrams of a train, one line each. */
    private static void record(ByteBuf train, int pieceLength, List<String> lines) {
        for (int at = 0; at < train.writerIndex(); at += pieceLength) {
            int length = Math.min(pieceLength, train.writerIndex() - at);
            TcpSegment piece = new TcpSegment().source(SOURCE, 0).destination(DESTINATION, 0).udpPorts(7, 8);
            ByteBuf copy = train.copy(at, length);
            DropReason reason = TcpHeaderReader.read(copy, 0, length, piece);
            lines.add(reason == null ? Collected.everything(piece) : reason.toString());
            piece.release();
            copy.release();
        }
    }

    /** As a UDP_GRO read hands it up: each datagram a retained slice of one buffer, which nobody else holds. */
    private static void offerDatagrams(SegmentCoalescer coalescer, ByteBuf root, int pieceLength) {
        while (root.isReadable()) {
            coalescer.offer(root.readRetainedSlice(Math.min(pieceLength, root.readableBytes())), SOURCE, 7, DESTINATION, 8);
        }
        root.release();
    }

    private static ByteBuf read(TcpSegment segment, Memory memory) {
        ByteBuf root = memory.allocate(SegmentSplitter.trainLength(segment));
        SegmentSplitter.writeTrain(segment, root, true);
        return root;
    }

    private static TcpSegment superSegment(SplittableRandom random, int seq) {
        byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 100 : 20_000)];
        random.nextBytes(bytes);
        TcpSegment segment = new TcpSegment().source(SOURCE, 1 + random.nextInt(2)).destination(DESTINATION, 9).udpPorts(7, 8)
            .seq(seq).ack(random.nextInt(2)).window(random.nextInt(2));
        segment.addFlags(random.nextInt(4) == 0 ? TcpFlags.PSH : 0).addFlags(random.nextInt(4) == 0 ? TcpFlags.FIN : 0);
        if (random.nextBoolean()) {
            segment.timestamps(random.nextInt(2), 5);
        }
        // No more than 64 pieces, as on a real link; beyond that a composite buffer would end the run.
        return segment.payload(Unpooled.wrappedBuffer(bytes)).segmentSize(bytes.length / 64 + 1 + random.nextInt(2000));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void exclusiveMemoryIsJoinedInPlace(Memory memory) {
        detectLeaksOf(memory);
        SegmentCoalescer coalescer = new SegmentCoalescer(out, true, false);
        ByteBuf root = read(superSegment(5), memory);
        offerDatagrams(coalescer, root, 20 + 1000);
        coalescer.flush();
        ByteBuf payload = out.segments.get(0).payload();
        assertEquals(4500, payload.readableBytes());
        assertEquals(memory != Memory.TRACKED_DIRECT, payload.nioBufferCount() == 1);
        assertFalse(memory != Memory.TRACKED_DIRECT && payload instanceof CompositeByteBuf);
        out.release();
        assertEquals(0, root.refCnt());
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void sharedMemoryIsNotWritten(Memory memory) {
        detectLeaksOf(memory);
        SegmentCoalescer coalescer = new SegmentCoalescer(out, false, false);
        ByteBuf root = read(superSegment(5), memory).retain();
        ByteBuf before = Unpooled.copiedBuffer(root);
        offerDatagrams(coalescer, root, 20 + 1000);
        coalescer.flush();
        assertEquals(before, root.readerIndex(0));
        out.release();
        root.release();
        assertEquals(0, root.refCnt());
    }

    /** recvmmsg gives every datagram a slot of the buffer, with unused memory behind it. */
    @Test
    void slotsWithGapsAreJoinedInPlace() {
        detectLeaksOf(Memory.DIRECT);
        SegmentCoalescer coalescer = new SegmentCoalescer(out, true, false);
        ByteBuf root = Memory.DIRECT.allocate(3 * 2048);
        for (int i = 0; i < 3; i++) {
            TcpSegment segment = TcpSegment.parse(". 1:1(0) ack 1 win 1").source(SOURCE, 1).destination(DESTINATION, 2).seq(i * 4)
                .payload(Unpooled.copyInt(i));
            SegmentSplitter.writeTrain(segment, root.writerIndex(i * 2048), false);
            coalescer.offer(root.retainedSlice(i * 2048, 24), SOURCE, 7, DESTINATION, 8);
        }
        root.release();
        coalescer.flush();
        TcpSegment joined = out.segments.get(0);
        assertEquals(List.of(". 0:12(12) ack 1 win 1 /4"), out.texts());
        assertEquals(1, joined.payload().nioBufferCount());
        assertEquals(0, joined.payload().getInt(joined.payload().readerIndex()));
        assertEquals(2, joined.payload().getInt(joined.payload().readerIndex() + 8));
        out.release();
        assertEquals(0, root.refCnt());
    }

    @Test
    void datagramsInTheWrongPlacesAreJoinedWithoutMovingMemory() {
        detectLeaksOf(Memory.DIRECT);
        SegmentCoalescer coalescer = new SegmentCoalescer(out, true, false);
        ByteBuf root = read(superSegment(5), Memory.DIRECT);
        ByteBuf later = root.readRetainedSlice(1020);
        ByteBuf earlier = root.readRetainedSlice(1020);
        root.release();
        ByteBuf swap = Unpooled.copiedBuffer(later);
        later.setBytes(0, earlier, 0, 1020);
        earlier.setBytes(0, swap, 0, 1020);
        coalescer.offer(earlier, SOURCE, 7, DESTINATION, 8);
        coalescer.offer(later, SOURCE, 7, DESTINATION, 8);
        coalescer.flush();
        assertEquals(List.of(". 5:2005(2000) ack 1 win 1 /1000"), out.texts());
        assertTrue(out.segments.get(0).payload() instanceof CompositeByteBuf);
        out.release();
        assertEquals(0, root.refCnt());
    }

    @Test
    void rubbishIsReleasedAndNamed() {
        SegmentCoalescer coalescer = new SegmentCoalescer(out, true, true);
        ByteBuf train = read(superSegment(5), Memory.TRACKED_DIRECT);
        ByteBuf wrong = train.copy(0, 1020).setByte(500, 1);
        ByteBuf empty = Unpooled.directBuffer(1);
        ByteBuf land = train.copy(0, 1020);
        train.release();
        coalescer.offer(wrong, SOURCE, 7, DESTINATION, 8);
        coalescer.offer(empty, SOURCE, 7, DESTINATION, 8);
        coalescer.offer(land, IpAddress.ANY_V6, 7, DESTINATION, 8);
        coalescer.flush();
        assertEquals(List.of(DropReason.BAD_CHECKSUM, DropReason.TRUNCATED_HEADER, DropReason.BAD_ADDRESS), out.dropped);
        assertEquals(List.of(), out.segments);
        assertEquals(0, wrong.refCnt() + empty.refCnt() + land.refCnt());
    }

    @Test
    void theLongestDatagramIsOneSegment() {
        SegmentCoalescer coalescer = new SegmentCoalescer(out, true, false);
        TcpSegment longest = superSegment(5).payload(Unpooled.wrappedBuffer(new byte[65_507 - 20])).segmentSize(0);
        ByteBuf datagram = read(longest, Memory.TRACKED_DIRECT);
        assertEquals(65_507, datagram.readableBytes());
        coalescer.offer(datagram, SOURCE, 7, DESTINATION, 8);
        coalescer.flush();
        assertEquals(List.of(". 5:65492(65487) ack 1 win 1"), out.texts());
        out.release();
        assertEquals(0, datagram.refCnt());
    }

    @Test
    void aPureAckKeepsNoDatagramAlive() {
        SegmentCoalescer coalescer = new SegmentCoalescer(out, true, false);
        ByteBuf datagram = Unpooled.directBuffer();
        TcpSegment ack = TcpSegment.parse(". 1:1(0) ack 1 win 1").source(SOURCE, 1).destination(DESTINATION, 2);
        SegmentSplitter.writeTrain(ack, datagram, false);
        coalescer.offer(datagram, SOURCE, 7, DESTINATION, 8);
        assertEquals(0, datagram.refCnt());
        assertEquals(ack.toString(), out.segments.get(0).toString());
        assertNull(out.segments.get(0).fastOpenCookie());
    }

    private static TcpSegment superSegment(int seq) {
        return new TcpSegment().source(SOURCE, 1).destination(DESTINATION, 9).udpPorts(7, 8).seq(seq).ack(1).window(1)
            .payload(Unpooled.wrappedBuffer(new byte[4500])).segmentSize(1000);
    }
}
