package io.github.usertcp.tcp;

/** Why a connection reached CLOSED (or, for {@link #NONE}, that it has not, or that both sides said farewell in order). */
public enum CloseCause {
    /** Open, or closed in order by both sides. */
    NONE(""),
    /** The peer answered our SYN with a RST (RFC 9293 section 3.10.7.3). */
    REFUSED("Connection refused"),
    /** The peer reset an existing connection. */
    RESET("Connection reset by peer"),
    /** The peer ended its stream and then reset the connection: nothing is cut off that could be read, only writing fails. As Linux. */
    RESET_AFTER_END("Broken pipe"),
    /** Retransmissions, of a SYN or of data, were exhausted without an answer (RFC 9293 section 3.8.3). */
    TIMED_OUT("Connection timed out"),
    /** Data stayed unacknowledged for longer than the user timeout (RFC 5482). */
    USER_TIMEOUT("Connection timed out (user timeout)"),
    /** The peer answered none of the keepalive probes (RFC 9293 section 3.8.4). */
    KEEPALIVE_TIMEOUT("Connection timed out (keepalive)"),
    /**
     * The network said that the peer cannot be reached, before the connection was established; or said so of an established connection that
     * then timed out. So the causes that follow, each for its kind of {@link io.github.usertcp.codec.IcmpErrorKind}.
     */
    UNREACHABLE("No route to host"),
    /** There is no way to the peer's network. */
    NETWORK_UNREACHABLE("Network is unreachable"),
    /** The peer does not know TCP. */
    PROTOCOL_UNREACHABLE("Protocol not available"),
    /** Packets were larger than the network carries, and could not be made smaller. */
    PACKET_TOO_BIG("Message too long"),
    /** Source routing failed. */
    SOURCE_ROUTE_FAILED("Operation not supported"),
    /** The network does not know the peer. */
    HOST_DOWN("Host is down"),
    /** Our own host is cut off. */
    NO_NETWORK("Machine is not on the network"),
    /** A filter forbids it (IPv6; filters of IPv4 networks say {@link #UNREACHABLE}). */
    PROHIBITED("Permission denied"),
    /** Somebody on the way could not make sense of our packet's header. */
    PROTOCOL_ERROR("Protocol error"),
    /** What carried the segments is gone for good, such as a TUN device that somebody has deleted; the log says more. */
    LINK_FAILED("Network is down: the device of the link is gone, open a new stack"),
    /** This side aborted with a RST. */
    ABORTED("Connection aborted"),
    /** A defect of this library; the connection was aborted to keep the others alive. */
    INTERNAL_ERROR("Connection aborted by an internal error");

    private final String message;

    CloseCause(String message) {
        this.message = message;
    }

    /** The message of the exception a user gets for it; empty for {@link #NONE}. */
    public String message() {
        return message;
    }
}
