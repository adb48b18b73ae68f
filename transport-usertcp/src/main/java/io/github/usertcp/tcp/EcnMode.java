package io.github.usertcp.tcp;

/**
 * How two ends of a connection tell each other of congestion marks (explicit congestion notification), from less to more: {@code compareTo}
 * orders them.
 */
public enum EcnMode {
    /** Not at all: routers that would mark a packet drop it. */
    OFF,
    /** RFC 3168: a receiver echoes that there was a mark, until the sender has reacted. At most one reaction a round trip. */
    CLASSIC,
    /** RFC 9768: a receiver feeds back how many packets, and how many bytes, were marked. */
    ACCURATE
}
