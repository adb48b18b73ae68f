package io.github.usertcp.tcp;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) over 64-bit words: a keyed hash short enough for every SYN and every look-up, whose outputs
 * tell nobody the key. Used for initial sequence numbers and timestamp offsets (RFC 6528 section 3), ephemeral ports, hash tables and
 * Fast Open cookies.
 */
public final class SipHash {
    private final long key0;
    private final long key1;

    /** The two halves of the 128-bit key, from a good source of randomness. */
    public SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Hashes one word. */
    public long hash(long a) {
        long[] v = begin();
        absorb(v, a);
        return finish(v, 8);
    }

    /** Hashes four words, such as two addresses. */
    public long hash(long a, long b, long c, long d) {
        long[] v = begin();
        absorb(v, a);
        absorb(v, b);
        absorb(v, c);
        absorb(v, d);
        return finish(v, 32);
    }

    /** Hashes five words, such as the parts of a {@link TcpTuple}. */
    public long hash(long a, long b, long c, long d, long e) {
        long[] v = begin();
        absorb(v, a);
        absorb(v, b);
        absorb(v, c);
        absorb(v, d);
        absorb(v, e);
        return finish(v, 40);
    }

    /** Hashes addresses and ports; {@code purpose} separates the uses of one key. */
    public long hash(TcpTuple tuple, long purpose) {
        long ports = (long) tuple.localPort() << 32 | (long) tuple.remotePort() << 16 | tuple.remoteUdpPort();
        return hash(tuple.localAddress().high() ^ purpose, tuple.localAddress().low(),
            tuple.remoteAddress().high(), tuple.remoteAddress().low(), ports);
    }

    private long[] begin() {
        return new long[] {
            key0 ^ 0x736f6d6570736575L, key1 ^ 0x646f72616e646f6dL,
            key0 ^ 0x6c7967656e657261L, key1 ^ 0x7465646279746573L,
        };
    }

    private static long finish(long[] v, long lengthBytes) {
        absorb(v, lengthBytes << 56); // the message's length closes it
        v[2] ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void absorb(long[] v, long word) {
        v[3] ^= word;
        round(v);
        round(v);
        v[0] ^= word;
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
