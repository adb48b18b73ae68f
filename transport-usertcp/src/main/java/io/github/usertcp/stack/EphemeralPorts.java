package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.SipHash;
import java.util.function.IntPredicate;

/**
 * Chooses source ports (RFC 6056 section 3.3.3, algorithm 3: simple hash-based port selection).
 *
 * <pre>
 *   port = min + (F(local address, remote address, remote port, key) + counter) mod range
 * </pre>
 * Ports to one peer follow each other, so that each is used again as late as possible;
 * those to different peers are unrelated, so that nobody who sees some can guess others.
 */
final class EphemeralPorts {
    static final int NONE = -1;

    private final SipHash hashing;
    private final int min;
    private final int range;
    private int counter;

    EphemeralPorts(SipHash hashing, TcpStackConfig config) {
        this.hashing = hashing;
        min = config.minEphemeralPort();
        range = config.maxEphemeralPort() - min + 1;
    }

    /** The next port that is free, or {@link #NONE} after asking for each port of the range once. */
    int choose(IpAddress local, IpAddress remote, int remotePort, IntPredicate isFree) {
        return choose(local, remote, remotePort, range, isFree);
    }

    /** The same, but gives up after {@code attempts} ports. */
    int choose(IpAddress local, IpAddress remote, int remotePort, int attempts, IntPredicate isFree) {
        int offset = (int) hashing.hash(local.high(), local.low(), remote.high(), remote.low(), remotePort);
        for (int attempt = 0; attempt < Math.min(attempts, range); attempt++) {
            int port = min + Integer.remainderUnsigned(offset + counter++, range);
            if (isFree.test(port)) {
                return port;
            }
        }
        return NONE;
    }
}
