package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.InternetChecksum;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.codec.TcpHeaderReader;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tun.VirtioNetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of packets on their way out. */
class IpOutputTest {
    private static final int MTU = 1500;
    private static final int TRAFFIC_CLASS = 0xB9;
    private static final int TCP_HEADER = 20;
    private static final int CHECKSUM = 16;
    private static final int TCP_V4 = 1;
    private static final int TCP_V6 = 4;
    private static final int FIRST_HAS_CWR = 0x80;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aSmallSegmentIsOnePacketAndCopied(boolean v4, boolean offload) {
        TcpSegment segment = segment(v4, "P. 1:101(100) ack 1 win 1000", 1000);
        ByteBuf payload = segment.payload();
        write(segment, offload);
        assertEquals(0, payload.refCnt(), "held by nobody else");
        ByteBuf packet = onlyPacket();
        int start = offload ? checkVirtioHeader(packet, v4, 0, 0) : 0;
        assertEquals("P. 1:101(100) ack 1 win 1000", read(packet, start, v4, offload));
        packet.release();
    }

    /** The kernel cuts it; nobody copies it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withOffloadASuperSegmentLeavesWholeAndUncopied(boolean v4) {
        TcpSegment segment = segment(v4, "FP. 1:3001(3000) ack 1 win 1000", 1000);
        ByteBuf payload = segment.payload();
        write(segment, true);
        assertEquals(1, payload.refCnt(), "held by the packet");
        CompositeByteBuf packet = assertInstanceOf(CompositeByteBuf.class, onlyPacket());
        assertEquals(payload.memoryAddress() + payload.readerIndex(), packet.component(1).memoryAddress() + packet.component(1).readerIndex());
        int start = checkVirtioHeader(packet, v4, v4 ? TCP_V4 : TCP_V6, 1000);
        assertEquals("FP. 1:3001(3000) ack 1 win 1000", read(packet, start, v4, true));
        packet.release();
        assertEquals(0, payload.refCnt());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutOffloadEachPieceIsAPacket(boolean v4) {
        TcpSegment segment = segment(v4, "FP. 1:2501(2500) ack 1 win 1000", 1000);
        ByteBuf payload = segment.payload();
        write(segment, false);
        assertEquals(0, payload.refCnt(), "copied");
        assertEquals(List.of(". 1:1001(1000) ack 1 win 1000", ". 1001:2001(1000) ack 1 win 1000", "FP. 2001:2501(500) ack 1 win 1000"),
            packets(v4, false));
    }

    @ParameterizedTest
    @CsvSource({"true, 1000", "false, 1000", "true, 0", "false, 0"})
    void aSegmentThatNeedsNoCuttingIsNoSuperSegment(boolean v4, int segmentSize) {
        write(segment(v4, ". 1:1001(1000) ack 1 win 1000", segmentSize), true);
        ByteBuf packet = onlyPacket();
        assertEquals(". 1:1001(1000) ack 1 win 1000", read(packet, checkVirtioHeader(packet, v4, 0, 0), v4, true));
        packet.release();
    }

    /** RFC 3168's CWR is on the first piece alone, which the header tells a kernel that cuts. */
    @ParameterizedTest
    @Tag("RFC3168-6.1.2")
    @ValueSource(booleans = {true, false})
    void aSignalledReductionBelongsToTheFirstPiece(boolean v4) {
        write(segment(v4, "W. 1:2001(2000) ack 1 win 1000", 1000), true);
        ByteBuf packet = onlyPacket();
        int start = checkVirtioHeader(packet, v4, (v4 ? TCP_V4 : TCP_V6) | FIRST_HAS_CWR, 1000);
        assertEquals("W. 1:2001(2000) ack 1 win 1000", read(packet, start, v4, true));
        packet.release();

        write(segment(v4, "W. 1:2001(2000) ack 1 win 1000", 1000), false);
        assertEquals(List.of("W. 1:1001(1000) ack 1 win 1000", ". 1001:2001(1000) ack 1 win 1000"), packets(v4, false));
    }

    /** Accurate ECN counts with it on every piece, which kernels do not. */
    @ParameterizedTest
    @Tag("RFC9768-3.2.2")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aCounterIsOnEveryPieceWhoeverCuts(boolean v4, boolean offload) {
        TcpSegment segment = segment(v4, "PW. 1:2501(2500) ack 1 win 1000", 1000).repeatsCwr(true);
        write(segment, offload);
        assertEquals(List.of("W. 1:1001(1000) ack 1 win 1000", "W. 1001:2001(1000) ack 1 win 1000", "PW. 2001:2501(500) ack 1 win 1000"),
            packets(v4, offload));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLargestSuperSegmentFits(boolean v4) {
        write(segment(v4, ". 1:64241(64240) ack 1 win 1000 <TS val 1 ecr 2>", 1448), true);
        assertEquals(List.of(". 1:64241(64240) ack 1 win 1000 <TS val 1 ecr 2>"), packets(v4, true));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aPacketLargerThanTheDeviceTakesIsCutIfItMayBe(boolean v4, boolean offload) {
        IpOutput output = new IpOutput(channel, offload, MTU);
        IpHeader header = (v4 ? new IpHeader().addresses(IpPackets.US_V4, IpPackets.PEER_V4)
            : new IpHeader().addresses(IpPackets.US_V6, IpPackets.PEER_V6)).protocol(IpPackets.UDP).dontFragment(false).identification(77);
        ByteBuf packet = channel.alloc().directBuffer().writerIndex(output.payloadIndex(header)).writeBytes(IpPackets.payload(0, 3000));
        output.writeInFragments(header, packet);
        assertFalse(header.isFragment(), "as it was");
        ByteBuf received = Unpooled.buffer();
        for (ByteBuf fragment : sent()) {
            int start = offload ? checkPlainHeader(fragment) : 0;
            IpHeader read = new IpHeader();
            assertNull(IpHeader.read(fragment, start, fragment.readableBytes() - start, read));
            assertTrue(fragment.readableBytes() - start <= MTU);
            assertEquals(77, read.identification());
            assertEquals(received.readableBytes(), read.fragmentOffset());
            assertEquals(received.writeBytes(fragment, start + read.headerLength(), read.payloadLength()).readableBytes() < 3000,
                read.hasMoreFragments());
            fragment.release();
        }
        assertEquals(Unpooled.wrappedBuffer(IpPackets.payload(0, 3000)), received);
    }

    /** As of a device that is down (EIO): TCP sends again what is lost, and a link that failed would take all its connections along. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPacketThatIsRefusedIsLostAndNoExceptionOfTheChannel(boolean offload) {
        Refusal refusal = new Refusal();
        channel.pipeline().addLast(refusal);
        write(segment(true, ". 1:3001(3000) ack 1 win 1000", 1000), offload);
        channel.checkException();
        assertEquals(offload ? 1 : 3, refusal.count);
        assertTrue(channel.isOpen());
    }

    private void write(TcpSegment segment, boolean offload) {
        new IpOutput(channel, offload, MTU).write(segment);
        segment.release();
        channel.flush();
    }

    /** Its payload tells its position and is in memory of its own. */
    private static TcpSegment segment(boolean v4, String text, int segmentSize) {
        TcpSegment segment = TcpSegment.parse(text).source(v4 ? IpPackets.US_V4 : IpPackets.US_V6, 80)
            .destination(v4 ? IpPackets.PEER_V4 : IpPackets.PEER_V6, 1000).segmentSize(segmentSize).trafficClass(TRAFFIC_CLASS);
        ByteBuf parsed = segment.takePayload();
        ByteBuf payload = Unpooled.directBuffer().writeZero(3).writeBytes(IpPackets.payload(0, parsed.readableBytes())).skipBytes(3);
        parsed.release();
        return segment.payload(payload);
    }

    private List<ByteBuf> sent() {
        channel.flushOutbound();
        return Stream.generate(() -> (ByteBuf) channel.readOutbound()).takeWhile(packet -> packet != null).toList();
    }

    private ByteBuf onlyPacket() {
        List<ByteBuf> packets = sent();
        assertEquals(1, packets.size());
        return packets.get(0);
    }

    /** The segments that have been sent, in good packets. */
    private List<String> packets(boolean v4, boolean offload) {
        List<String> segments = new ArrayList<>();
        for (ByteBuf packet : sent()) {
            segments.add(read(packet, offload ? VirtioNetHeader.LENGTH : 0, v4, offload));
            packet.release();
        }
        return segments;
    }

    /** The segment in the packet at that index, whose header, checksum and payload are as they should be. */
    private static String read(ByteBuf packet, int index, boolean v4, boolean offload) {
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, index, packet.readableBytes() - index, header));
        assertEquals(v4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH, header.headerLength());
        assertEquals(packet.readableBytes() - index, header.headerLength() + header.payloadLength());
        assertEquals(v4 ? IpPackets.US_V4 : IpPackets.US_V6, header.source());
        assertEquals(v4 ? IpPackets.PEER_V4 : IpPackets.PEER_V6, header.destination());
        assertEquals(TcpChecksum.PROTOCOL, header.protocol());
        assertEquals(TRAFFIC_CLASS, header.trafficClass());
        assertEquals(0, header.identification());
        assertTrue(header.isDontFragment());
        assertFalse(header.isFragment());
        int tcp = index + header.headerLength();
        int length = header.payloadLength();
        if (offload) { // as the kernel does: the field has the sum of the pseudo-header, and gets the rest of it
            int sum = InternetChecksum.pseudoHeader(header.source(), header.destination(), TcpChecksum.PROTOCOL, length);
            assertEquals(sum, packet.getUnsignedShort(tcp + CHECKSUM));
            packet.setShort(tcp + CHECKSUM, InternetChecksum.of(packet, tcp, length));
        }
        assertTrue(TcpChecksum.isValid(packet, tcp, length, header.source(), header.destination()));
        TcpSegment segment = new TcpSegment();
        assertNull(TcpHeaderReader.readHeader(packet, tcp, length, segment));
        int headerLength = TcpHeaderReader.headerLength(packet, tcp);
        int position = segment.seq() - 1;
        segment.payload(packet.copy(tcp + headerLength, length - headerLength));
        assertEquals(Unpooled.wrappedBuffer(IpPackets.payload(position, position + length - headerLength)), segment.payload());
        String text = segment.toString();
        segment.release();
        return text;
    }

    /** Checks what the kernel is told of the packet; returns where that begins. */
    private static int checkVirtioHeader(ByteBuf packet, boolean v4, int gsoType, int gsoSize) {
        int ipHeader = v4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        assertEquals(1, packet.getByte(0), "checksum to be filled in");
        assertEquals(gsoType, packet.getUnsignedByte(1));
        assertEquals(gsoType == 0 ? 0 : ipHeader + TCP_HEADER, nativeShort(packet, 2));
        assertEquals(gsoSize, nativeShort(packet, 4));
        assertEquals(ipHeader, nativeShort(packet, 6));
        assertEquals(CHECKSUM, nativeShort(packet, 8));
        return VirtioNetHeader.LENGTH;
    }

    private static int checkPlainHeader(ByteBuf packet) {
        assertEquals(0, packet.getLong(0));
        assertEquals(0, packet.getShort(8));
        return VirtioNetHeader.LENGTH;
    }

    private static int nativeShort(ByteBuf packet, int index) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? packet.getUnsignedShortLE(index) : packet.getUnsignedShort(index);
    }

    private static final class Refusal extends ChannelOutboundHandlerAdapter {
        int count;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            count++;
            promise.tryFailure(new IOException("EIO"));
        }
    }
}
