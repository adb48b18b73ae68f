package io.github.usertcp.tcp;

/** When segments carry the option of {@linkplain EcnMode#ACCURATE accurate} feedback (RFC 9768 section 3.2.3). Linux: tcp_ecn_option. */
public enum EcnOptionUse {
    /** Never: the three bits of the header are all the feedback there is. Linux: 0. */
    NEVER,
    /** When a counter has changed in a way the peer should hear of, and now and then. Linux: 1. */
    ON_DEMAND,
    /** On every segment that has room, unless segments with the option don't get through. Linux: 2. */
    ALWAYS,
    /** On every segment that has room. Linux: 3. */
    PERSISTENT
}
