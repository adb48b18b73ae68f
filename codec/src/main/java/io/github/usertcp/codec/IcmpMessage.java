package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads and writes ICMP (RFC 792, RFC 1191) and ICMPv6 (RFC 4443) messages: echoes, and errors that quote the packet they are about.
 *
 * <pre>
 *   type  code  checksum       of errors, behind these eight bytes:
 *   identifier  sequence       the IP header of a packet that we have sent, and the beginning of what was in it;
 *   or 0        MTU            of TCP, eight bytes: ports and sequence number
 * </pre>
 * A mutable holder that one owner fills again and again. Absolute indexes; no index of the buffer moves. Not thread-safe.
 */
public final class IcmpMessage {
    /** ICMP's number in the protocol field of an IPv4 header. */
    public static final int PROTOCOL_V4 = 1;
    /** ICMPv6's number in the next header field of an IPv6 header. */
    public static final int PROTOCOL_V6 = 58;
    /** Bytes before the quoted packet, or before the data of an echo. */
    public static final int HEADER_LENGTH = 8;

    private static final int CHECKSUM = 2;
    private static final int REST = 4;

    private boolean v4;
    private int type;
    private int code;
    private int rest;
    private int length;

    /**
     * Reads the message that fills {@code length} bytes from {@code index}, behind the IP header {@code ip}, checksum verified.
     *
     * @return null if it is an ICMP message, of whatever type, else why not; the fields are then unspecified
     */
    public static DropReason read(ByteBuf from, int index, int length, IpHeader ip, IcmpMessage into) {
        if (length < HEADER_LENGTH) {
            return DropReason.BAD_ICMP;
        }
        into.v4 = ip.isV4();
        if (sum(from, index, length, ip) != 0) {
            return DropReason.BAD_CHECKSUM;
        }
        into.type = from.getUnsignedByte(index);
        into.code = from.getUnsignedByte(index + 1);
        into.rest = from.getInt(index + REST);
        into.length = length;
        return null;
    }

    public int type() {
        return type;
    }

    public int code() {
        return code;
    }

    /** Somebody wants to know whether we are there. */
    public boolean isEchoRequest() {
        return type == (v4 ? IcmpType.ECHO_V4 : IcmpType.ECHO_V6) && code == 0;
    }

    /** An error, or a type nobody has defined yet in the range of errors. */
    public boolean isError() {
        return v4 ? IcmpType.isErrorV4(type) : type < IcmpType.FIRST_INFORMATIONAL_V6;
    }

    /**
     * Whether the sender of a message of that type may be told of an error: not if it is one itself (RFC 1122 section 3.2.2), nor if it is
     * a redirect (RFC 4443 section 2.4 (e)).
     */
    public static boolean mayCauseError(int type, boolean v4) {
        return v4 ? !IcmpType.isErrorV4(type) : type >= IcmpType.FIRST_INFORMATIONAL_V6 && type != IcmpType.REDIRECT_V6;
    }

    /**
     * The error that the message just read from the same {@code index} tells of a TCP segment. The quoted packet is
     * anything anybody cares to write there; it is looked at as far as TCP's sequence number and not believed.
     *
     * @return null if it is no error, or quotes no beginning of a TCP segment, or one between other kinds of addresses
     */
    public IcmpError tcpError(ByteBuf from, int index) {
        IcmpErrorKind kind = v4 ? IcmpType.errorV4(type, code) : IcmpType.errorV6(type, code);
        if (kind == null) {
            return null;
        }
        int quoted = index + HEADER_LENGTH;
        int room = length - HEADER_LENGTH;
        int tcp = v4 ? QuotedPacket.tcpInV4(from, quoted, room) : QuotedPacket.tcpInV6(from, quoted, room);
        if (tcp < 0) {
            return null;
        }
        IpAddress local = QuotedPacket.source(from, quoted, v4);
        IpAddress remote = QuotedPacket.destination(from, quoted, v4);
        if (local.isV4() != v4 || remote.isV4() != v4) {
            return null; // IPv4-mapped addresses are on no packet of ours: it would be an error about a connection of the other family
        }
        return new IcmpError(kind, local, from.getUnsignedShort(tcp + TcpHeader.SOURCE_PORT),
            remote, from.getUnsignedShort(tcp + TcpHeader.DESTINATION_PORT),
            from.getInt(tcp + TcpHeader.SEQ), kind == IcmpErrorKind.PACKET_TOO_BIG ? mtu() : 0);
    }

    /** RFC 1191 section 4: the low 16 bits; RFC 4443 section 3.2: all 32. */
    private long mtu() {
        return v4 ? rest & 0xFFFF : rest & 0xFFFF_FFFFL;
    }

    /**
     * Makes the echo request that fills {@code length} bytes from {@code index} the reply to it, in place (RFC 792, RFC 4443 section 4.2).
     *
     * @param ip  the header of the packet that the reply will travel in: our address first
     */
    public static void makeEchoReply(ByteBuf message, int index, int length, IpHeader ip) {
        message.setByte(index, ip.isV4() ? IcmpType.ECHO_REPLY_V4 : IcmpType.ECHO_REPLY_V6);
        fillChecksum(message, index, length, ip);
    }

    /**
     * Writes an error about a packet, with as much of it as the smallest MTU of its kind lets the error carry whole: 576 bytes for IPv4
     * (RFC 1812 section 4.3.2.3), 1,280 for IPv6 (RFC 4443 section 3.1). Whether an error may be sent at all (not about an error, a
     * fragment, a multicast; RFC 1122 section 3.2.2), and how often, is the caller's to judge.
     *
     * @param kind  written with the first code listed there
     * @param ip    the header of the packet that the error will travel in, for its addresses
     * @param rest  with {@link IcmpErrorKind#PACKET_TOO_BIG}, the MTU it does not fit; in an ICMPv6 parameter problem, where in the packet
     *     the field is that is wrong; else 0
     * @param packet  the packet from its IP header on, between its reader and writer index
     * @return bytes written at {@code index}
     * @throws IllegalArgumentException if that IP version has no such error
     */
    public static int writeError(IcmpErrorKind kind, IpHeader ip, int rest, ByteBuf packet, ByteBuf out, int index) {
        return write(ip.isV4() ? IcmpType.ofV4(kind) : IcmpType.ofV6(kind), rest, ip, packet, out, index);
    }

    /**
     * Writes a message of any type, with as much of {@code content} behind its eight bytes as {@link #writeError} would quote.
     *
     * @param typeAndCode  the type in the upper, the code in the lower eight bits
     * @param rest  the four bytes whose meaning depends on the type
     * @return bytes written at {@code index}
     */
    public static int write(int typeAndCode, int rest, IpHeader ip, ByteBuf content, ByteBuf out, int index) {
        int room = (ip.isV4() ? 576 - Ipv4Header.MIN_LENGTH : 1280 - Ipv6Header.LENGTH) - HEADER_LENGTH;
        int quoted = Math.min(content.readableBytes(), room);
        out.ensureWritable(Math.max(0, index + HEADER_LENGTH + quoted - out.writerIndex()));
        out.setShort(index, typeAndCode);
        out.setInt(index + REST, rest);
        out.setBytes(index + HEADER_LENGTH, content, content.readerIndex(), quoted);
        fillChecksum(out, index, HEADER_LENGTH + quoted, ip);
        return HEADER_LENGTH + quoted;
    }

    private static void fillChecksum(ByteBuf message, int index, int length, IpHeader ip) {
        message.setShort(index + CHECKSUM, 0);
        message.setShort(index + CHECKSUM, sum(message, index, length, ip));
    }

    /** Only ICMPv6's checksum covers the addresses too (RFC 4443 section 2.3). */
    private static int sum(ByteBuf message, int index, int length, IpHeader ip) {
        int sum = InternetChecksum.sum(message, index, length);
        if (!ip.isV4()) {
            sum = InternetChecksum.add(sum, InternetChecksum.pseudoHeader(ip.source(), ip.destination(), PROTOCOL_V6, length));
        }
        return InternetChecksum.complement(sum);
    }
}
