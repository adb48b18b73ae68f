package io.github.usertcp.stack;

/** What a stack counts, besides packets dropped by {@link io.github.usertcp.codec.DropReason reason}. */
public enum StackCounter {
    /** Segments that came from the link; a coalesced run counts once. */
    SEGMENTS_RECEIVED,
    /** Segments given to the link; a super-segment counts once. */
    SEGMENTS_SENT,
    /** Connections that we opened. */
    ACTIVE_OPENS,
    /** Connections that a listener has put into its accept queue. */
    PASSIVE_OPENS,
    /** Segments for which there is neither a connection nor a listener. */
    NO_CONNECTION,
    /** Segments and ICMP errors that came in by another stack's link, such as another queue of a TUN device. */
    STRAYS_TAKEN,
    /** RSTs sent in answer to such segments. */
    RESETS_SENT,
    /** RSTs not sent because of {@link TcpStackConfig#resetsPerSecond()}. */
    RESETS_SUPPRESSED,
    /** SYNs answered by a SYN cookie. */
    SYN_COOKIES_SENT,
    /** Connections that a SYN cookie has brought. */
    SYN_COOKIES_ACCEPTED,
    /** Acknowledgments for a listener that belong to no connection, not even a half-open one, and are no SYN cookie, or an old one. */
    SYN_COOKIES_REJECTED,
    /** SYNs dropped because the SYN queue, or the listener's share of it, was full. */
    SYN_QUEUE_OVERFLOWS,
    /** SYNs dropped because of memory or {@link TcpStackConfig#maxConnections()}. */
    SYNS_REFUSED,
    /** SYN-ACKs sent again because the handshake's third segment did not come. */
    SYN_ACKS_REPEATED,
    /** Half-open connections forgotten after the last SYN-ACK. */
    HANDSHAKES_TIMED_OUT,
    /** Half-open connections that a RST ended. */
    HANDSHAKES_RESET,
    /** Half-open connections that an ICMP error ended. */
    HANDSHAKES_UNREACHABLE,
    /** Segments that do not fit the half-open connection they are addressed to. */
    HANDSHAKE_MISMATCHES,
    /** Third handshake segments dropped because the accept queue was full. */
    ACCEPT_QUEUE_OVERFLOWS,
    /** SYNs that asked for a Fast Open cookie, and got one. */
    FAST_OPEN_COOKIES_REQUESTED,
    /** SYNs with a Fast Open cookie that is none of ours, or none any more. */
    FAST_OPEN_COOKIES_INVALID,
    /** SYNs with cookie or data that got an ordinary handshake because too many connections opened by their SYN were pending. */
    FAST_OPEN_QUEUE_OVERFLOWS,
    /** Connections that their SYN has opened. */
    FAST_OPENS_ACCEPTED,
    /** Connections that have entered the TIME-WAIT table. */
    TIME_WAITS,
    /** Connections that skipped TIME-WAIT because the table was full. */
    TIME_WAIT_OVERFLOWS,
    /** TIME-WAIT entries that gave way to a new connection of the same addresses and ports (RFC 6191). */
    TIME_WAITS_REUSED,
    /** RSTs that TIME-WAIT ignored (RFC 1337). */
    TIME_WAIT_RESETS_IGNORED,
    /** Connections reset because there were too many orphans. */
    ORPHANS_RESET,
    /** Times the stack came under memory pressure. */
    MEMORY_PRESSURES,
    /** Reports that nobody listens on a peer's UDP port. */
    UNREACHABLES,
    /** ICMP errors about TCP segments. */
    ICMP_ERRORS,
    /** ICMP errors not believed: about no connection of ours, or about a segment that is not in flight (RFC 5927 section 4.1). */
    ICMP_ERRORS_IGNORED,
    /** Reports of the network that have made a connection's packets smaller. */
    PATH_MTU_REDUCTIONS,
    /** Connections aborted because of a defect of this library or of an owner. */
    INTERNAL_ERRORS
}
