package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.Mockito.mock;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.tun.SlabReads;
import io.github.usertcp.tun.VirtioNetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Segments are joined by moving payload within the memory that packets were read to. Whatever lies between them there, other connections'
 * segments, super-segments, fragments, echoes and rubbish, and however long somebody holds what was delivered before: each byte of each stream
 * is delivered once, and nobody moves it afterwards.
 */
class InPlaceCoalescingTest implements SegmentSink {
    private static final int BATCHES = 1000;
    private static final int MSS = 1000;
    /** Of super-segments, which tells them from segments joined here. */
    private static final int SUPER_MSS = 1400;
    private static final int MAX_PACKET = 40_000;

    private final SplittableRandom random = new SplittableRandom(seed());
    /** It counts, and leaves slices as they are, where a leak detector would wrap them: nothing would be joined in place. */
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final EmbeddedChannel wire = new EmbeddedChannel();
    private final IcmpHost icmp = new IcmpHost(IpPackets.OURS, new IpOutput(wire, false, MAX_PACKET), memory, mock(LinkReceiver.class));
    private final FragmentReassembler fragments = new FragmentReassembler(memory, icmp, this::onDropped);
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, true, false);
    private final IpInput input = new IpInput(IpPackets.OURS, this, coalescer, icmp, fragments);
    private final Stream[] streams = {new Stream(true, 1000), new Stream(true, 1001), new Stream(false, 1000), new Stream(false, 1001)};
    private final List<byte[]> fragmentsOnTheirWay = new ArrayList<>();
    private final List<TcpSegment> held = new ArrayList<>();
    private SlabReads slab;
    private int lastIdentification;
    private int echoes;
    private int rubbish;
    private int dropped;
    private int joinedInPlace;
    private int supers;

    private static long seed() {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        System.out.println("coalescing in place runs with -Dusertcp.seed=" + seed);
        return seed;
    }

    @Test
    void streamsAreDeliveredAsTheyWereSent() throws IOException {
        assumeTrue(Epoll.isAvailable(), "skipped: no native transport, no pipe to read from");
        slab = new SlabReads(MAX_PACKET, memory);
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int count = random.nextInt(24); count >= 0; count--) {
                sendSomething();
            }
            coalescer.flush();
            checkSome(random.nextInt(4) == 0 ? 1 : 2);
            checkAnswers();
        }
        while (!fragmentsOnTheirWay.isEmpty()) {
            receive(fragmentsOnTheirWay.remove(0), 0);
        }
        coalescer.flush();
        checkSome(1);
        for (Stream stream : streams) {
            assertEquals(stream.sent, stream.delivered.cardinality(), "bytes delivered");
        }
        assertEquals(rubbish, dropped);
        assertTrue(joinedInPlace > BATCHES && supers > BATCHES, () -> joinedInPlace + " joined, " + supers + " super-segments");
        assertTrue(fragments.isEmpty());
        slab.close();
        assertEquals(0, memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory());
        wire.finishAndReleaseAll();
    }

    private void sendSomething() throws IOException {
        Stream stream = streams[random.nextInt(streams.length)];
        switch (random.nextInt(8)) {
            case 0 -> receive(stream.packet(SUPER_MSS + random.nextInt(30_000), true), SUPER_MSS);
            case 1 -> {
                receive(take(IpPackets.echo(stream.v4, random.nextInt(100))), 0);
                echoes++;
            }
            case 2 -> sendRubbish(stream);
            case 3 -> cut(stream);
            case 4 -> sendFragments(random.nextInt(4));
            case 5 -> receive(stream.packet(1 + random.nextInt(MSS), random.nextBoolean()), 0);
            default -> sendTrain(stream);
        }
    }

    /** Segments that can be joined, perhaps with a fragment or an echo in between. */
    private void sendTrain(Stream stream) throws IOException {
        for (int count = 1 + random.nextInt(8); count > 0; count--) {
            receive(stream.packet(MSS, count == 1), 0);
            if (random.nextInt(6) == 0) {
                sendFragments(1);
            } else if (random.nextInt(6) == 0) {
                sendRubbish(stream);
            }
        }
        if (random.nextBoolean()) {
            receive(stream.packet(1 + random.nextInt(MSS), true), 0);
        }
    }

    /** A segment whose checksum is wrong, or a packet that ends too early. */
    private void sendRubbish(Stream stream) throws IOException {
        byte[] packet = take(IpPackets.tcp(stream.v4, "P. 1:501(500) ack 1 win 9"));
        packet[packet.length - 1]++;
        receive(random.nextBoolean() ? packet : Arrays.copyOf(packet, random.nextInt(packet.length)), 0);
        rubbish++;
    }

    /** A segment in fragments, which come later, among others. */
    private void cut(Stream stream) {
        if (fragmentsOnTheirWay.size() > 2 * FragmentReassembler.MAX_PACKETS) {
            return; // else the reassembler would give some up
        }
        byte[] segment = stream.segment(1 + random.nextInt(3 * MSS), true);
        int identification = ++lastIdentification;
        int end;
        for (int start = 0; start < segment.length; start = end) {
            end = Math.min(segment.length, start + 8 * (10 + random.nextInt(200)));
            ByteBuf fragment = IpPackets.fragment(stream.v4, TcpChecksum.PROTOCOL, identification, start, end < segment.length,
                Arrays.copyOfRange(segment, start, end));
            fragmentsOnTheirWay.add(take(fragment));
        }
    }

    private void sendFragments(int count) throws IOException {
        for (int i = 0; i < count && !fragmentsOnTheirWay.isEmpty(); i++) {
            receive(fragmentsOnTheirWay.remove(random.nextInt(Math.min(8, fragmentsOnTheirWay.size()))), 0);
        }
    }

    private void receive(byte[] packet, int segmentSize) throws IOException {
        ByteBuf header = Unpooled.buffer().writeZero(VirtioNetHeader.LENGTH);
        if (segmentSize > 0) {
            boolean v4 = packet[0] >>> 4 == 4;
            VirtioNetHeader.writeTcp(header, 0, v4 ? 20 : 40, v4 ? 40 : 60, segmentSize, false);
            header.setByte(0, 0); // its checksum is right
        }
        input.acceptWithHeader(slab.read(ByteBufUtil.getBytes(header.writeBytes(packet))), 0);
    }

    private static byte[] take(ByteBuf packet) {
        byte[] bytes = ByteBufUtil.getBytes(packet);
        packet.release();
        return bytes;
    }

    @Override
    public void onSegment(TcpSegment segment) {
        if (segment.segmentSize() == SUPER_MSS) {
            supers++;
        } else if (segment.segmentSize() > 0 && !(segment.payload() instanceof CompositeByteBuf)) {
            joinedInPlace++;
        }
        held.add(random.nextInt(4) == 0 ? PayloadWaste.avoid(segment, memory) : segment);
    }

    @Override
    public void onDropped(DropReason reason) {
        dropped++;
    }

    /** Looks at one in so many of the segments delivered so far, and lets them go. */
    private void checkSome(int oneIn) {
        Iterator<TcpSegment> all = held.iterator();
        while (all.hasNext()) {
            TcpSegment segment = all.next();
            if (random.nextInt(oneIn) == 0) {
                streams[(segment.source().isV4() ? 0 : 2) + segment.sourcePort() - 1000].check(segment);
                segment.release();
                all.remove();
            }
        }
    }

    private void checkAnswers() {
        wire.flushOutbound();
        for (ByteBuf answer = wire.readOutbound(); answer != null; answer = wire.readOutbound()) {
            IpHeader header = new IpHeader();
            assertNull(IpHeader.read(answer, 0, answer.readableBytes(), header));
            assertNull(IcmpMessage.read(answer, header.headerLength(), header.payloadLength(), header, new IcmpMessage()));
            int length = header.payloadLength() - IcmpMessage.HEADER_LENGTH;
            assertEquals(Unpooled.wrappedBuffer(IpPackets.payload(0, length)),
                answer.slice(header.headerLength() + IcmpMessage.HEADER_LENGTH, length));
            answer.release();
            echoes--;
        }
        assertEquals(0, echoes, "answers");
    }

    /** What a peer sends from one port, in order. */
    private static final class Stream {
        final boolean v4;
        final int port;
        final BitSet delivered = new BitSet();
        int sent;

        Stream(boolean v4, int port) {
            this.v4 = v4;
            this.port = port;
        }

        /** A packet with so many bytes more. */
        byte[] packet(int length, boolean push) {
            return take(IpPackets.packet(v4, TcpChecksum.PROTOCOL, segment(length, push)));
        }

        byte[] segment(int length, boolean push) {
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = byteAt(sent + i);
            }
            TcpSegment segment = new TcpSegment().source(v4 ? IpPackets.PEER_V4 : IpPackets.PEER_V6, port)
                .destination(v4 ? IpPackets.US_V4 : IpPackets.US_V6, 80).seq(sent).ack(1).window(9)
                .flags(TcpFlags.ACK | (push ? TcpFlags.PSH : 0)).payload(Unpooled.wrappedBuffer(payload));
            ByteBuf bytes = Unpooled.buffer();
            SegmentSplitter.writePieces(segment, 0, 1, bytes, true);
            sent += length;
            return ByteBufUtil.getBytes(bytes);
        }

        void check(TcpSegment segment) {
            ByteBuf payload = segment.payload();
            int start = segment.seq();
            assertFalse(delivered.nextSetBit(start) >= 0 && delivered.nextSetBit(start) < start + payload.readableBytes(), "delivered twice");
            for (int i = 0; i < payload.readableBytes(); i++) {
                assertEquals(byteAt(start + i), payload.getByte(payload.readerIndex() + i));
            }
            delivered.set(start, start + payload.readableBytes());
        }

        private byte byteAt(int position) {
            int mixed = (position + (v4 ? 0 : 1 << 28) + port) * 0x9E37_79B9;
            return (byte) (mixed >>> 24);
        }
    }
}
