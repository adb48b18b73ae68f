package io.github.usertcp.testsuite.interop;

import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes in which no two stretches are alike: lost, doubled or misplaced ones change the digest. */
final class Pattern extends InputStream {
    private static final int BLOCK = 8192;
    private final byte[] block = new byte[BLOCK];
    private final long size;
    private long offset;

    private Pattern(long size) {
        this.size = size;
    }

    /** A stream of that many bytes. */
    static InputStream stream(long size) {
        return new Pattern(size);
    }

    /** The SHA-256 of that many bytes, in hexadecimal. */
    static String digest(long size) {
        MessageDigest sha256 = sha256();
        byte[] bytes = new byte[BLOCK];
        InputStream stream = stream(size);
        try (stream) {
            for (int length = stream.read(bytes); length >= 0; length = stream.read(bytes)) {
                sha256.update(bytes, 0, length);
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return hex(sha256.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int start, int length) {
        if (offset == size) {
            return -1;
        }
        int within = (int) (offset % BLOCK);
        if (within == 0) {
            fill(offset / BLOCK);
        }
        int count = (int) Math.min(Math.min(length, BLOCK - within), size - offset);
        System.arraycopy(block, within, into, start, count);
        offset += count;
        return count;
    }

    @Override
    public int available() {
        return (int) Math.min(BLOCK, size - offset);
    }

    private void fill(long number) {
        long state = number * 0x9E37_79B9_7F4A_7C15L + 1;
        for (int i = 0; i < BLOCK; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            block[i] = (byte) state;
        }
    }
}
