package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 or IPv6 address as two longs, so that it can be compared, hashed and kept in a table without touching byte arrays.
 * IPv4 addresses are held as IPv4-mapped IPv6 ({@code ::ffff:a.b.c.d}, RFC 4291 section 2.5.5.2); an IPv4-mapped address that arrives in an
 * {@code Inet6Address} is therefore the IPv4 address it stands for.
 *
 * <p>Scope ids are not part of the address.
 */
public record IpAddress(long high, long low) {
    private static final long V4_PREFIX = 0x0000_FFFF_0000_0000L;

    /** {@code 0.0.0.0}. */
    public static final IpAddress ANY_V4 = v4(0);
    /** {@code ::}. */
    public static final IpAddress ANY_V6 = new IpAddress(0, 0);
    /** {@code 127.0.0.1}. */
    public static final IpAddress LOOPBACK_V4 = v4(0x7F00_0001);
    /** {@code ::1}. */
    public static final IpAddress LOOPBACK_V6 = new IpAddress(0, 1);

    /** The IPv4 address whose 32 bits, in network order, are {@code bits}. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, V4_PREFIX | bits & 0xFFFF_FFFFL);
    }

    public static IpAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return v4((int) bigEndian(bytes, 0, 4));
        }
        return new IpAddress(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
    }

    /**
     * Reads a literal such as {@code 192.0.2.1} or {@code 2001:db8::1}; never asks a name service.
     *
     * @throws IllegalArgumentException if the text is no address literal
     */
    public static IpAddress parse(String literal) {
        boolean numeric = !literal.isEmpty()
            && (literal.indexOf(':') >= 0 || literal.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9'));
        if (!numeric) {
            throw new IllegalArgumentException("\"" + literal + "\" is no IP address literal");
        }
        try {
            return of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + literal + "\" is no IP address literal", e);
        }
    }

    /** Four bytes in network order at an absolute index; the reader index does not move. */
    public static IpAddress readV4(ByteBuf from, int index) {
        return v4(from.getInt(index));
    }

    /** Sixteen bytes in network order at an absolute index; the reader index does not move. */
    public static IpAddress readV6(ByteBuf from, int index) {
        return new IpAddress(from.getLong(index), from.getLong(index + 8));
    }

    public boolean isV4() {
        return high == 0 && low >>> 32 == 0xFFFFL;
    }

    /** {@code 0.0.0.0} or {@code ::}. */
    public boolean isAny() {
        return high == 0 && (low == 0 || low == V4_PREFIX);
    }

    /** The wildcard of the same family. */
    public IpAddress wildcard() {
        return isV4() ? ANY_V4 : ANY_V6;
    }

    /** 224.0.0.0/4, ff00::/8, or the limited broadcast address: none of them can be a TCP peer (RFC 9293 section 3.9.2.3). */
    public boolean isMulticastOrBroadcast() {
        if (isV4()) {
            int bits = v4Bits();
            return bits >>> 28 == 0xE || bits == -1;
        }
        return high >>> 56 == 0xFF;
    }

    public boolean isLoopback() {
        return isV4() ? v4Bits() >>> 24 == 127 : high == 0 && low == 1;
    }

    /** The 32 bits of an IPv4 address in network order; of an IPv6 address, its last 32 bits. */
    public int v4Bits() {
        return (int) low;
    }

    public InetAddress toInetAddress() {
        byte[] bytes = new byte[isV4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int shift = 8 * (bytes.length - 1 - i);
            bytes[i] = (byte) (shift >= 64 ? high >>> shift - 64 : low >>> shift);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // only for a wrong array length
        }
    }

    @Override
    public String toString() {
        return toInetAddress().getHostAddress();
    }

    private static long bigEndian(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }
}
