package io.github.usertcp.stack;

/** When a listener answers SYNs by SYN cookies (RFC 4987 section 3.6), which cost it no memory, and some connections their options. */
public enum SynCookieUse {
    /** Never: when its half-open connections are as many as it may have, further SYNs are dropped. Linux tcp_syncookies=0. */
    NEVER,
    /** While more than half of the half-open connections it may have are there. Linux tcp_syncookies=1 waits until they all are. */
    WHEN_HALF_FULL,
    /** Always. Linux tcp_syncookies=2. */
    ALWAYS
}
