package io.github.usertcp.codec;

/**
 * The layout of a TCP header: offsets from its first byte, and option kinds with the lengths they have on the wire (RFC 9293
 * section 3.1).
 */
final class TcpHeader {
    static final int MIN_LENGTH = 20;
    static final int MAX_LENGTH = 60;
    static final int MAX_OPTIONS_LENGTH = MAX_LENGTH - MIN_LENGTH;

    static final int SOURCE_PORT = 0;
    static final int DESTINATION_PORT = 2;
    static final int SEQ = 4;
    static final int ACK = 8;
    /** Four bits of data offset in words, three reserved, then the nine flags. */
    static final int OFFSET_AND_FLAGS = 12;
    static final int WINDOW = 14;
    static final int CHECKSUM = 16;
    static final int URGENT_POINTER = 18;
    static final int OPTIONS = 20;

    static final int KIND_EOL = 0;
    static final int KIND_NOP = 1;
    static final int KIND_MSS = 2;
    /** RFC 7323 section 2.2. */
    static final int KIND_WINDOW_SCALE = 3;
    /** RFC 2018 section 2. */
    static final int KIND_SACK_PERMITTED = 4;
    /** RFC 2018 section 3. */
    static final int KIND_SACK = 5;
    /** RFC 7323 section 3.2. */
    static final int KIND_TIMESTAMPS = 8;
    /** RFC 5482 section 3. */
    static final int KIND_USER_TIMEOUT = 28;
    /** RFC 7413 section 4.1.1. */
    static final int KIND_FAST_OPEN = 34;
    /** RFC 6994 section 3: an experiment, told from others by the two bytes that follow. */
    static final int KIND_EXPERIMENT = 254;
    /** RFC 7413 section 9: what Fast Open was told by before it got a kind of its own. */
    static final int EXPERIMENT_FAST_OPEN = 0xF989;
    /** RFC 9768 section 3.2.3: accurate ECN, order 0 (e0b, ceb, e1b) and order 1 (e1b, ceb, e0b). */
    static final int KIND_ECN_ORDER_0 = 172;
    static final int KIND_ECN_ORDER_1 = 174;

    static final int LENGTH_MSS = 4;
    static final int LENGTH_WINDOW_SCALE = 3;
    static final int LENGTH_SACK_PERMITTED = 2;
    static final int LENGTH_TIMESTAMPS = 10;
    static final int LENGTH_USER_TIMEOUT = 4;
    static final int LENGTH_SACK_BLOCK = 8;
    /** Of an experiment's option: kind, length and the two bytes that name it. */
    static final int LENGTH_EXPERIMENT = 4;
    static final int LENGTH_ECN_COUNTER = 3;
    static final int MAX_ECN_COUNTERS = 3;

    /** {@code nop,nop,TS}: what nearly every data segment between modern hosts carries, and carries alone (RFC 7323 appendix A). */
    static final int NOP_NOP_TIMESTAMPS = KIND_NOP << 24 | KIND_NOP << 16 | KIND_TIMESTAMPS << 8 | LENGTH_TIMESTAMPS;
    static final int NOP_NOP_TIMESTAMPS_LENGTH = 12;
    /** The two bytes that align an option of two bytes more than a multiple of four. */
    static final int NOP_NOP = KIND_NOP << 8 | KIND_NOP;

    private TcpHeader() {
    }
}
