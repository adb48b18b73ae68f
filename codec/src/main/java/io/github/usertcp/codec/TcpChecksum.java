package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * The checksum of a TCP segment, pseudo-header included (RFC 9293 section 3.1). Over UDP it is normally left out, sent as zero,
 * because the UDP checksum covers the whole segment already.
 */
public final class TcpChecksum {
    /** TCP's number in the protocol field of an IP header. */
    public static final int PROTOCOL = 6;

    private TcpChecksum() {
    }

    /**
     * Computes the checksum of the segment that fills {@code length} bytes, at least 20, from the absolute {@code index}, and
     * stores it in its header.
     */
    public static void fill(ByteBuf buffer, int index, int length, IpAddress source, IpAddress destination) {
        buffer.setShort(index + TcpHeader.CHECKSUM, 0);
        int sum = sum(buffer, index, length, source, destination);
        buffer.setShort(index + TcpHeader.CHECKSUM, InternetChecksum.complement(sum));
    }

    /** True if the segment that fills {@code length} bytes from the absolute {@code index} carries its right checksum. */
    public static boolean isValid(ByteBuf buffer, int index, int length, IpAddress source, IpAddress destination) {
        return InternetChecksum.complement(sum(buffer, index, length, source, destination)) == 0;
    }

    private static int sum(ByteBuf buffer, int index, int length, IpAddress source, IpAddress destination) {
        return InternetChecksum.add(InternetChecksum.pseudoHeader(source, destination, PROTOCOL, length),
            InternetChecksum.sum(buffer, index, length));
    }
}
