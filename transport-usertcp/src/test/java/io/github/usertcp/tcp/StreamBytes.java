package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;

/**
 * The byte streams of a trace: each byte is a function of its offset, so that any piece of any segment can be checked without keeping
 * what was written. Offset 0 is the first byte behind the SYN.
 */
final class StreamBytes {
    private StreamBytes() {
    }

    static byte at(long offset) {
        return (byte) (offset * 7 + (offset >> 8) * 13 + (offset >> 16));
    }

    static byte[] range(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }

    /** Throws an {@link AssertionError} naming the first byte that is not the stream's. */
    static void check(ByteBuf bytes, long offset, String what) {
        for (int i = 0; i < bytes.readableBytes(); i++) {
            byte actual = bytes.getByte(bytes.readerIndex() + i);
            if (actual != at(offset + i)) {
                throw new AssertionError(what + ": wrong byte at stream offset " + (offset + i) + ": " + actual + " (expected: " + at(offset + i) + ")");
            }
        }
    }
}
