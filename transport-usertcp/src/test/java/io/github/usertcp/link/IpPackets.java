package io.github.usertcp.link;

import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.InternetChecksum;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.IpPrefix;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;

/** Packets from a peer to us, of either version, as bytes. */
final class IpPackets {
    static final IpAddress US_V4 = IpAddress.parse("10.9.0.2");
    static final IpAddress US_V6 = IpAddress.parse("fd09::2");
    static final IpAddress PEER_V4 = IpAddress.parse("10.9.0.1");
    static final IpAddress PEER_V6 = IpAddress.parse("fd09::1");
    static final int UDP = 17;
    /** With a second address in each network, and a network behind. */
    static final OwnAddresses OURS = new OwnAddresses(prefixes("10.9.0.2/24", "10.9.0.9/24", "fd09::2/64", "fd09::9/64"),
        prefixes("10.10.0.0/16", "fd10::/16"), prefixes("10.9.0.2", "10.9.0.9", "fd09::2", "fd09::9"), false);

    private static final int FRAGMENT_HEADER = 44;

    private IpPackets() {
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return Stream.of(texts).map(IpPrefix::parse).toList();
    }

    /** Bytes that tell their position. */
    static byte[] payload(int start, int end) {
        byte[] bytes = new byte[end - start];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((start + i) * 31 + (start + i >> 8));
        }
        return bytes;
    }

    static ByteBuf packet(boolean v4, int protocol, byte[] payload) {
        IpHeader header = v4 ? new IpHeader().addresses(PEER_V4, US_V4) : new IpHeader().addresses(PEER_V6, US_V6);
        return packet(header.protocol(protocol), payload);
    }

    static ByteBuf packet(IpHeader header, byte[] payload) {
        int length = header.isV4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        ByteBuf packet = Unpooled.directBuffer(length + payload.length).writerIndex(length).writeBytes(payload);
        if (header.isV4()) {
            Ipv4Header.write(header, payload.length, packet, 0);
        } else {
            Ipv6Header.write(header, payload.length, packet, 0);
        }
        return packet;
    }

    /** A packet with that segment of the peer's, and its right checksum. */
    static ByteBuf tcp(boolean v4, String segment) {
        TcpSegment parsed = TcpSegment.parse(segment).source(v4 ? PEER_V4 : PEER_V6, 1000).destination(v4 ? US_V4 : US_V6, 80);
        ByteBuf bytes = Unpooled.buffer();
        SegmentSplitter.writePieces(parsed, 0, 1, bytes, true);
        parsed.release();
        byte[] array = new byte[bytes.readableBytes()];
        bytes.readBytes(array);
        return packet(v4, 6, array);
    }

    /** An echo request with so many bytes of data, {@link #payload}. */
    static ByteBuf echo(boolean v4, int length) {
        byte[] message = new byte[IcmpMessage.HEADER_LENGTH + length];
        message[0] = (byte) (v4 ? 8 : 128);
        message[5] = 7;
        System.arraycopy(payload(0, length), 0, message, IcmpMessage.HEADER_LENGTH, length);
        ByteBuf packet = packet(v4, v4 ? IcmpMessage.PROTOCOL_V4 : IcmpMessage.PROTOCOL_V6, message);
        int start = v4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        int sum = InternetChecksum.sum(packet, start, message.length);
        if (!v4) {
            sum = InternetChecksum.add(sum, InternetChecksum.pseudoHeader(PEER_V6, US_V6, IcmpMessage.PROTOCOL_V6, message.length));
        }
        return packet.setShort(start + 2, InternetChecksum.complement(sum));
    }

    /** Bytes {@code start} to {@code end} of the {@link #payload}. */
    static ByteBuf fragment(boolean v4, int identification, int start, int end, boolean more) {
        return fragment(v4, UDP, identification, start, more, payload(start, end));
    }

    static ByteBuf fragment(boolean v4, int protocol, int identification, int start, boolean more, byte[] part) {
        if (v4) {
            ByteBuf fragment = packet(true, protocol, part);
            fragment.setShort(4, identification).setShort(6, start >> 3 | (more ? 0x2000 : 0)).setShort(10, 0);
            return fragment.setShort(10, InternetChecksum.of(fragment, 0, 20));
        }
        ByteBuf withHeader = Unpooled.buffer().writeByte(protocol).writeByte(0).writeShort(start | (more ? 1 : 0)).writeInt(identification)
            .writeBytes(part);
        byte[] bytes = new byte[withHeader.readableBytes()];
        withHeader.readBytes(bytes);
        return packet(false, FRAGMENT_HEADER, bytes);
    }
}
