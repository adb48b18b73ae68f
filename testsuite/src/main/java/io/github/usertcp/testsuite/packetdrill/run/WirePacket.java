package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** An IP packet with a TCP segment as its bytes say, read without the codec, which is under test too. */
final class WirePacket {
    private static final int IPV4 = 4;
    private static final int PROTOCOL_TCP = 6;
    private static final int TCP_SEQ = 4;
    private static final int TCP_ACK = 8;
    private static final int TCP_OFFSET = 12;
    private static final int TCP_WINDOW = 14;
    private static final int TCP_URGENT = 18;
    private static final int TCP_OPTIONS = 20;

    private final ByteBuf bytes;
    private final long timeMicros;
    private final int tcp;
    private final int payloadLength;
    /** What is true of this packet and of all that it was put together from. */
    private final boolean soundIpChecksum;
    private final boolean soundTcpChecksum;
    private final boolean onlyZeros;

    /** An option as it stands in the header. */
    record Option(int kind, byte[] value) {
        boolean isPadding() {
            return kind <= 1;
        }
    }

    /** @param packet  from the IP header on; copied, so that it stays the caller's */
    WirePacket(ByteBuf packet, long timeMicros) {
        bytes = Unpooled.copiedBuffer(packet);
        this.timeMicros = timeMicros;
        tcp = isIpv4() ? (bytes.getByte(0) & 0xF) * 4 : 40;
        payloadLength = bytes.readableBytes() - tcp - dataOffset();
        soundIpChecksum = !isIpv4() || fold(sum(0, tcp)) == 0xFFFF;
        soundTcpChecksum = fold(pseudoHeaderSum() + sum(tcp, bytes.readableBytes() - tcp)) == 0xFFFF;
        onlyZeros = sum(tcp + dataOffset(), payloadLength) == 0;
    }

    /**
     * {@code last} with the payload of {@code earlier} ones before its own: their sequence number and CWR, and everything else of
     * its own.
     */
    private WirePacket(WirePacket earlier, WirePacket last, int cwr) {
        bytes = last.bytes.copy();
        timeMicros = last.timeMicros;
        tcp = last.tcp;
        payloadLength = earlier.payloadLength + last.payloadLength;
        bytes.setInt(tcp + TCP_SEQ, earlier.seq());
        bytes.setShort(tcp + TCP_OFFSET, last.bytes.getShort(tcp + TCP_OFFSET) & ~cwr | earlier.flags() & cwr);
        soundIpChecksum = earlier.soundIpChecksum && last.soundIpChecksum;
        soundTcpChecksum = earlier.soundTcpChecksum && last.soundTcpChecksum;
        onlyZeros = earlier.onlyZeros && last.onlyZeros;
    }

    long timeMicros() {
        return timeMicros;
    }

    // ---- IP

    boolean isIpv4() {
        return bytes.getByte(0) >> 4 == IPV4;
    }

    int protocol() {
        return bytes.getByte(isIpv4() ? 9 : 6) & 0xFF;
    }

    boolean isTcp() {
        return protocol() == PROTOCOL_TCP;
    }

    int trafficClass() {
        return isIpv4() ? bytes.getByte(1) & 0xFF : bytes.getShort(0) >> 4 & 0xFF;
    }

    int hopLimit() {
        return bytes.getByte(isIpv4() ? 8 : 7) & 0xFF;
    }

    int flowLabel() {
        return isIpv4() ? 0 : bytes.getInt(0) & 0xFFFFF;
    }

    IpAddress source() {
        return isIpv4() ? IpAddress.readV4(bytes, 12) : IpAddress.readV6(bytes, 8);
    }

    IpAddress destination() {
        return isIpv4() ? IpAddress.readV4(bytes, 16) : IpAddress.readV6(bytes, 24);
    }

    /** The length the header states is that of the packet. */
    boolean hasSoundLength() {
        int stated = isIpv4() ? bytes.getUnsignedShort(2) : 40 + bytes.getUnsignedShort(4);
        return stated == bytes.readableBytes();
    }

    boolean hasSoundIpChecksum() {
        return soundIpChecksum;
    }

    boolean hasSoundTcpChecksum() {
        return soundTcpChecksum;
    }

    private long pseudoHeaderSum() {
        return sum(isIpv4() ? 12 : 8, isIpv4() ? 8 : 32) + PROTOCOL_TCP + bytes.readableBytes() - tcp;
    }

    private long sum(int index, int length) {
        long sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += (bytes.getByte(index + i) & 0xFF) << 8 | (i + 1 < length ? bytes.getByte(index + i + 1) & 0xFF : 0);
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) folded;
    }

    // ---- TCP

    int sourcePort() {
        return bytes.getUnsignedShort(tcp);
    }

    int destinationPort() {
        return bytes.getUnsignedShort(tcp + 2);
    }

    int seq() {
        return bytes.getInt(tcp + TCP_SEQ);
    }

    int ack() {
        return bytes.getInt(tcp + TCP_ACK);
    }

    int dataOffset() {
        return (bytes.getByte(tcp + TCP_OFFSET) >> 4 & 0xF) * 4;
    }

    /** The nine flags and, above them, the three reserved bits, which must be 0. */
    int flags() {
        return bytes.getShort(tcp + TCP_OFFSET) & 0xFFF;
    }

    int window() {
        return bytes.getUnsignedShort(tcp + TCP_WINDOW);
    }

    int urgentPointer() {
        return bytes.getUnsignedShort(tcp + TCP_URGENT);
    }

    int payloadLength() {
        return payloadLength;
    }

    /** Every write of a script sends zeros. */
    boolean hasOnlyZeros() {
        return onlyZeros;
    }

    /** Up to an EOL, which is the last; {@code null} if they are no list of options. */
    List<Option> options() {
        List<Option> options = new ArrayList<>();
        int end = tcp + dataOffset();
        int index = tcp + TCP_OPTIONS;
        while (index < end) {
            int kind = bytes.getUnsignedByte(index);
            int length = kind <= 1 ? 1 : index + 1 < end ? bytes.getUnsignedByte(index + 1) : 0;
            if (length < 1 || kind > 1 && length < 2 || index + length > end) {
                return null;
            }
            byte[] value = new byte[kind <= 1 ? 0 : length - 2];
            bytes.getBytes(index + 2 <= end ? index + 2 : index, value);
            options.add(new Option(kind, value));
            index += length;
        }
        return options;
    }

    /** This packet, put together with the {@code earlier} ones; of the flags in the mask those of the first count, else its own. */
    WirePacket behind(WirePacket earlier, int ofFirst) {
        return new WirePacket(earlier, this, ofFirst);
    }
}
