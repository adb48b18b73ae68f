package io.github.usertcp.tun;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;

/**
 * What stands before each packet of a device with offload ({@code struct virtio_net_hdr} of the virtio specification, legacy
 * layout: ten bytes in the byte order of the machine):
 *
 * <pre>
 *   0  flags         1 byte    NEEDS_CSUM: only the pseudo-header's sum is in the checksum field; DATA_VALID: somebody has verified it
 *   1  gso type      1 byte    what kind of super-segment, 0 if none; 0x80 is or'ed to it if the first piece alone has CWR
 *   2  header length 2 bytes   of IP and TCP, repeated for every piece
 *   4  gso size      2 bytes   payload of each piece but the last
 *   6  csum start    2 bytes   where the range of the checksum starts
 *   8  csum offset   2 bytes   where the checksum field is, from there
 * </pre>
 */
public final class VirtioNetHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 10;

    private static final int FLAGS = 0;
    private static final int GSO_TYPE = 1;
    private static final int HEADER_LENGTH = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int DATA_VALID = 2;
    private static final int GSO_TCP_V4 = 1;
    private static final int GSO_TCP_V6 = 4;
    private static final int GSO_ECN = 0x80;
    /** Where a TCP header has its checksum. */
    private static final int TCP_CHECKSUM = 16;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private VirtioNetHeader() {
    }

    /** True if the checksum of the packet needs no look: it never left the machine, or somebody has looked already. */
    public static boolean isChecksumGood(ByteBuf packet, int index) {
        return (packet.getByte(index + FLAGS) & (NEEDS_CHECKSUM | DATA_VALID)) != 0;
    }

    /** Payload of each piece of a TCP super-segment, or 0 if the packet is none. */
    public static int tcpSegmentSize(ByteBuf packet, int index) {
        int type = packet.getUnsignedByte(index + GSO_TYPE) & ~GSO_ECN;
        return type == GSO_TCP_V4 || type == GSO_TCP_V6 ? getShort(packet, index + GSO_SIZE) : 0;
    }

    /** Writes the header of a packet that is complete as it stands, checksums included. */
    public static void writePlain(ByteBuf out, int index) {
        out.setLong(index, 0).setShort(index + 8, 0);
    }

    /**
     * Writes the header of a TCP packet whose checksum field holds the sum of the pseudo-header.
     *
     * @param ipHeaderLength  bytes before the TCP header
     * @param headerLength    bytes before the payload
     * @param segmentSize     payload of each piece, or 0 for a packet that is not to be cut
     * @param first           true if the packet has CWR set, which belongs to its first piece only
     */
    public static void writeTcp(ByteBuf out, int index, int ipHeaderLength, int headerLength, int segmentSize, boolean first) {
        boolean v4 = ipHeaderLength == 20;
        int type = segmentSize == 0 ? 0 : (v4 ? GSO_TCP_V4 : GSO_TCP_V6) | (first ? GSO_ECN : 0);
        out.setByte(index + FLAGS, NEEDS_CHECKSUM).setByte(index + GSO_TYPE, type);
        setShort(out, index + HEADER_LENGTH, segmentSize == 0 ? 0 : headerLength);
        setShort(out, index + GSO_SIZE, segmentSize);
        setShort(out, index + CHECKSUM_START, ipHeaderLength);
        setShort(out, index + CHECKSUM_OFFSET, TCP_CHECKSUM);
    }

    private static int getShort(ByteBuf packet, int index) {
        return LITTLE_ENDIAN ? packet.getUnsignedShortLE(index) : packet.getUnsignedShort(index);
    }

    private static void setShort(ByteBuf out, int index, int value) {
        if (LITTLE_ENDIAN) {
            out.setShortLE(index, value);
        } else {
            out.setShort(index, value);
        }
    }
}
