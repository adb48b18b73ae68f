package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.testsuite.packetdrill.script.IpInfo;
import io.github.usertcp.testsuite.packetdrill.script.TcpOption;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Compares a packet with the line that expects it, field by field. */
final class PacketMatcher {
    private static final int KIND_SACK = 5;
    private static final int KIND_TIMESTAMPS = 8;
    private static final int ECN_BITS = 3;

    private final RunOptions options;
    private final Flow flow;
    private final TcpPacket expected;
    private final WirePacket actual;
    /** How far timestamps may be off. */
    private final long toleranceMicros;

    PacketMatcher(RunOptions options, Flow flow, TcpPacket expected, WirePacket actual, long toleranceMicros) {
        this.options = options;
        this.flow = flow;
        this.expected = expected;
        this.actual = actual;
        this.toleranceMicros = toleranceMicros;
    }

    /** What is different, in words; {@code null} if nothing is. */
    String mismatch() {
        if (expected.isSyn() && (actual.flags() & TcpFlags.SYN) != 0) {
            flow.learnLocalIsn(expected.seq(), actual.seq());
        }
        String mismatch = ipMismatch();
        if (mismatch == null) {
            mismatch = headerMismatch();
        }
        return mismatch == null ? optionsMismatch() : mismatch;
    }

    private String ipMismatch() {
        IpInfo ip = expected.ip();
        if (actual.isIpv4() == options.isIpv6()) {
            return "wrong IP version";
        }
        if (!actual.isTcp() || !actual.hasSoundLength() || !actual.hasSoundIpChecksum()) {
            return "bad IP header: protocol " + actual.protocol() + ", length or checksum wrong";
        }
        int ecn = actual.trafficClass() & ECN_BITS;
        boolean ecnFits = ip.ecn() < 0 || (ip.ecn() == IpInfo.ECT_0_OR_1 ? ecn == 1 || ecn == 2 : ecn == ip.ecn());
        if (!ecnFits) {
            return different("IP ECN", ip.ecn(), ecn);
        }
        if (ip.tos() >= 0 && ip.tos() != actual.trafficClass()) {
            return different("IP tos", ip.tos(), actual.trafficClass());
        }
        if (ip.ttl() >= 0 && ip.ttl() != actual.hopLimit()) {
            return different("IP ttl", ip.ttl(), actual.hopLimit());
        }
        if (ip.flowLabel() >= 0 && ip.flowLabel() != actual.flowLabel()) {
            return different("IPv6 flow label", ip.flowLabel(), actual.flowLabel());
        }
        return null;
    }

    private String headerMismatch() {
        if (expected.flags() != actual.flags()) {
            return "flags: expected " + TcpFlags.toString(expected.flags()) + ", was " + TcpFlags.toString(actual.flags());
        }
        if (options.checkChecksum && !actual.hasSoundTcpChecksum()) {
            return "bad TCP checksum";
        }
        boolean syn = expected.isSyn();
        long seq = flow.localToScript(actual.seq(), syn);
        if (seq != expected.seq()) {
            return different("sequence number", expected.seq(), seq);
        }
        if (actual.payloadLength() != expected.length()) {
            return different("payload length", expected.length(), actual.payloadLength());
        }
        boolean hasAck = expected.hasFlags(TcpFlags.ACK);
        long ack = hasAck ? flow.remoteToScript(actual.ack(), syn) : actual.ack() & 0xFFFF_FFFFL;
        if (ack != Math.max(0, expected.ack())) {
            return different("acknowledgment number", Math.max(0, expected.ack()), ack);
        }
        if (expected.window() >= 0 && expected.window() != actual.window()) {
            return different("window", expected.window(), actual.window());
        }
        if (expected.urgent() != actual.urgentPointer()) {
            return different("urgent pointer", expected.urgent(), actual.urgentPointer());
        }
        return actual.hasOnlyZeros() ? null : "payload is not what was written: zeros";
    }

    // ---- options

    private String optionsMismatch() {
        if (expected.options() == null) {
            return null;
        }
        List<WirePacket.Option> present = actual.options();
        if (present == null) {
            return "malformed TCP options";
        }
        if (present.size() != expected.options().size()) {
            return different("number of TCP options", expected.options().size(), present.size());
        }
        for (int i = 0; i < present.size(); i++) {
            String mismatch = optionMismatch(expected.options().get(i), present.get(i));
            if (mismatch != null) {
                return "TCP option " + (i + 1) + ": " + mismatch;
            }
        }
        return null;
    }

    private String optionMismatch(TcpOption wanted, WirePacket.Option present) {
        if (wanted instanceof TcpOption.Timestamps stamps) {
            return present.kind() == KIND_TIMESTAMPS ? timestampsMismatch(stamps, ByteBuffer.wrap(present.value())) : "expected timestamps";
        }
        if (wanted instanceof TcpOption.Sack sack) {
            return present.kind() == KIND_SACK && Arrays.equals(edges(sack), present.value()) ? null : "other SACK blocks";
        }
        byte[] bytes = SegmentBytes.fixed(wanted);
        boolean same = (bytes[0] & 0xFF) == present.kind()
            && (present.isPadding() || Arrays.equals(Arrays.copyOfRange(bytes, 2, bytes.length),
            present.value()));
        return same ? null : "expected 0x" + SegmentBytes.hex(bytes)
            + ", was kind " + present.kind() + " 0x" + SegmentBytes.hex(present.value());
    }

    private byte[] edges(TcpOption.Sack sack) {
        ByteBuffer edges = ByteBuffer.allocate(4 * sack.edges().size());
        sack.edges().forEach(edge -> edges.putInt(flow.remoteToWire(edge, expected.isSyn())));
        return edges.array();
    }

    private String timestampsMismatch(TcpOption.Timestamps stamps, ByteBuffer value) {
        if (value.remaining() != 8) {
            return "timestamps of a wrong length";
        }
        long val = value.getInt(0) & 0xFFFF_FFFFL;
        long ecr = value.getInt(4) & 0xFFFF_FFFFL;
        flow.learnTimestamp(stamps.val(), val);
        double offMicros = Math.abs(flow.timestampError(stamps.val(), val)) * options.tsTickMicros;
        if (offMicros > toleranceMicros) {
            return "TS val is off by " + flow.timestampError(stamps.val(), val) + " ticks";
        }
        return options.checkTsEcr && ecr != stamps.ecr() ? different("TS ecr", stamps.ecr(), ecr) : null;
    }

    private static String different(String field, long expected, long actual) {
        return field + ": expected " + expected + ", was " + actual;
    }
}
