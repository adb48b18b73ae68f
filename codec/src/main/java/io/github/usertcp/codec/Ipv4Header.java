package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads and writes IPv4 headers (RFC 791 section 3.1). Options are skipped on reading, but for source routes, and never written.
 * Absolute indexes; no index of the buffer moves.
 */
public final class Ipv4Header {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    private static final int TYPE_OF_SERVICE = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FLAGS_AND_OFFSET = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int FRAGMENT_OFFSET = 0x1FFF;
    private static final int MAX_PACKET = 0xFFFF;

    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private Ipv4Header() {
    }

    /**
     * Reads the header at {@code index}, checksum and lengths verified.
     *
     * @param length  bytes that are there, at least those of the packet
     * @return null if the header is sound, else why not; the fields are then unspecified
     */
    public static DropReason read(ByteBuf from, int index, int length, IpHeader into) {
        if (length < MIN_LENGTH) {
            return DropReason.BAD_IP_HEADER;
        }
        int versionAndLength = from.getUnsignedByte(index);
        int headerLength = (versionAndLength & 0xF) << 2;
        int totalLength = from.getUnsignedShort(index + TOTAL_LENGTH);
        if (versionAndLength >>> 4 != 4 || headerLength < MIN_LENGTH || headerLength > totalLength || totalLength > length) {
            return DropReason.BAD_IP_HEADER;
        }
        if (InternetChecksum.of(from, index, headerLength) != 0) {
            return DropReason.BAD_IP_CHECKSUM;
        }
        int flagsAndOffset = from.getUnsignedShort(index + FLAGS_AND_OFFSET);
        into.addresses(IpAddress.readV4(from, index + SOURCE), IpAddress.readV4(from, index + DESTINATION))
            .trafficClass(from.getByte(index + TYPE_OF_SERVICE)).flowLabel(0)
            .identification(from.getUnsignedShort(index + IDENTIFICATION)).dontFragment((flagsAndOffset & DONT_FRAGMENT) != 0)
            .fragment((flagsAndOffset & FRAGMENT_OFFSET) << 3, (flagsAndOffset & MORE_FRAGMENTS) != 0)
            .hopLimit(from.getByte(index + TIME_TO_LIVE)).protocol(from.getByte(index + PROTOCOL)).protocolOffset(PROTOCOL)
            .lengths(headerLength, totalLength - headerLength);
        return headerLength == MIN_LENGTH ? null : checkOptions(from, index + MIN_LENGTH, index + headerLength);
    }

    private static DropReason checkOptions(ByteBuf from, int index, int end) {
        int at = index;
        while (at < end) {
            int option = from.getUnsignedByte(at);
            if (option == END_OF_OPTIONS) {
                return null;
            }
            if (option == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < end ? from.getUnsignedByte(at + 1) : 0;
            if (length < 2 || length > end - at) {
                return DropReason.BAD_IP_HEADER;
            }
            if (option == LOOSE_SOURCE_ROUTE || option == STRICT_SOURCE_ROUTE) {
                // Departs from RFC 1122 3.2.1.8: a host has to accept these as their last hop, and answer by the same way; they serve to
                // get around filters and to be answered at a forged address. Linux refuses them by default (accept_source_route).
                return DropReason.SOURCE_ROUTE;
            }
            at += length;
        }
        return null;
    }

    /**
     * Writes a header of 20 bytes, checksum included.
     *
     * @param payloadLength  0 to 65,515 bytes, which the caller puts behind the header
     * @return 20
     * @throws IllegalArgumentException if the addresses are not both IPv4, or the payload is too long
     */
    public static int write(IpHeader header, int payloadLength, ByteBuf out, int index) {
        if (!header.source().isV4() || !header.destination().isV4()) {
            throw new IllegalArgumentException("no IPv4 addresses: " + header.source() + " > " + header.destination());
        }
        if (payloadLength < 0 || payloadLength > MAX_PACKET - MIN_LENGTH) {
            throw new IllegalArgumentException("payload of " + payloadLength + " bytes, not 0 to " + (MAX_PACKET - MIN_LENGTH));
        }
        out.setInt(index, 4 << 28 | MIN_LENGTH / 4 << 24 | header.trafficClass() << 16 | MIN_LENGTH + payloadLength);
        out.setInt(index + IDENTIFICATION, header.identification() << 16 | (header.isDontFragment() ? DONT_FRAGMENT : 0)
            | (header.hasMoreFragments() ? MORE_FRAGMENTS : 0) | header.fragmentOffset() >>> 3);
        out.setInt(index + TIME_TO_LIVE, header.hopLimit() << 24 | header.protocol() << 16);
        out.setInt(index + SOURCE, header.source().v4Bits());
        out.setInt(index + DESTINATION, header.destination().v4Bits());
        out.setShort(index + CHECKSUM, InternetChecksum.of(out, index, MIN_LENGTH));
        return MIN_LENGTH;
    }
}
