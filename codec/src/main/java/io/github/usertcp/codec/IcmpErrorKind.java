package io.github.usertcp.codec;

/** What an ICMP error message says of the packet it quotes, with one word for both versions where they mean the same. */
public enum IcmpErrorKind {
    /** No way to the network, or to it with that type of service: ICMP 3 codes 0 and 11, ICMPv6 1 code 0. */
    NETWORK_UNREACHABLE,
    /** No way to the host, for now: ICMP 3 codes 1 and 12, ICMPv6 1 codes 2 and 3. */
    HOST_UNREACHABLE,
    /** The host does not know the protocol: ICMP 3 code 2; written as ICMPv6 4 code 1, which is read as a {@link #PARAMETER_PROBLEM}. */
    PROTOCOL_UNREACHABLE,
    /** Nobody listens on the port: ICMP 3 code 3, ICMPv6 1 code 4. */
    PORT_UNREACHABLE,
    /** The packet must not be fragmented and does not fit: ICMP 3 code 4, ICMPv6 2. */
    PACKET_TOO_BIG,
    /** Source routing failed: ICMP 3 code 5. */
    SOURCE_ROUTE_FAILED,
    /** There is no such network, or one may not talk to it: ICMP 3 codes 6 and 9. */
    NETWORK_UNKNOWN,
    /** There is no such host: ICMP 3 code 7. */
    HOST_UNKNOWN,
    /** Our own host is cut off: ICMP 3 code 8. */
    SOURCE_ISOLATED,
    /** A filter or rule forbids it: ICMP 3 codes 10, 13, 14, 15. */
    HOST_PROHIBITED,
    /** A filter or policy forbids it: ICMPv6 1 codes 1, 5, 6. */
    PROHIBITED,
    /** The packet has gone round for too long: ICMP 11 code 0, ICMPv6 3 code 0. */
    TIME_EXCEEDED,
    /** Other fragments of the packet did not come in time: ICMP 11 code 1, ICMPv6 3 code 1. */
    FRAGMENTS_MISSING,
    /** Some field of the header is wrong: ICMP 12, ICMPv6 4 with all codes but 2. */
    PARAMETER_PROBLEM,
    /** An option that the host has to know and does not: ICMPv6 4 code 2. */
    UNKNOWN_OPTION
}
