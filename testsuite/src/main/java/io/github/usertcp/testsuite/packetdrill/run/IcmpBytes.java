package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.testsuite.packetdrill.script.IcmpPacket;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Makes the bytes of an ICMP message about a segment of the connection under test, quoted up to its sequence number. */
final class IcmpBytes {
    /** What the quoted header says of the length of its payload: nobody looks at it. */
    private static final int QUOTED_LENGTH = 20;

    /** By type number; empty for those without a name. */
    private static final List<String> TYPES_V4 = List.of("echo_reply", "", "", "unreachable", "source_quench", "redirect", "", "",
        "echo_request", "", "", "time_exceeded", "parameter_problem", "timestamp_request", "timestamp_reply", "information_request",
        "information_reply", "address_mask_request", "address_mask_reply");
    private static final List<String> UNREACHABLE_V4 = List.of("net_unreachable", "host_unreachable", "protocol_unreachable",
        "port_unreachable", "frag_needed", "source_route_failed", "net_unknown", "host_unknown", "source_host_isolated", "net_prohibited",
        "host_prohibited", "net_unreachable_for_service", "host_unreachable_for_service", "packet_filtered", "precedence_violation",
        "precedence_cutoff");
    private static final List<String> REDIRECT_V4 = List.of("net", "host", "tos_net", "tos_host");
    private static final List<String> TIME_EXCEEDED = List.of("ttl", "reassembly");
    private static final List<String> TYPES_V6 = List.of("", "unreachable", "packet_too_big", "time_exceeded", "parameter_problem");
    private static final List<String> UNREACHABLE_V6 = List.of("no_route", "admin_prohibited", "not_neighbour", "address_unreachable",
        "port_unreachable", "policy_failed", "reject_route");
    private static final List<String> PARAMETER_PROBLEM_V6 = List.of("header_field", "unknown_next_header", "unknown_option");

    private IcmpBytes() {
    }

    /**
     * The message, which the caller owns.
     *
     * @param outer  the header of the packet it comes in
     */
    static ByteBuf of(IcmpPacket packet, Flow flow, IpHeader outer) {
        int type = number(packet.type(), "type_", outer.isV4() ? TYPES_V4 : TYPES_V6);
        int code = packet.code().isEmpty() ? 0 : number(packet.code(), "code_", codes(packet.type(), outer.isV4()));
        ByteBuf quoted = quoted(packet, flow, outer);
        ByteBuf message = Unpooled.buffer();
        int length = IcmpMessage.write(type << 8 | code, (int) Math.max(0, packet.mtu()), outer, quoted, message, 0);
        return message.writerIndex(length);
    }

    private static List<String> codes(String type, boolean v4) {
        return switch (type) {
            case "unreachable" -> v4 ? UNREACHABLE_V4 : UNREACHABLE_V6;
            case "redirect" -> REDIRECT_V4;
            case "time_exceeded" -> TIME_EXCEEDED;
            case "parameter_problem" -> v4 ? List.of() : PARAMETER_PROBLEM_V6;
            default -> List.of();
        };
    }

    private static int number(String name, String prefix, List<String> names) {
        if (name.startsWith(prefix)) {
            return Integer.parseInt(name.substring(prefix.length()));
        }
        int number = names.indexOf(name);
        if (number < 0) {
            throw new UnsupportedFeatureException("icmp " + name);
        }
        return number;
    }

    private static ByteBuf quoted(IcmpPacket packet, Flow flow, IpHeader outer) {
        // The message comes from the peer itself: packetdrill has no routers.
        IpHeader sent = new IpHeader().addresses(outer.destination(), outer.source()).protocol(TcpChecksum.PROTOCOL);
        ByteBuf quoted = Unpooled.buffer();
        if (outer.isV4()) {
            quoted.writeZero(Ipv4Header.MIN_LENGTH);
            Ipv4Header.write(sent, QUOTED_LENGTH, quoted, 0);
        } else {
            quoted.writeZero(Ipv6Header.LENGTH);
            Ipv6Header.write(sent, QUOTED_LENGTH, quoted, 0);
        }
        quoted.writeShort(flow.localPort()).writeShort(flow.remotePort).writeInt(flow.localToWire(packet.seq(), false));
        return quoted;
    }
}
