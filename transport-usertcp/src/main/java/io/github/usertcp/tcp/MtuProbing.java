package io.github.usertcp.tcp;

/** Whether a connection finds the path MTU out by itself, by segments that are larger than the others (RFC 4821). */
public enum MtuProbing {
    /** No. Linux tcp_mtu_probing=0. */
    OFF,
    /** From when retransmissions seem to fall into a black hole: then with small segments first. Linux tcp_mtu_probing=1. */
    ON_BLACK_HOLE,
    /** From the beginning, with small segments first. Linux tcp_mtu_probing=2. */
    ALWAYS
}
