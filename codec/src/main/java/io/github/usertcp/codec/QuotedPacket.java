package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * The beginning of a packet of ours as an ICMP error quotes it. Routers may have changed its checksum and time to live and cut it
 * anywhere after the first eight bytes behind the IP header (RFC 792), so that {@link IpHeader} would not take it.
 */
final class QuotedPacket {
    /** Ports and sequence number. */
    private static final int TCP_BYTES = 8;
    private static final int V4_FRAGMENT_OFFSET = 6;
    private static final int V4_PROTOCOL = 9;
    private static final int V4_SOURCE = 12;
    private static final int V4_DESTINATION = 16;
    private static final int V6_NEXT_HEADER = 6;
    private static final int V6_SOURCE = 8;
    private static final int V6_DESTINATION = 24;

    private QuotedPacket() {
    }

    /** Where the quoted TCP header begins, or -1 if there is no beginning of one. */
    static int tcpInV4(ByteBuf from, int index, int length) {
        if (length < Ipv4Header.MIN_LENGTH) {
            return -1;
        }
        int versionAndLength = from.getUnsignedByte(index);
        int headerLength = (versionAndLength & 0xF) << 2;
        boolean laterFragment = (from.getUnsignedShort(index + V4_FRAGMENT_OFFSET) & 0x1FFF) != 0;
        if (versionAndLength >>> 4 != 4 || headerLength < Ipv4Header.MIN_LENGTH || laterFragment
            || from.getUnsignedByte(index + V4_PROTOCOL) != TcpChecksum.PROTOCOL || length < headerLength + TCP_BYTES) {
            return -1;
        }
        return index + headerLength;
    }

    /** As {@link #tcpInV4}. Extension headers are not walked through: no packet of ours has any. */
    static int tcpInV6(ByteBuf from, int index, int length) {
        boolean ours = length >= Ipv6Header.LENGTH + TCP_BYTES && from.getUnsignedByte(index) >>> 4 == 6
            && from.getUnsignedByte(index + V6_NEXT_HEADER) == TcpChecksum.PROTOCOL;
        return ours ? index + Ipv6Header.LENGTH : -1;
    }

    static IpAddress source(ByteBuf from, int index, boolean v4) {
        return v4 ? IpAddress.readV4(from, index + V4_SOURCE) : IpAddress.readV6(from, index + V6_SOURCE);
    }

    static IpAddress destination(ByteBuf from, int index, boolean v4) {
        return v4 ? IpAddress.readV4(from, index + V4_DESTINATION) : IpAddress.readV6(from, index + V6_DESTINATION);
    }
}
