package io.github.usertcp.tcp;

/** The timers of a connection. When several are due at once they fire in this order. */
enum Timer {
    /** Two round trips without an ACK (RFC 8985 section 7); before the retransmission timer, which it restarts. */
    LOSS_PROBE,
    /** What RACK has given some more time (RFC 8985 section 6.2 step 5). */
    REORDER,
    /** SYN, SYN-ACK, data or FIN unacknowledged (RFC 6298). */
    RETRANSMIT,
    /** The peer's window keeps us from sending (RFC 9293 section 3.8.6.1). */
    PERSIST,
    /** An ACK waits for company (RFC 9293 section 3.8.6.3). */
    DELAYED_ACK,
    /** Departure of the next segment, where the congestion control paces. */
    PACING,
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
