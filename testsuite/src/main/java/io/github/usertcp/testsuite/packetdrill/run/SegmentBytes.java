package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.testsuite.packetdrill.script.TcpOption;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/** Makes the bytes of what a script's peer sends: any options in any order, a payload of zeros. */
final class SegmentBytes {
    private static final int MIN_HEADER_LENGTH = 20;
    private static final int KIND_MSS = 2;
    private static final int KIND_WINDOW_SCALE = 3;
    private static final int KIND_SACK_PERMITTED = 4;
    private static final int KIND_SACK = 5;
    private static final int KIND_TIMESTAMPS = 8;
    private static final int KIND_MD5 = 19;
    private static final int KIND_FAST_OPEN = 34;
    private static final int KIND_EXPERIMENTAL = 254;
    /** RFC 6994 section 3: which experiment an option of kind 254 is of; this one is fast open's before it had a kind of its own. */
    private static final int EXPERIMENT_FAST_OPEN = 0xF989;

    private SegmentBytes() {
    }

    /** The caller owns what comes back. */
    static ByteBuf of(TcpPacket packet, Flow flow, RunOptions options) {
        boolean syn = packet.isSyn();
        int optionsLength = packet.options().stream().mapToInt(TcpOption::wireLength).sum();
        ByteBuf bytes = Unpooled.buffer(MIN_HEADER_LENGTH + optionsLength + packet.length());
        bytes.writeShort(flow.remotePort).writeShort(flow.localPort());
        bytes.writeInt(flow.remoteToWire(packet.seq(), syn));
        bytes.writeInt(packet.ack() < 0 ? 0 : flow.localToWire(packet.ack(), syn));
        bytes.writeShort((MIN_HEADER_LENGTH + optionsLength) / 4 << 12 | packet.flags());
        bytes.writeShort(packet.window()).writeShort(0).writeShort(packet.urgent());
        for (TcpOption option : packet.options()) {
            write(option, packet, flow, options, bytes);
        }
        return bytes.writeZero(packet.length());
    }

    private static void write(TcpOption option, TcpPacket packet, Flow flow, RunOptions options, ByteBuf out) {
        if (option instanceof TcpOption.Sack sack) {
            out.writeByte(KIND_SACK).writeByte(sack.wireLength());
            sack.edges().forEach(edge -> out.writeInt(flow.localToWire(edge, packet.isSyn())));
        } else if (option instanceof TcpOption.Timestamps stamps) {
            long echo = packet.hasFlags(TcpFlags.ACK) ? echo(stamps, flow, options) : stamps.ecr();
            out.writeByte(KIND_TIMESTAMPS).writeByte(stamps.wireLength()).writeInt((int) stamps.val()).writeInt((int) echo);
        } else {
            out.writeBytes(fixed(option));
        }
    }

    private static long echo(TcpOption.Timestamps stamps, Flow flow, RunOptions options) {
        Long echo = flow.echoToWire(stamps.ecr(), options.tsEcrScaled);
        if (echo == null) {
            throw new ScriptFailure("no packet before had the timestamp that \"ecr " + stamps.ecr() + "\" echoes");
        }
        return echo;
    }

    /** An option whose value does not depend on the connection, as it stands on the wire. */
    static byte[] fixed(TcpOption option) {
        ByteBuf bytes = Unpooled.buffer();
        if (option instanceof TcpOption.Padding padding) {
            bytes.writeByte(padding.kind());
        } else if (option instanceof TcpOption.Mss mss) {
            bytes.writeByte(KIND_MSS).writeByte(mss.wireLength()).writeShort(mss.value());
        } else if (option instanceof TcpOption.WindowScale scale) {
            bytes.writeByte(KIND_WINDOW_SCALE).writeByte(scale.wireLength()).writeByte(scale.shift());
        } else if (option instanceof TcpOption.SackPermitted permitted) {
            bytes.writeByte(KIND_SACK_PERMITTED).writeByte(permitted.wireLength());
        } else if (option instanceof TcpOption.FastOpen cookie) {
            bytes.writeByte(cookie.experimental() ? KIND_EXPERIMENTAL : KIND_FAST_OPEN).writeByte(cookie.wireLength());
            if (cookie.experimental()) {
                bytes.writeShort(EXPERIMENT_FAST_OPEN);
            }
            bytes.writeBytes(HexFormat.of().parseHex(cookie.cookieHex()));
        } else if (option instanceof TcpOption.AccurateEcn counters) {
            bytes.writeByte(counters.kind()).writeByte(counters.wireLength());
            counters.counters().forEach(counter -> bytes.writeMedium(counter.intValue()));
        } else if (option instanceof TcpOption.Md5 digest) {
            bytes.writeByte(KIND_MD5).writeByte(digest.wireLength()).writeBytes(HexFormat.of().parseHex(digest.digestHex()));
        } else {
            throw new AssertionError(option);
        }
        byte[] array = new byte[bytes.readableBytes()];
        bytes.readBytes(array);
        bytes.release();
        return array;
    }

    /** Kind, length and value as hexadecimal digits, for messages. */
    static String hex(byte[] value) {
        return HexFormat.of().formatHex(value);
    }
}
