package io.github.usertcp.tcp;

/**
 * What the answer to a {@link FastOpenSyn} teaches about the server, for the cache of cookies (RFC 7413 sections 4.1.3 and 4.2.2).
 *
 * @param cookie        a cookie to use from now on, {@code null} if none came
 * @param experimental  it came, or was asked for, in the experimental option
 * @param peerMss       the MSS the server announced, 0 if it announced none
 * @param unanswered    a cookie was asked for, and the first SYN-ACK brought no option
 * @param refused       the first SYN-ACK left data unacknowledged, and brought no better cookie
 * @param synLost       the server seems to have seen the retransmitted SYN only: the path may drop data or option
 */
public record FastOpenOutcome(byte[] cookie, boolean experimental, int peerMss, boolean unanswered, boolean refused, boolean synLost) {
}
