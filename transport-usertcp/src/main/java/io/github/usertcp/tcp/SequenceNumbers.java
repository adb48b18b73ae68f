package io.github.usertcp.tcp;

/**
 * The only place where sequence numbers wrap. Inside, a sequence number is a {@code long} that never wraps, so {@code <}
 * is right and transfers past 4 GiB need no thought; on the wire it is the low 32 bits (RFC 9293 section 3.4).
 */
final class SequenceNumbers {
    private static final long SPACE = 1L << 32;

    private SequenceNumbers() {
    }

    /** Where a connection's numbers start: one full space above zero, so that "a window before the first" is still positive. */
    static long first(int wire) {
        return SPACE + Integer.toUnsignedLong(wire);
    }

    static int wrap(long sequence) {
        return (int) sequence;
    }

    /** The number nearest to {@code reference} whose low 32 bits are {@code wire}. */
    static long unwrap(int wire, long reference) {
        return reference + (wire - (int) reference);
    }
}
