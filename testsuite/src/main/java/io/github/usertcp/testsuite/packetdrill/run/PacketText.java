package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.testsuite.packetdrill.script.TcpOption;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Packets as packetdrill writes them, in the script's numbers, for messages. */
final class PacketText {
    private static final double MICROS_PER_SECOND = 1e6;

    private PacketText() {
    }

    static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.6f", micros / MICROS_PER_SECOND);
    }

    static String of(TcpPacket packet) {
        String options = packet.options() == null ? " <...>" : packet.options().isEmpty() ? "" : packet.options().stream()
            .map(PacketText::of).collect(Collectors.joining(",", " <", ">"));
        return header(packet.flags(), packet.seq(), packet.length(), packet.ack()) + (packet.window() < 0 ? "" : " win " + packet.window())
            + (packet.urgent() == 0 ? "" : " urg " + packet.urgent()) + options;
    }

    static String of(WirePacket packet, Flow flow) {
        boolean syn = (packet.flags() & TcpFlags.SYN) != 0;
        boolean hasAck = (packet.flags() & TcpFlags.ACK) != 0;
        List<WirePacket.Option> options = packet.options();
        String optionText = options == null ? " <malformed>" : options.isEmpty() ? "" : options.stream()
            .map(option -> of(option, flow, syn)).collect(Collectors.joining(",", " <", ">"));
        return header(packet.flags(), flow.localToScript(packet.seq(), syn), packet.payloadLength(),
            hasAck ? flow.remoteToScript(packet.ack(), syn) : -1) + " win " + packet.window()
            + (packet.urgentPointer() == 0 ? "" : " urg " + packet.urgentPointer()) + optionText;
    }

    private static String header(int flags, long seq, int length, long ack) {
        return TcpFlags.toString(flags) + ' ' + seq + ':' + (seq + length & 0xFFFF_FFFFL) + '(' + length + ')'
            + (ack < 0 ? "" : " ack " + ack);
    }

    private static String of(TcpOption option) {
        if (option instanceof TcpOption.Padding padding) {
            return padding.kind() == 0 ? "eol" : "nop";
        } else if (option instanceof TcpOption.Mss mss) {
            return "mss " + mss.value();
        } else if (option instanceof TcpOption.WindowScale scale) {
            return "wscale " + scale.shift();
        } else if (option instanceof TcpOption.SackPermitted) {
            return "sackOK";
        } else if (option instanceof TcpOption.Timestamps stamps) {
            return "TS val " + stamps.val() + " ecr " + stamps.ecr();
        } else if (option instanceof TcpOption.Sack sack) {
            return "sack " + edges(sack.edges());
        } else if (option instanceof TcpOption.FastOpen cookie) {
            return (cookie.experimental() ? "FOEXP " : "FO ") + cookie.cookieHex();
        } else if (option instanceof TcpOption.AccurateEcn counters) {
            return "ECN " + accurateEcn(counters.kind(), counters.counters());
        }
        return "md5 " + ((TcpOption.Md5) option).digestHex();
    }

    private static String of(WirePacket.Option option, Flow flow, boolean syn) {
        ByteBuffer value = ByteBuffer.wrap(option.value());
        return switch (option.kind()) {
            case 0 -> "eol";
            case 1 -> "nop";
            case 2 -> "mss " + (value.getShort(0) & 0xFFFF);
            case 3 -> "wscale " + value.get(0);
            case 4 -> "sackOK";
            case 5 -> "sack " + edges(scriptEdges(value, flow, syn));
            case 8 -> "TS val " + (value.getInt(0) & 0xFFFF_FFFFL) + " ecr " + (value.getInt(4) & 0xFFFF_FFFFL);
            case 34 -> "FO " + SegmentBytes.hex(option.value());
            case 172, 174 -> "ECN " + accurateEcn(option.kind(), counters(option.value()));
            default -> "kind " + option.kind() + " 0x" + SegmentBytes.hex(option.value());
        };
    }

    private static List<Long> counters(byte[] value) {
        ByteBuffer padded = ByteBuffer.allocate(value.length + 1).put(1, value);
        return IntStream.range(0, value.length / 3).mapToObj(i -> padded.getInt(3 * i) & 0xFF_FFFFL).toList();
    }

    /** RFC 9768 section 3.2.3: the kind says in which order. */
    private static String accurateEcn(int kind, List<Long> counters) {
        String[] names = kind == 172 ? new String[]{"e0b", "ceb", "e1b"} : new String[]{"e1b", "ceb", "e0b"};
        return IntStream.range(0, Math.min(counters.size(), names.length)).mapToObj(i -> names[i] + ' ' + counters.get(i))
            .collect(Collectors.joining(" "));
    }

    private static List<Long> scriptEdges(ByteBuffer value, Flow flow, boolean syn) {
        return IntStream.range(0, value.remaining() / 4).mapToObj(i -> flow.remoteToScript(value.getInt(4 * i), syn)).toList();
    }

    private static String edges(List<Long> edges) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < edges.size(); i += 2) {
            text.append(i == 0 ? "" : " ").append(edges.get(i)).append(':').append(edges.get(i + 1));
        }
        return text.toString();
    }
}
