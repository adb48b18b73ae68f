package io.github.usertcp.tcp;

/**
 * What a search for the path MTU has found out (RFC 4821 section 7.2), for other connections with the same path (section 5.2).
 *
 * @param low         IP packets of that many bytes get through
 * @param high        larger ones don't: a probe was lost, or the network said so; {@link Integer#MAX_VALUE} if neither
 * @param highest     larger ones were never tried, since link or peer take none
 * @param sinceNanos  when the search began; after ten minutes what did not get through is tried again
 */
public record MtuRange(int low, int high, int highest, long sinceNanos) {
    /** Everything gets through that could be sent at all. */
    public boolean isEverything() {
        return low == highest;
    }

    /** Something larger than {@code high} did not get through. */
    public boolean isBounded() {
        return high != Integer.MAX_VALUE;
    }
}
