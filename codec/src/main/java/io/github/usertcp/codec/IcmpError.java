package io.github.usertcp.codec;

/**
 * The network has something to say about a TCP segment of ours: an ICMP error message reduced to what TCP needs (RFC 9293 section
 * 3.9.2.2). Nothing in it is certain, since anybody can send it; whoever acts on it checks it first (RFC 5927 section 4).
 *
 * @param kind        what happened to the segment
 * @param local       the address the quoted segment was sent from, ours
 * @param localPort   its TCP source port
 * @param remote      the address it was sent to
 * @param remotePort  its TCP destination port
 * @param seq         its sequence number, as on the wire
 * @param mtu         with {@link IcmpErrorKind#PACKET_TOO_BIG}, the largest IP packet in bytes that the next hop takes, as the message
 *                    says it: 0 from a router older than RFC 1191, or anything; otherwise 0
 */
public record IcmpError(IcmpErrorKind kind, IpAddress local, int localPort, IpAddress remote, int remotePort, int seq, long mtu) {
    /** Such as {@code icmp HOST_UNREACHABLE 192.0.2.1:4000 > 192.0.2.2:80 seq 17}. */
    @Override
    public String toString() {
        String size = kind == IcmpErrorKind.PACKET_TOO_BIG ? " mtu " + mtu : "";
        return "icmp " + kind + size + ' ' + local + ':' + localPort + " > " + remote + ':' + remotePort
            + " seq " + Integer.toUnsignedString(seq);
    }
}
