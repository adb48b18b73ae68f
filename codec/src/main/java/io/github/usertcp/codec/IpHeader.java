package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * What the header of an IP packet says, of either version: a mutable holder that one owner fills again and again. Read by {@link
 * #read}, or by {@link Ipv4Header} and {@link Ipv6Header}, which also write it.
 *
 * <p>A packet read is whole: its lengths agree with the bytes that are there. A {@linkplain #isFragment() fragment} is told, not
 * dropped; so are addresses and protocol, whatever they are. Not thread-safe.
 */
public final class IpHeader {
    /** What new packets start with (RFC 1122 section 3.2.1.7 leaves it to us, 64 is the value the IANA registry recommends). */
    public static final int DEFAULT_HOP_LIMIT = 64;

    private IpAddress source = IpAddress.ANY_V4;
    private IpAddress destination = IpAddress.ANY_V4;
    private int protocol = TcpChecksum.PROTOCOL;
    private int trafficClass;
    private int hopLimit = DEFAULT_HOP_LIMIT;
    private int flowLabel;
    private int identification;
    private boolean dontFragment = true;
    private boolean moreFragments;
    private int fragmentOffset;
    private int protocolOffset;
    private int problemOffset;
    private int headerLength;
    private int payloadLength;

    /**
     * Reads the header of the packet that starts at the absolute {@code index}, of whichever version its first bits say. Bytes
     * behind the packet, such as the padding of an Ethernet frame, are not part of it.
     *
     * @param length  bytes that are there, at least those of the packet
     * @return null if the header is sound, else why not; the fields are then unspecified, unless there is a {@link #problemOffset}
     */
    public static DropReason read(ByteBuf from, int index, int length, IpHeader into) {
        into.problemOffset = -1;
        if (length < 1) {
            return DropReason.BAD_IP_HEADER;
        }
        return switch (from.getUnsignedByte(index) >>> 4) {
            case 4 -> Ipv4Header.read(from, index, length, into);
            case 6 -> Ipv6Header.read(from, index, length, into);
            default -> DropReason.BAD_IP_HEADER;
        };
    }

    public IpAddress source() {
        return source;
    }

    public IpAddress destination() {
        return destination;
    }

    public IpHeader addresses(IpAddress from, IpAddress to) {
        source = from;
        destination = to;
        return this;
    }

    /** Whether it is an IPv4 packet, by its addresses. */
    public boolean isV4() {
        return destination.isV4();
    }

    /** The number of the protocol above, behind any extension headers: 6 for TCP. */
    public int protocol() {
        return protocol;
    }

    public IpHeader protocol(int value) {
        protocol = value & 0xFF;
        return this;
    }

    /** The eight bits called type of service, traffic class, or DS field and ECN (RFC 2474, RFC 3168). */
    public int trafficClass() {
        return trafficClass;
    }

    public IpHeader trafficClass(int value) {
        trafficClass = value & 0xFF;
        return this;
    }

    /** Time to live, or hop limit, 0 to 255. */
    public int hopLimit() {
        return hopLimit;
    }

    public IpHeader hopLimit(int value) {
        hopLimit = value & 0xFF;
        return this;
    }

    /** The 20 bits of IPv6's flow label (RFC 6437); 0 on IPv4. */
    public int flowLabel() {
        return flowLabel;
    }

    public IpHeader flowLabel(int value) {
        flowLabel = value & 0xFFFFF;
        return this;
    }

    /** What the fragments of one packet have in common: 16 bits on IPv4, 32 on IPv6, where only fragments have it. */
    public int identification() {
        return identification;
    }

    public IpHeader identification(int value) {
        identification = value;
        return this;
    }

    /** IPv4's don't fragment bit; true on IPv6, where routers never do. Set in new headers, for path MTU discovery (RFC 1191). */
    public boolean isDontFragment() {
        return dontFragment;
    }

    public IpHeader dontFragment(boolean value) {
        dontFragment = value;
        return this;
    }

    /** True if this is only part of a packet. Its payload is to be read once the packet is whole. */
    public boolean isFragment() {
        return moreFragments || fragmentOffset > 0;
    }

    public boolean hasMoreFragments() {
        return moreFragments;
    }

    /** Where in the whole packet's payload this fragment's begins, in bytes: a multiple of 8 up to 65,528. */
    public int fragmentOffset() {
        return fragmentOffset;
    }

    /** Where in the packet the number of the {@linkplain #protocol() protocol} stands. */
    public int protocolOffset() {
        return protocolOffset;
    }

    IpHeader protocolOffset(int offset) {
        protocolOffset = offset;
        return this;
    }

    /** Where in the packet the field is for which it was not taken, if its sender is to be told (RFC 8200 section 4), else -1. */
    public int problemOffset() {
        return problemOffset;
    }

    IpHeader problemOffset(int offset) {
        problemOffset = offset;
        return this;
    }

    /** Makes it the header of a fragment, or of a whole packet if its offset is 0 and no more fragments follow. */
    public IpHeader fragment(int offsetBytes, boolean more) {
        fragmentOffset = offsetBytes;
        moreFragments = more;
        return this;
    }

    /** Bytes before the payload: the IP header with its options or extension headers. */
    public int headerLength() {
        return headerLength;
    }

    /** Bytes of the payload. */
    public int payloadLength() {
        return payloadLength;
    }

    IpHeader lengths(int header, int payload) {
        headerLength = header;
        payloadLength = payload;
        return this;
    }

    @Override
    public String toString() {
        String fragment = isFragment() ? " fragment " + fragmentOffset : "";
        return source + " > " + destination + " protocol " + protocol + " length " + payloadLength + fragment;
    }
}
