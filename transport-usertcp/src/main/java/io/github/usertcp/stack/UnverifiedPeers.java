package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.SipHash;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what we send, unasked, to addresses that have not yet proved that they hear us, so that nobody can use us
 * to flood a third party by forging its address on SYNs: to each, not more than three times the bytes and not more
 * than {@link TcpStackConfig#unverifiedSynAckRetries()} packets above what came from there. The bytes are counted
 * by half-open connection, the packets by address, since an attacker has as many half-open connections as he likes.
 *
 * <p>Addresses share a fixed number of counters by keyed hash. Those that share one get less; a client whose SYN-ACK
 * is not repeated repeats its SYN. A counter starts anew when an address proves itself, and after two quiet minutes.
 */
final class UnverifiedPeers {
    /** RFC 9000 section 8.1 has the same bound for QUIC, and the same reason. */
    private static final int MAX_AMPLIFICATION = 3;
    private static final int COUNTERS = 4096;
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final SipHash hashing;
    private final int maxRepeats;
    private final byte[] repeats = new byte[COUNTERS];
    private final long[] lastNanos = new long[COUNTERS];

    UnverifiedPeers(SipHash hashing, TcpStackConfig config) {
        this.hashing = hashing;
        maxRepeats = config.unverifiedSynAckRetries();
    }

    /** A SYN came from there, and is answered. */
    void heard(IpAddress address, long nowNanos) {
        int counter = counter(address);
        if (nowNanos - lastNanos[counter] > QUIET_NANOS) {
            repeats[counter] = 0;
        }
        lastNanos[counter] = nowNanos;
    }

    void verified(IpAddress address) {
        repeats[counter(address)] = 0;
    }

    /** Whether so many bytes may go there unasked; if so, they are taken to be sent. */
    boolean mayRepeat(SynQueue queue, int row, int bytes, long nowNanos) {
        int counter = counter(queue.remoteAddress(row));
        // On plain IP, as in kernels, the count is bound enough: whoever can send such packets needs no help of ours.
        boolean amplifies = queue.tuple(row).remoteUdpPort() != 0 && queue.bytesOut(row) + bytes > MAX_AMPLIFICATION * queue.bytesIn(row);
        if (repeats[counter] >= maxRepeats || amplifies) {
            return false;
        }
        repeats[counter]++;
        lastNanos[counter] = nowNanos;
        return true;
    }

    private int counter(IpAddress address) {
        return (int) hashing.hash(address.high(), address.low(), 0, 0, 0) & COUNTERS - 1;
    }
}
