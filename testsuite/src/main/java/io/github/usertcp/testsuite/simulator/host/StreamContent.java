package io.github.usertcp.testsuite.simulator.host;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.SplittableRandom;

/** An endless stream whose bytes follow from their offsets, and in which no two places nearby look alike. */
public final class StreamContent {
    /** A prime: no segment size and no power of two is a multiple of the period. */
    private static final int PERIOD = 65_521;
    private static final int MAX_SLICE = 1 << 17;
    private static final byte[] OCTETS = octets();

    private final int shift;

    /** Streams of different keys differ. */
    public StreamContent(int key) {
        shift = Math.floorMod(key * 7919, PERIOD);
    }

    private static byte[] octets() {
        byte[] period = new byte[PERIOD];
        new SplittableRandom(PERIOD).nextBytes(period);
        byte[] octets = new byte[PERIOD + MAX_SLICE];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = period[i % PERIOD];
        }
        return octets;
    }

    /** A copy of so many bytes, no more than 128 KiB. */
    public ByteBuf copy(long offset, int length) {
        return Unpooled.copiedBuffer(OCTETS, start(offset), Math.min(length, MAX_SLICE));
    }

    /** The index in {@code bytes} of the first byte that is not the stream's from {@code offset} on, or -1. */
    public int mismatch(ByteBuf bytes, long offset) {
        int checked = 0;
        while (checked < bytes.readableBytes()) {
            int length = Math.min(bytes.readableBytes() - checked, MAX_SLICE);
            int start = start(offset + checked);
            byte[] octets = new byte[length];
            bytes.getBytes(bytes.readerIndex() + checked, octets);
            int wrong = Arrays.mismatch(octets, 0, length, OCTETS, start, start + length);
            if (wrong >= 0) {
                return checked + wrong;
            }
            checked += length;
        }
        return -1;
    }

    private int start(long offset) {
        return (int) ((offset + shift) % PERIOD);
    }
}
