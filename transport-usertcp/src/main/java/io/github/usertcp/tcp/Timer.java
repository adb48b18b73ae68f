package io.github.usertcp.tcp;

/** The timers of a connection. When several are due at once they fire in this order. */
enum Timer {
    /** SYN, SYN-ACK, data or FIN unacknowledged (RFC 6298). */
    RETRANSMIT,
    /** The peer's window keeps us from sending (RFC 9293 section 3.8.6.1). */
    PERSIST,
    /** An ACK waits for company (RFC 9293 section 3.8.6.3). */
    DELAYED_ACK,
    /** A corked tail waits for more data. */
    CORK,
    /** The peer has been silent (RFC 9293 section 3.8.4). */
    KEEPALIVE,
    /** Data has been unacknowledged for long (RFC 5482). */
    USER_TIMEOUT,
    /** FIN-WAIT-2 without an application. */
    FIN_WAIT_2,
    /** 2 MSL. */
    TIME_WAIT;

    static final Timer[] ALL = values();
}
