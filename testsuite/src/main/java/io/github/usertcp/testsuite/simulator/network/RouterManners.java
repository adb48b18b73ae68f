package io.github.usertcp.testsuite.simulator.network;

import io.github.usertcp.codec.IcmpErrorKind;

/**
 * What a {@link Router} tells.
 *
 * @param tooBig       how it answers packets that the link does not take
 * @param unreachable  what it says of packets that are lost in a black-out, {@code null} for nothing
 */
public record RouterManners(TooBig tooBig, IcmpErrorKind unreachable) {
    /** A black hole: ICMP is filtered. */
    public static final RouterManners SILENT = new RouterManners(TooBig.NO_ANSWER, null);

    /** How packets are answered that are too big. */
    public enum TooBig {
        /** With the link's MTU (RFC 1191 section 4). */
        MTU,
        /** With an MTU of 0, as routers did before RFC 1191. */
        ZERO,
        /** With 68, the smallest that IPv4 knows: by mistake, or to do harm (RFC 5927 section 7). */
        SMALLEST,
        NO_ANSWER
    }
}
