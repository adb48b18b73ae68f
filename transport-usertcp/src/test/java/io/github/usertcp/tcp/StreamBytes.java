package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

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
        byte[] actual = ByteBufUtil.getBytes(bytes); // at once: the leak detector records each access
        int wrong = Arrays.mismatch(actual, range(offset, actual.length));
        if (wrong >= 0) {
            throw new AssertionError(what + ": wrong byte at stream offset " + (offset + wrong) + ": " + actual[wrong]
                + " (expected: " + at(offset + wrong) + ")");
        }
    }
}
