package io.github.usertcp.tcp;

/** Why a connection reached CLOSED (or, for {@link #NONE}, that it has not, or that both sides said farewell in order). */
public enum CloseCause {
    /** Open, or closed in order by both sides. */
    NONE(""),
    /** The peer answered our SYN with a RST (RFC 9293 section 3.10.7.3). */
    REFUSED("Connection refused"),
    /** The peer reset an existing connection. */
    RESET("Connection reset by peer"),
    /** Retransmissions, of a SYN or of data, were exhausted without an answer (RFC 9293 section 3.8.3). */
    TIMED_OUT("Connection timed out"),
    /** Data stayed unacknowledged for longer than the user timeout (RFC 5482). */
    USER_TIMEOUT("Connection timed out (user timeout)"),
    /** The peer answered none of the keepalive probes (RFC 9293 section 3.8.4). */
    KEEPALIVE_TIMEOUT("Connection timed out (keepalive)"),
    /** The network said that the peer cannot be reached, before the connection was established. */
    UNREACHABLE("No route to host"),
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
