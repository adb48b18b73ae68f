package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * How the accurate ECN option (RFC 9768 section 3.2.3) shares words with its neighbours, as in Linux. Its 2, 5, 8 or 11 bytes leave up to
 * two over a multiple of four; instead of being padded, those take the place of the nops in front of SACK permitted, window scale or SACK:
 *
 * <pre>
 *   fields  bytes  own words  over
 *     3      11        3       -    (one nop behind)
 *     2       8        2       -
 *     1       5        1       1    the counter's last byte
 *     0       2        0       2    kind and length
 * </pre>
 */
final class EcnOptionLayout {
    private static final int EMPTY_LENGTH = 2;
    private static final int WORD = 4;
    /** Linux gives up no more: the most recent block and one repetition survive the loss of an ACK. */
    private static final int MIN_SACK_BLOCKS = 2;

    private EcnOptionLayout() {
    }

    /** Bytes the option adds to a header, a multiple of four: its own words, and one more if nobody takes what is over. */
    static int length(TcpSegment segment) {
        int fields = segment.ecnFields();
        return fields == TcpSegment.ABSENT ? 0 : length(segment, fields, segment.sackBlockCount());
    }

    private static int length(TcpSegment segment, int fields, int sackBlocks) {
        return WORD * fields + (restLength(fields) > placesForRest(segment, sackBlocks) ? WORD : 0);
    }

    /** Bytes of the words that are the option's own. */
    static int ownLength(TcpSegment segment) {
        return WORD * segment.ecnFields();
    }

    /** Bytes that are over, for the options behind to take in: 0, 1 or 2. */
    static int restLength(TcpSegment segment) {
        return restLength(segment.ecnFields());
    }

    private static int restLength(int fields) {
        return fields > 1 ? 0 : 2 - fields;
    }

    /** How many nops of the options behind can be replaced. */
    private static int placesForRest(TcpSegment segment, int sackBlocks) {
        if (segment.isSackPermitted() && !segment.hasTimestamps() || sackBlocks > 0 && joinsSack(segment)) {
            return 2;
        }
        return segment.windowScale() == TcpSegment.ABSENT ? 0 : 1;
    }

    /** Whether a SACK option can take in what is over: where nothing but timestamps is beside it, one block has room for certain. */
    static boolean joinsSack(TcpSegment segment) {
        return segment.sackBlockCount() > 0 && segment.mss() == TcpSegment.ABSENT && segment.windowScale() == TcpSegment.ABSENT
            && !segment.isSackPermitted() && segment.fastOpenCookie() == null && segment.userTimeout() == TcpSegment.ABSENT;
    }

    /** Writes the option's own words. */
    static void write(TcpSegment segment, ByteBuf out, int index) {
        int fields = segment.ecnFields();
        if (fields == 0) {
            return;
        }
        int first = first(segment);
        out.setInt(index, kindAndLength(segment) << 16 | first >>> 8);
        if (fields > 1) {
            out.setInt(index + WORD, first << 24 | segment.ceb());
        }
        if (fields == TcpHeader.MAX_ECN_COUNTERS) {
            out.setInt(index + 2 * WORD, (segment.isE1bFirst() ? segment.e0b() : segment.e1b()) << 8 | TcpHeader.KIND_NOP);
        }
    }

    /** The two bytes in front of an option that takes in so many bytes that are over. */
    static int lead(TcpSegment segment, int rest) {
        return switch (rest) {
            case 1 -> (first(segment) & 0xFF) << 8 | TcpHeader.KIND_NOP;
            case 2 -> kindAndLength(segment);
            default -> TcpHeader.NOP_NOP;
        };
    }

    private static int first(TcpSegment segment) {
        return segment.isE1bFirst() ? segment.e1b() : segment.e0b();
    }

    private static int kindAndLength(TcpSegment segment) {
        int kind = segment.isE1bFirst() ? TcpHeader.KIND_ECN_ORDER_1 : TcpHeader.KIND_ECN_ORDER_0;
        return kind << 8 | EMPTY_LENGTH + segment.ecnFields() * TcpHeader.LENGTH_ECN_COUNTER;
    }

    /** See {@link TcpHeaderWriter#fitEcnOption}. */
    static void fit(TcpSegment segment, int required) {
        boolean e1bFirst = segment.isE1bFirst();
        int others = TcpHeaderWriter.lengthWithoutSack(segment.ecnOption(e1bFirst, TcpSegment.ABSENT));
        int blocks = TcpHeaderWriter.sackBlocks(segment, others);
        do {
            int sack = blocks == 0 ? 0 : WORD + blocks * TcpHeader.LENGTH_SACK_BLOCK;
            int room = TcpHeader.MAX_OPTIONS_LENGTH - others - sack;
            for (int fields = TcpHeader.MAX_ECN_COUNTERS; fields >= required; fields--) {
                if (length(segment, fields, blocks) <= room) {
                    segment.dropSackBlocks(blocks).ecnOption(e1bFirst, fields);
                    return;
                }
            }
            blocks--;
        } while (blocks >= MIN_SACK_BLOCKS && required > 0);
    }
}
