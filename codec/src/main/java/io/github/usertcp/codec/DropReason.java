package io.github.usertcp.codec;

/** Why a packet was thrown away before it reached any connection. */
public enum DropReason {
    /** A datagram longer than the link takes; only its beginning was read. */
    TOO_LONG,
    /** Fewer than 20 bytes. */
    TRUNCATED_HEADER,
    /** Data offset below 5 words. */
    DATA_OFFSET_TOO_SMALL,
    /** Data offset beyond the end of the segment. */
    DATA_OFFSET_BEYOND_SEGMENT,
    /** An option of length 0 or 1, or one that reaches past the header. */
    BAD_OPTION_LENGTH,
    /** The TCP checksum does not match. */
    BAD_CHECKSUM,
    /** Source or destination port 0. */
    PORT_ZERO,
    /** SYN together with FIN or RST, or no flag at all: scanners send these, no TCP does. */
    IMPOSSIBLE_FLAGS,
    /** A source or destination that cannot be a TCP peer: broadcast, multicast, or an address of ours as source (LAND). */
    BAD_ADDRESS,
    /** The IP header is too short, of the wrong version, or its lengths contradict the packet. */
    BAD_IP_HEADER,
    /** The IPv4 header checksum does not match. */
    BAD_IP_CHECKSUM,
    /** The sender prescribes the way: an IPv4 source route option, or an IPv6 routing header with hops left. */
    SOURCE_ROUTE,
    /** An IPv6 option that we do not know, and that is not to be skipped by who does not know it. */
    UNKNOWN_OPTION,
    /** Fewer than eight bytes of ICMP, or a message that is of no use to a host like us. */
    BAD_ICMP,
    /** An IP packet that is no TCP. */
    NOT_TCP,
    /** A fragment, where fragments are not reassembled, or one of impossible length or offset. */
    FRAGMENT,
    /** A fragment that overlaps another one of its packet, which is given up as a whole. */
    FRAGMENT_OVERLAP,
    /** The fragments of a packet, of which others did not come in time. */
    FRAGMENT_TIMEOUT,
    /** The fragments of a packet that made room for others. */
    FRAGMENT_NO_ROOM,
    /** An IP packet to an address that is not ours. */
    NOT_OURS,
    /** An ICMP message that we owe, an echo reply or an error, and did not send: too many were due at once. */
    ICMP_LIMITED
}
