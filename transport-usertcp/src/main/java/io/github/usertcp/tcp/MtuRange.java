package io.github.usertcp.tcp;

/**
 * What a search for the path MTU has found out (RFC 4821 section 7.2), for other connections with the same path (section 5.2).
 *
 * @param low         IP packets of that many bytes get through
 * @param high        larger ones don't; {@link Integer#MAX_VALUE} if none was lost for its size
 * @param sinceNanos  when the search began; after ten minutes what did not get through is tried again
 */
public record MtuRange(int low, int high, long sinceNanos) {
}
