package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads and writes IPv6 headers (RFC 8200 section 3). On reading, extension headers are walked through to the protocol above;
 * none is ever written but that of fragments. Absolute indexes; no index of the buffer moves.
 */
public final class Ipv6Header {
    /** Bytes of the header without extensions. */
    public static final int LENGTH = 40;
    /** Bytes of the header that {@link #write} puts behind the first one of a fragment. */
    public static final int FRAGMENT_HEADER_LENGTH = 8;

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

    private static final int ROUTING_TYPE = 2;
    private static final int SEGMENTS_LEFT = 3;
    private static final int PAD_1 = 0;
    private static final int PAD_N = 1;
    private static final int SKIP = 0;
    private static final int DISCARD = 1;

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
     * @return null if the headers are sound, else why not; the fields are then unspecified, unless {@link IpHeader#problemOffset} says
     *     that the sender is to be told: then they are as if nothing were wrong
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
            .protocolOffset(NEXT_HEADER).problemOffset(-1).lengths(LENGTH, payloadLength);
        if (into.source().isV4() || into.destination().isV4()) {
            return DropReason.BAD_ADDRESS; // RFC 4942 section 2.2: an IPv4-mapped address on the wire only disguises its sender
        }
        DropReason reason = readExtensionHeaders(from, index, into);
        if (reason == DropReason.BAD_IP_HEADER) {
            into.problemOffset(-1);
        }
        return reason;
    }

    private static DropReason readExtensionHeaders(ByteBuf from, int index, IpHeader into) {
        int end = into.headerLength() + into.payloadLength();
        DropReason problem = null; // the first; the walk goes on, since no error may be sent about another (RFC 4443 section 2.4 (e))
        for (int count = 0; isExtension(into.protocol(), count); count++) {
            int offset = into.headerLength();
            if (count == MAX_EXTENSION_HEADERS || end - offset < 8) {
                return DropReason.BAD_IP_HEADER; // every extension header is at least eight bytes long
            }
            int extension = into.protocol();
            int extensionLength = extensionLength(extension, from.getUnsignedByte(index + offset + 1));
            if (extensionLength > end - offset) {
                return DropReason.BAD_IP_HEADER;
            }
            if (problem == null) {
                problem = check(extension, from, index, offset, extensionLength, into);
            }
            if (problem != null && into.problemOffset() < 0) {
                return problem;
            }
            into.protocol(from.getByte(index + offset)).protocolOffset(offset)
                .lengths(offset + extensionLength, end - offset - extensionLength);
            if (extension == FRAGMENT) {
                int offsetAndMore = from.getUnsignedShort(index + offset + 2);
                into.fragment(offsetAndMore & FRAGMENT_OFFSET, (offsetAndMore & MORE_FRAGMENTS) != 0)
                    .identification(from.getInt(index + offset + 4));
                if (into.isFragment()) {
                    // Departs from RFC 8200 4.5: a first fragment need not hold all headers. What follows is read once the packet is whole;
                    // nothing here judges by ports before, which is what that rule is for.
                    return problem;
                }
            }
        }
        return problem;
    }

    /** Why a packet with that extension header at {@code offset} is not taken, or null. */
    private static DropReason check(int extension, ByteBuf from, int index, int offset, int length, IpHeader into) {
        return switch (extension) {
            case HOP_BY_HOP, DESTINATION_OPTIONS -> checkOptions(from, index, offset + 2, offset + length, into);
            case ROUTING -> {
                if (from.getByte(index + offset + SEGMENTS_LEFT) == 0) {
                    yield null;
                }
                into.problemOffset(offset + ROUTING_TYPE); // RFC 8200 section 4.4, and RFC 5095: there is no type that we know
                yield DropReason.SOURCE_ROUTE;
            }
            default -> null;
        };
    }

    /** RFC 8200 section 4.2: the upper two bits of an option's type say what becomes of the packet where nobody knows the option. */
    private static DropReason checkOptions(ByteBuf from, int index, int start, int end, IpHeader into) {
        int at = start;
        while (at < end) {
            int option = from.getUnsignedByte(index + at);
            if (option == PAD_1) {
                at++;
                continue;
            }
            if (at + 2 > end || from.getUnsignedByte(index + at + 1) > end - at - 2) {
                return DropReason.BAD_IP_HEADER;
            }
            int action = option >>> 6;
            if (option != PAD_N && action != SKIP) {
                into.problemOffset(action == DISCARD ? -1 : at); // multicasts, where the other two differ, never reach us
                return DropReason.UNKNOWN_OPTION;
            }
            at += 2 + from.getUnsignedByte(index + at + 1);
        }
        return null;
    }

    /** RFC 8200 section 4: hop-by-hop options are so only directly behind the first header. */
    private static boolean isExtension(int protocol, int before) {
        return switch (protocol) {
            case HOP_BY_HOP -> before == 0;
            case ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS, MOBILITY, HOST_IDENTITY, SHIM6 -> true;
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
     * Writes a header of 40 bytes, and a fragment header behind it if the packet is a {@linkplain IpHeader#isFragment() fragment}.
     *
     * @param payloadLength  0 to 65,535 bytes, less the fragment header's 8, which the caller puts behind the headers
     * @return 40, or 48 of a fragment
     * @throws IllegalArgumentException if an address is IPv4, or the payload is too long
     */
    public static int write(IpHeader header, int payloadLength, ByteBuf out, int index) {
        if (header.source().isV4() || header.destination().isV4()) {
            throw new IllegalArgumentException("no IPv6 addresses: " + header.source() + " > " + header.destination());
        }
        int extension = header.isFragment() ? FRAGMENT_HEADER_LENGTH : 0;
        if (payloadLength < 0 || payloadLength > MAX_PAYLOAD - extension) {
            throw new IllegalArgumentException("payload of " + payloadLength + " bytes, not 0 to " + (MAX_PAYLOAD - extension));
        }
        int next = header.isFragment() ? FRAGMENT : header.protocol();
        out.setInt(index, 6 << 28 | header.trafficClass() << 20 | header.flowLabel());
        out.setInt(index + PAYLOAD_LENGTH, extension + payloadLength << 16 | next << 8 | header.hopLimit());
        out.setLong(index + SOURCE, header.source().high());
        out.setLong(index + SOURCE + 8, header.source().low());
        out.setLong(index + DESTINATION, header.destination().high());
        out.setLong(index + DESTINATION + 8, header.destination().low());
        if (header.isFragment()) {
            int more = header.hasMoreFragments() ? MORE_FRAGMENTS : 0;
            out.setInt(index + LENGTH, header.protocol() << 24 | header.fragmentOffset() | more);
            out.setInt(index + LENGTH + 4, header.identification());
        }
        return LENGTH + extension;
    }
}
