package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads and writes IPv6 headers (RFC 8200 section 3). On reading, extension headers are walked through to the protocol above;
 * none is ever written. Absolute indexes; no index of the buffer moves.
 */
public final class Ipv6Header {
    /** Bytes of the header without extensions. */
    public static final int LENGTH = 40;

    /**
     * RFC 8200 section 4.1 lists seven extension headers, all but one at most once; a longer chain serves only to keep us busy, and
     * RFC 8504 section 5.3 lets a host set limits.
     */
    private static final int MAX_EXTENSION_HEADERS = 8;

    private static final int PAYLOAD_LENGTH = 4;
    private static final int NEXT_HEADER = 6;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MOBILITY = 135;
    private static final int HOST_IDENTITY = 139;
    private static final int SHIM6 = 140;

    private static final int FRAGMENT_HEADER_LENGTH = 8;
    private static final int MORE_FRAGMENTS = 1;
    private static final int FRAGMENT_OFFSET = 0xFFF8;
    private static final int MAX_PAYLOAD = 0xFFFF;

    private Ipv6Header() {
    }

    /**
     * Reads the header at {@code index} and the extension headers behind it, lengths verified. Of a fragment, those behind the fragment
     * header are payload.
     *
     * @param length  bytes that are there, at least those of the packet
     * @return null if the headers are sound, else why not; the fields are then unspecified
     */
    public static DropReason read(ByteBuf from, int index, int length, IpHeader into) {
        if (length < LENGTH) {
            return DropReason.BAD_IP_HEADER;
        }
        int first = from.getInt(index);
        int payloadLength = from.getUnsignedShort(index + PAYLOAD_LENGTH);
        if (first >>> 28 != 6 || payloadLength > length - LENGTH) {
            return DropReason.BAD_IP_HEADER;
        }
        into.addresses(IpAddress.readV6(from, index + SOURCE), IpAddress.readV6(from, index + DESTINATION))
            .trafficClass(first >>> 20).flowLabel(first).identification(0).dontFragment(true).fragment(0, false)
            .hopLimit(from.getByte(index + NEXT_HEADER + 1)).protocol(from.getByte(index + NEXT_HEADER))
            .protocolOffset(NEXT_HEADER).lengths(LENGTH, payloadLength);
        if (into.source().isV4() || into.destination().isV4()) {
            return DropReason.BAD_ADDRESS; // RFC 4942 section 2.2: an IPv4-mapped address on the wire only disguises its sender
        }
        return readExtensionHeaders(from, index, into);
    }

    private static DropReason readExtensionHeaders(ByteBuf from, int index, IpHeader into) {
        int end = into.headerLength() + into.payloadLength();
        for (int count = 0; isExtension(into.protocol()); count++) {
            int offset = into.headerLength();
            if (count == MAX_EXTENSION_HEADERS || end - offset < 8) {
                return DropReason.BAD_IP_HEADER; // every extension header is at least eight bytes long
            }
            int extension = into.protocol();
            int extensionLength = extensionLength(extension, from.getUnsignedByte(index + offset + 1));
            boolean goesOn = extension == ROUTING && from.getByte(index + offset + 3) != 0; // segments left: not for us (RFC 5095)
            if (extensionLength > end - offset || goesOn) {
                return DropReason.BAD_IP_HEADER;
            }
            into.protocol(from.getByte(index + offset)).protocolOffset(offset)
                .lengths(offset + extensionLength, end - offset - extensionLength);
            if (extension == FRAGMENT) {
                int offsetAndMore = from.getUnsignedShort(index + offset + 2);
                into.fragment(offsetAndMore & FRAGMENT_OFFSET, (offsetAndMore & MORE_FRAGMENTS) != 0)
                    .identification(from.getInt(index + offset + 4));
                if (into.isFragment()) {
                    return null; // RFC 8200 section 4.5: what follows is read once the packet is whole
                }
            }
        }
        return null;
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS, MOBILITY, HOST_IDENTITY, SHIM6 -> true;
            default -> false;
        };
    }

    /**
     * The length field counts eight bytes beyond the first eight; only in the authentication header four beyond the first eight
     * (RFC 4302 section 2.2).
     */
    private static int extensionLength(int extension, int lengthField) {
        return switch (extension) {
            case FRAGMENT -> FRAGMENT_HEADER_LENGTH;
            case AUTHENTICATION -> 8 + 4 * lengthField;
            default -> 8 + 8 * lengthField;
        };
    }

    /**
     * Writes a header of 40 bytes.
     *
     * @param payloadLength  0 to 65,535 bytes, which the caller puts behind the header
     * @return 40
     * @throws IllegalArgumentException if an address is IPv4, or the payload is too long
     */
    public static int write(IpHeader header, int payloadLength, ByteBuf out, int index) {
        if (header.source().isV4() || header.destination().isV4()) {
            throw new IllegalArgumentException("no IPv6 addresses: " + header.source() + " > " + header.destination());
        }
        if (payloadLength < 0 || payloadLength > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload of " + payloadLength + " bytes, not 0 to " + MAX_PAYLOAD);
        }
        out.setInt(index, 6 << 28 | header.trafficClass() << 20 | header.flowLabel());
        out.setInt(index + PAYLOAD_LENGTH, payloadLength << 16 | header.protocol() << 8 | header.hopLimit());
        out.setLong(index + SOURCE, header.source().high());
        out.setLong(index + SOURCE + 8, header.source().low());
        out.setLong(index + DESTINATION, header.destination().high());
        out.setLong(index + DESTINATION + 8, header.destination().low());
        return LENGTH;
    }
}
