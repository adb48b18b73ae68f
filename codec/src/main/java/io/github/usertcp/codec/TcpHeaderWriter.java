package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Writes TCP headers, with the options in the order in which Linux writes them, so that a capture looks like any other:
 *
 * <pre>
 *   SYN                     mss, sackOK, TS, nop, wscale
 *   SYN without TS          mss, nop, nop, sackOK, nop, wscale
 *   SYN with neither        mss, nop, wscale
 *   data                    nop, nop, TS
 *   data with SACK          nop, nop, TS, nop, nop, sack
 *   with accurate ECN       behind mss and TS; what it does not fill of a word takes the place of the next option's nops
 *   last, where present     FO or FOEXP (nop padded), uto
 * </pre>
 *
 * <p>A header has room for 40 bytes of options. MSS, SACK permitted, timestamps, window scale and accurate ECN (which
 * {@link #fitEcnOption} cuts to what the others leave) always fit together. Of the rest, the fast-open cookie comes first, then the
 * user timeout, and SACK blocks take what is left: an option that does not fit is left out, and of the SACK blocks the last ones,
 * because RFC 2018 section 4 puts the most recent first and repeats the others. With timestamps three blocks fit, without four.
 */
public final class TcpHeaderWriter {
    private TcpHeaderWriter() {
    }

    /** Bytes of the options as {@link #write} writes them, a multiple of 4 from 0 to 40. */
    public static int optionsLength(TcpSegment segment) {
        int length = lengthWithoutSack(segment);
        return length + sackLength(segment, length);
    }

    static int lengthWithoutSack(TcpSegment segment) {
        int length = handshakeAndTimestampsLength(segment) + EcnOptionLayout.length(segment);
        length += fastOpenLength(segment, length);
        return length + userTimeoutLength(segment, length);
    }

    /** Bytes of the header as {@link #write} writes it, a multiple of 4 from 20 to 60. */
    public static int headerLength(TcpSegment segment) {
        return TcpHeader.MIN_LENGTH + optionsLength(segment);
    }

    /**
     * Writes the header, its checksum field 0, and no payload. Reader and writer index of the buffer stay as they are.
     *
     * @param index  absolute, with {@link #headerLength} writable bytes of capacity from there
     * @return the length of the header
     */
    public static int write(TcpSegment segment, ByteBuf out, int index) {
        int headerLength = headerLength(segment);
        out.setInt(index + TcpHeader.SOURCE_PORT, segment.sourcePort() << 16 | segment.destinationPort() & 0xFFFF);
        out.setInt(index + TcpHeader.SEQ, segment.seq());
        out.setInt(index + TcpHeader.ACK, segment.ack());
        out.setInt(index + TcpHeader.OFFSET_AND_FLAGS, offsetAndFlags(headerLength, segment.flags()) << 16 | segment.window());
        out.setInt(index + TcpHeader.CHECKSUM, segment.urgentPointer());
        if (headerLength > TcpHeader.MIN_LENGTH) {
            writeOptions(segment, out, index + TcpHeader.OPTIONS);
        }
        return headerLength;
    }

    /**
     * Makes the accurate ECN option of a segment as long as there is room for, beside the options it has already. RFC 9768 section 3.2.3.3:
     * SACK blocks beyond the second give way to counters that have something to tell. A segment without the option stays without.
     *
     * @param required  counters without which the option is of no use, 0 to 3; if they don't fit, the option is left out
     */
    public static void fitEcnOption(TcpSegment segment, int required) {
        if (segment.ecnFields() != TcpSegment.ABSENT) {
            EcnOptionLayout.fit(segment, required);
        }
    }

    static int offsetAndFlags(int headerLength, int flags) {
        return headerLength >>> 2 << 12 | flags;
    }

    private static void writeOptions(TcpSegment segment, ByteBuf out, int start) {
        int index = start;
        if (segment.mss() != TcpSegment.ABSENT) {
            out.setInt(index, TcpHeader.KIND_MSS << 24 | TcpHeader.LENGTH_MSS << 16 | segment.mss() & 0xFFFF);
            index += 4;
        }
        if (segment.hasTimestamps()) {
            index = writeTimestamps(segment, out, index);
        }
        int rest = 0;
        if (segment.ecnFields() != TcpSegment.ABSENT) {
            EcnOptionLayout.write(segment, out, index);
            index += EcnOptionLayout.ownLength(segment);
            rest = EcnOptionLayout.restLength(segment);
        }
        if (segment.isSackPermitted() && !segment.hasTimestamps()) {
            out.setInt(index, EcnOptionLayout.lead(segment, rest) << 16 | TcpHeader.KIND_SACK_PERMITTED << 8
                | TcpHeader.LENGTH_SACK_PERMITTED);
            rest = 0;
            index += 4;
        }
        if (segment.windowScale() != TcpSegment.ABSENT) {
            int lead = rest == 1 ? EcnOptionLayout.lead(segment, rest) >>> 8 : TcpHeader.KIND_NOP;
            out.setInt(index, lead << 24 | TcpHeader.KIND_WINDOW_SCALE << 16
                | TcpHeader.LENGTH_WINDOW_SCALE << 8 | segment.windowScale() & 0xFF);
            rest = rest == 1 ? 0 : rest;
            index += 4;
        }
        if (rest > 0 && !EcnOptionLayout.joinsSack(segment)) {
            out.setInt(index, EcnOptionLayout.lead(segment, rest) << 16 | TcpHeader.NOP_NOP);
            rest = 0;
            index += 4;
        }
        writeRareOptions(segment, out, index, index - start, EcnOptionLayout.lead(segment, rest));
    }

    private static void writeRareOptions(TcpSegment segment, ByteBuf out, int from, int used, int lead) {
        int index = from;
        int fastOpen = fastOpenLength(segment, used);
        int userTimeout = userTimeoutLength(segment, used + fastOpen);
        int sack = sackLength(segment, used + fastOpen + userTimeout);
        if (sack > 0) {
            writeSack(segment, out, index, sack, lead);
            index += sack;
        }
        if (fastOpen > 0) {
            writeFastOpen(segment, out, index, fastOpen);
            index += fastOpen;
        }
        if (userTimeout > 0) {
            out.setInt(index, TcpHeader.KIND_USER_TIMEOUT << 24 | TcpHeader.LENGTH_USER_TIMEOUT << 16 | segment.userTimeout() & 0xFFFF);
        }
    }

    private static int writeTimestamps(TcpSegment segment, ByteBuf out, int index) {
        // SACK permitted is as long as the two nops that would align the timestamps, and takes their place.
        int lead = segment.isSackPermitted()
            ? TcpHeader.KIND_SACK_PERMITTED << 8 | TcpHeader.LENGTH_SACK_PERMITTED
            : TcpHeader.NOP_NOP;
        out.setInt(index, lead << 16 | TcpHeader.KIND_TIMESTAMPS << 8 | TcpHeader.LENGTH_TIMESTAMPS);
        out.setInt(index + 4, segment.tsVal());
        out.setInt(index + 8, segment.tsEcr());
        return index + TcpHeader.NOP_NOP_TIMESTAMPS_LENGTH;
    }

    private static void writeSack(TcpSegment segment, ByteBuf out, int index, int length, int lead) {
        out.setInt(index, lead << 16 | TcpHeader.KIND_SACK << 8 | length - 2);
        int blocks = length / TcpHeader.LENGTH_SACK_BLOCK;
        for (int i = 0; i < blocks; i++) {
            int at = index + 4 + i * TcpHeader.LENGTH_SACK_BLOCK;
            out.setInt(at, segment.sackLeft(i));
            out.setInt(at + 4, segment.sackRight(i));
        }
    }

    private static void writeFastOpen(TcpSegment segment, ByteBuf out, int index, int length) {
        byte[] cookie = segment.fastOpenCookie();
        int lead = fastOpenLead(segment);
        if (segment.isFastOpenExperimental()) {
            out.setInt(index, TcpHeader.KIND_EXPERIMENT << 24 | lead + cookie.length << 16 | TcpHeader.EXPERIMENT_FAST_OPEN);
        } else {
            out.setShort(index, TcpHeader.KIND_FAST_OPEN << 8 | lead + cookie.length);
        }
        out.setBytes(index + lead, cookie);
        for (int i = lead + cookie.length; i < length; i++) {
            out.setByte(index + i, TcpHeader.KIND_NOP);
        }
    }

    private static int handshakeAndTimestampsLength(TcpSegment segment) {
        int length = segment.mss() == TcpSegment.ABSENT ? 0 : 4;
        length += segment.windowScale() == TcpSegment.ABSENT ? 0 : 4;
        if (segment.hasTimestamps()) {
            return length + TcpHeader.NOP_NOP_TIMESTAMPS_LENGTH;
        }
        return segment.isSackPermitted() ? length + 4 : length;
    }

    private static int fastOpenLength(TcpSegment segment, int used) {
        byte[] cookie = segment.fastOpenCookie();
        return cookie == null ? 0 : ifItFits(fastOpenLead(segment) + cookie.length + 3 & ~3, used);
    }

    /** Bytes of the option before the cookie. */
    private static int fastOpenLead(TcpSegment segment) {
        return segment.isFastOpenExperimental() ? TcpHeader.LENGTH_EXPERIMENT : 2;
    }

    private static int userTimeoutLength(TcpSegment segment, int used) {
        return segment.userTimeout() == TcpSegment.ABSENT ? 0 : ifItFits(TcpHeader.LENGTH_USER_TIMEOUT, used);
    }

    /** Four bytes of nops, kind and length, then as many blocks as there is room for; nothing if there is none for a single one. */
    private static int sackLength(TcpSegment segment, int used) {
        int blocks = sackBlocks(segment, used);
        return blocks == 0 ? 0 : 4 + blocks * TcpHeader.LENGTH_SACK_BLOCK;
    }

    /** How many SACK blocks fit behind so many bytes of other options. */
    static int sackBlocks(TcpSegment segment, int used) {
        int room = Math.max(0, TcpHeader.MAX_OPTIONS_LENGTH - used - 4);
        return Math.min(segment.sackBlockCount(), room / TcpHeader.LENGTH_SACK_BLOCK);
    }

    private static int ifItFits(int length, int used) {
        return length <= TcpHeader.MAX_OPTIONS_LENGTH - used ? length : 0;
    }
}
