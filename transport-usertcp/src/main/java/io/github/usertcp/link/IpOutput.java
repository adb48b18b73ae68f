package io.github.usertcp.link;

import io.github.usertcp.codec.InternetChecksum;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tun.VirtioNetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;

/**
 * The way out of a {@link TunLink}: IP packets of segments and ICMP messages.
 *
 * <p>With offload a super-segment is one packet: its header in a buffer of its own, its payload as it is, uncopied; the kernel cuts it
 * where it has to, and fills in checksums. Without, each piece is a packet with everything in it, the payload copied behind its header.
 *
 * <p>Packets with TCP have DF set, so that none needs an identification of its own: it is 0 (RFC 6864 section 4.1).
 */
final class IpOutput {
    /** Payload up to this length is copied behind its header: cheaper than a second piece of memory for the kernel to look at. */
    private static final int COPY_LIMIT = 256;
    /** Where the checksum is in a TCP header (RFC 9293 section 3.1). */
    private static final int TCP_CHECKSUM = 16;

    private final Channel channel;
    private final boolean offload;
    private final int mtu;
    /** A packet that the kernel refuses is a packet lost, of which nobody hears; the channel's own void promise would tell the pipeline. */
    private final ChannelPromise notTold;
    private final IpHeader header = new IpHeader();

    /**
     * Of a device.
     *
     * @param offload  whether it cuts segments and fills in checksums
     * @param mtu      largest IP packet for it in bytes, but for those that it cuts
     */
    IpOutput(Channel channel, boolean offload, int mtu) {
        this.channel = channel;
        this.offload = offload;
        this.mtu = mtu;
        notTold = channel.unsafe().voidPromise();
    }

    /** Writes a segment, which stays the caller's. */
    void write(TcpSegment segment) {
        header.addresses(segment.source(), segment.destination()).protocol(TcpChecksum.PROTOCOL).trafficClass(segment.trafficClass());
        if (offload && segment.repeatsCwr() && segment.hasFlags(TcpFlags.CWR)) {
            // A kernel that cuts leaves CWR on the first piece alone, unless it is a newer one than any that offers anything else to a TUN.
            SegmentSplitter.split(segment.retain(), this::writePiece);
        } else if (offload) {
            writeWhole(segment);
        } else {
            writePieces(segment);
        }
    }

    private void writePiece(TcpSegment piece) {
        writeWhole(piece);
        piece.release();
    }

    /**
     * Writes the packet with that header whose payload is already in {@code packet}, from {@link #payloadIndex} to the writer index.
     * Takes ownership of the packet.
     */
    void write(IpHeader packetHeader, ByteBuf packet) {
        int ipHeader = linkHeaderLength();
        if (offload) {
            VirtioNetHeader.writePlain(packet, 0);
        }
        writeHeader(packetHeader, packet.writerIndex() - payloadIndex(packetHeader), packet, ipHeader);
        channel.write(packet, notTold);
    }

    /** The same of a packet that is cut if it is larger than the device takes; its header has an identification for that. */
    void writeInFragments(IpHeader packetHeader, ByteBuf packet) {
        int start = payloadIndex(packetHeader);
        int length = packet.writerIndex() - start;
        if (ipHeaderLength(packetHeader) + length <= mtu) {
            write(packetHeader, packet);
            return;
        }
        packetHeader.fragment(0, true);
        int room = mtu - ipHeaderLength(packetHeader) & ~7; // offsets count eights
        for (int offset = 0; offset < length; offset += room) {
            int part = Math.min(room, length - offset);
            packetHeader.fragment(offset, offset + part < length);
            int index = payloadIndex(packetHeader);
            ByteBuf fragment = channel.alloc().directBuffer(index + part).writerIndex(index).writeBytes(packet, start + offset, part);
            write(packetHeader, fragment);
        }
        packetHeader.fragment(0, false);
        packet.release();
    }

    /** Whether there is room for more. TCP is asked by its link; other packets are better lost than queued up. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /** Where the payload of a packet starts that is to be {@linkplain #write(IpHeader, ByteBuf) written}. */
    int payloadIndex(IpHeader packetHeader) {
        return linkHeaderLength() + ipHeaderLength(packetHeader);
    }

    private void writeWhole(TcpSegment segment) {
        ByteBuf payload = segment.payload();
        int payloadLength = payload.readableBytes();
        int tcpHeader = payloadIndex(header);
        int tcpHeaderLength = TcpHeaderWriter.headerLength(segment);
        boolean copied = payloadLength <= COPY_LIMIT;
        ByteBuf packet = channel.alloc().directBuffer(tcpHeader + tcpHeaderLength + (copied ? payloadLength : 0));
        boolean cut = SegmentSplitter.pieceCount(segment) > 1;
        int ipHeaderLength = ipHeaderLength(header);
        VirtioNetHeader.writeTcp(packet, 0, ipHeaderLength, ipHeaderLength + tcpHeaderLength, cut ? segment.segmentSize() : 0,
            segment.hasFlags(TcpFlags.CWR));
        writeHeader(header, tcpHeaderLength + payloadLength, packet, VirtioNetHeader.LENGTH);
        TcpHeaderWriter.write(segment, packet, tcpHeader);
        packet.setShort(tcpHeader + TCP_CHECKSUM, InternetChecksum.pseudoHeader(header.source(), header.destination(),
            TcpChecksum.PROTOCOL, tcpHeaderLength + payloadLength));
        packet.writerIndex(tcpHeader + tcpHeaderLength);
        if (copied) {
            packet.writeBytes(payload, payload.readerIndex(), payloadLength);
        } else {
            packet = channel.alloc().compositeDirectBuffer(2).addComponent(true, packet).addComponent(true, payload.retain());
        }
        channel.write(packet, notTold);
    }

    private void writePieces(TcpSegment segment) {
        int tcpHeader = ipHeaderLength(header);
        int pieces = SegmentSplitter.pieceCount(segment);
        int length = tcpHeader + SegmentSplitter.pieceLength(segment);
        for (int piece = 0; piece < pieces; piece++) {
            ByteBuf packet = channel.alloc().directBuffer(length);
            packet.writerIndex(tcpHeader);
            SegmentSplitter.writePieces(segment, piece, 1, packet, true);
            writeHeader(header, packet.writerIndex() - tcpHeader, packet, 0);
            channel.write(packet, notTold);
        }
    }

    private int linkHeaderLength() {
        return offload ? VirtioNetHeader.LENGTH : 0;
    }

    private static int ipHeaderLength(IpHeader packetHeader) {
        if (packetHeader.isV4()) {
            return Ipv4Header.MIN_LENGTH;
        }
        return packetHeader.isFragment() ? Ipv6Header.LENGTH + Ipv6Header.FRAGMENT_HEADER_LENGTH : Ipv6Header.LENGTH;
    }

    private static void writeHeader(IpHeader packetHeader, int payloadLength, ByteBuf packet, int index) {
        if (packetHeader.isV4()) {
            Ipv4Header.write(packetHeader, payloadLength, packet, index);
        } else {
            Ipv6Header.write(packetHeader, payloadLength, packet, index);
        }
    }
}
