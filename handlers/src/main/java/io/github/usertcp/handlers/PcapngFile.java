package io.github.usertcp.handlers;

import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.GatheringByteChannel;
import java.time.Instant;

/**
 * Segments as a pcapng file (draft-ietf-opsawg-pcapng), which Wireshark and tshark read: a packet for each piece that goes over the wire,
 * an IP header in front of it made of the segment's addresses (link type RAW), its TCP checksum filled in, nanoseconds, and the direction.
 *
 * <pre>
 *   section header block    byte order, version
 *   interface description   RAW, snap length, nanoseconds
 *   enhanced packet ...     time, lengths, packet padded to four bytes, flags
 * </pre>
 */
final class PcapngFile implements AutoCloseable {
    private static final int SECTION_HEADER = 0x0A0D_0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int LINKTYPE_RAW = 101;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int NANOSECONDS = 9;
    private static final int OPTION_FLAGS = 2;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int OPTION_LENGTHS = 4 + 4 + 4;
    private static final int PACKET_HEADER = 28;
    /** What is written to the file at once. */
    private static final int CHUNK_BYTES = 64 * 1024;

    private final GatheringByteChannel out;
    private final int snapLength;
    private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(2 * CHUNK_BYTES);
    private final IpHeader header = new IpHeader();
    /** What makes a time of the event loop one of the calendar. */
    private final long epochMinusLoopNanos;

    /**
     * A file in {@code out}, which it closes.
     *
     * @param snapLength  bytes kept of each packet
     * @param nowNanos    the event loop's time
     */
    PcapngFile(GatheringByteChannel out, int snapLength, long nowNanos) {
        this.out = out;
        this.snapLength = snapLength;
        Instant now = Instant.now();
        epochMinusLoopNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano() - nowNanos;
        buffer.writeInt(SECTION_HEADER).writeInt(28).writeInt(BYTE_ORDER_MAGIC).writeShort(1).writeShort(0).writeLong(-1).writeInt(28);
        buffer.writeInt(INTERFACE_DESCRIPTION).writeInt(32).writeShort(LINKTYPE_RAW).writeShort(0).writeInt(snapLength)
            .writeShort(OPTION_TIME_RESOLUTION).writeShort(1).writeInt(NANOSECONDS << 24).writeInt(0).writeInt(32);
    }

    /** Writes the pieces of a segment, which stays the caller's and as it is. */
    void write(TcpSegment segment, boolean outbound, long nowNanos) throws IOException {
        header.addresses(segment.source(), segment.destination()).trafficClass(segment.trafficClass()).protocol(TcpChecksum.PROTOCOL);
        int pieces = SegmentSplitter.pieceCount(segment);
        for (int piece = 0; piece < pieces; piece++) {
            writePiece(segment, piece, outbound, epochMinusLoopNanos + nowNanos);
            if (buffer.readableBytes() >= CHUNK_BYTES) {
                flush();
            }
        }
    }

    private void writePiece(TcpSegment segment, int piece, boolean outbound, long epochNanos) {
        int block = buffer.writerIndex();
        int packet = block + PACKET_HEADER;
        int ipHeader = header.isV4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        buffer.writeZero(PACKET_HEADER + ipHeader);
        SegmentSplitter.writePieces(segment, piece, 1, buffer, true);
        int length = buffer.writerIndex() - packet;
        if (header.isV4()) {
            Ipv4Header.write(header, length - ipHeader, buffer, packet);
        } else {
            Ipv6Header.write(header, length - ipHeader, buffer, packet);
        }
        int captured = Math.min(length, snapLength);
        int padding = -captured & 3;
        int blockLength = PACKET_HEADER + captured + padding + OPTION_LENGTHS + 4;
        buffer.writerIndex(packet + captured).writeZero(padding);
        buffer.writeShort(OPTION_FLAGS).writeShort(4).writeInt(outbound ? OUTBOUND : INBOUND).writeInt(0).writeInt(blockLength);
        buffer.setInt(block, ENHANCED_PACKET).setInt(block + 4, blockLength).setInt(block + 8, 0);
        buffer.setInt(block + 12, (int) (epochNanos >>> 32)).setInt(block + 16, (int) epochNanos);
        buffer.setInt(block + 20, captured).setInt(block + 24, length);
    }

    /** Hands what is written to the operating system. */
    void flush() throws IOException {
        while (buffer.isReadable()) {
            buffer.readBytes(out, buffer.readableBytes());
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        } finally {
            buffer.release();
        }
    }
}
