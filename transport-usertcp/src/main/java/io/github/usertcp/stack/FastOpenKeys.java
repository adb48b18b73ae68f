package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.SipHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secret from which a server makes Fast Open cookies (RFC 7413 section 4.1.2), and, while keys are being rotated, the one before it,
 * whose cookies are still good. Servers that share an address share their keys, or a client's cookie is worth nothing to every other of
 * them.
 *
 * <p>A cookie is SipHash-2-4 of the client's address and the server's, 8 bytes, the very ones that Linux makes from the same key: a
 * client may go on with its cookies when a server moves from one to the other. Immutable.
 */
public final class FastOpenKeys {
    private static final int KEY_LENGTH = 16;
    private static final int WORDS_PER_KEY = 4;

    private final byte[] bytes;
    private final SipHash current;
    private final SipHash previous;

    private FastOpenKeys(byte[] bytes) {
        this.bytes = bytes;
        current = hash(bytes, 0);
        previous = bytes.length > KEY_LENGTH ? hash(bytes, KEY_LENGTH) : null;
    }

    /**
     * From the bytes of Linux's socket option TCP_FASTOPEN_KEY.
     *
     * @param keys  16 bytes, or 32: the current key and the one before; copied
     * @throws IllegalArgumentException for any other length
     */
    public static FastOpenKeys of(byte[] keys) {
        if (keys.length != KEY_LENGTH && keys.length != 2 * KEY_LENGTH) {
            throw new IllegalArgumentException("fast open key: " + keys.length + " bytes (expected: 16 or 32)");
        }
        return new FastOpenKeys(keys.clone());
    }

    /**
     * From the text of Linux's sysctl tcp_fastopen_key: {@code 00112233-44556677-8899aabb-ccddeeff}, and behind a comma the key before.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    public static FastOpenKeys parse(String text) {
        String[] words = text.strip().split("[-,]", -1);
        if (words.length != WORDS_PER_KEY && words.length != 2 * WORDS_PER_KEY) {
            throw new IllegalArgumentException("fast open key: " + words.length + " words (expected: 4, or 8 for two keys)");
        }
        ByteBuffer keys = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (String word : words) {
            keys.putInt(Integer.parseUnsignedInt(word.strip(), 16));
        }
        return new FastOpenKeys(keys.array());
    }

    /** A new current key from {@code SecureRandom}, and none before it. */
    public static FastOpenKeys random() {
        byte[] key = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(key);
        return new FastOpenKeys(key);
    }

    /** What all stacks of this process use that have no keys of their own. */
    static FastOpenKeys ofProcess() {
        return OfProcess.KEYS;
    }

    /** Made when first asked for. */
    private static final class OfProcess {
        static final FastOpenKeys KEYS = random();
    }

    /** These keys rotated: {@code next} becomes current, and the cookies of today's current key stay good. */
    public FastOpenKeys rotatedTo(FastOpenKeys next) {
        byte[] both = Arrays.copyOf(next.bytes, 2 * KEY_LENGTH);
        System.arraycopy(bytes, 0, both, KEY_LENGTH, KEY_LENGTH);
        return new FastOpenKeys(both);
    }

    /** A copy of the 16 or 32 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The cookie of a client from now on: 8 bytes. */
    public byte[] cookie(IpAddress client, IpAddress server) {
        return cookie(current, client, server);
    }

    /** Whether a cookie is one that the key before has made. */
    boolean isOfPreviousKey(byte[] cookie, IpAddress client, IpAddress server) {
        return previous != null && same(cookie, cookie(previous, client, server));
    }

    /** Takes as long for every wrong cookie, so that none can be guessed byte by byte. */
    static boolean same(byte[] cookie, byte[] other) {
        return MessageDigest.isEqual(cookie, other);
    }

    private static byte[] cookie(SipHash key, IpAddress client, IpAddress server) {
        long hash = client.isV4()
            ? key.hash(Long.reverseBytes((long) client.v4Bits() << 32 | server.v4Bits() & 0xFFFF_FFFFL))
            : key.hash(Long.reverseBytes(client.high()), Long.reverseBytes(client.low()),
                Long.reverseBytes(server.high()), Long.reverseBytes(server.low()));
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(hash).array();
    }

    private static SipHash hash(byte[] keys, int from) {
        ByteBuffer words = ByteBuffer.wrap(keys).order(ByteOrder.LITTLE_ENDIAN);
        return new SipHash(words.getLong(from), words.getLong(from + Long.BYTES));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastOpenKeys keys && same(bytes, keys.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** How many keys; never the keys themselves, which do not belong into a log. */
    @Override
    public String toString() {
        return previous == null ? "one key" : "two keys";
    }
}
