package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads a TCP header where it lies. Bytes from the network can be anything: no input makes a method here throw, loop or read outside of
 * the range it was given; it answers with a {@link DropReason} instead, or with {@code null} when the segment is fine.
 *
 * <p>All indexes are absolute; reader and writer index of the buffer stay as they are. The checksum is not looked at, see {@link
 * TcpChecksum}; addresses are not part of a TCP header, the caller sets them, see {@link #checkAddresses}.
 *
 * <p>What is read is what the wire says: an MSS option outside of a SYN, say, is reported, and left to the connection to ignore.
 * Options of unknown kind, and known ones of a length that their RFC does not define, are skipped.
 */
public final class TcpHeaderReader {
    private TcpHeaderReader() {
    }

    /**
     * Reads the header of the segment that fills {@code length} bytes from {@code index}: ports, numbers, flags and options are all
     * overwritten; addresses, payload and {@link TcpSegment#segmentSize()} stay. After a drop, the fields read are unspecified.
     *
     * @return null if the header is sound; the payload then starts {@link #headerLength} bytes after {@code index}
     */
    public static DropReason readHeader(ByteBuf from, int index, int length, TcpSegment into) {
        if (length < TcpHeader.MIN_LENGTH) {
            return DropReason.TRUNCATED_HEADER;
        }
        int offsetAndFlags = from.getUnsignedShort(index + TcpHeader.OFFSET_AND_FLAGS);
        int headerLength = headerLength(offsetAndFlags);
        if (headerLength < TcpHeader.MIN_LENGTH) {
            return DropReason.DATA_OFFSET_TOO_SMALL;
        }
        if (headerLength > length) {
            return DropReason.DATA_OFFSET_BEYOND_SEGMENT;
        }
        int ports = from.getInt(index + TcpHeader.SOURCE_PORT);
        into.source(into.source(), ports >>> 16).destination(into.destination(), ports & 0xFFFF);
        into.seq(from.getInt(index + TcpHeader.SEQ)).ackField(from.getInt(index + TcpHeader.ACK)).flags(offsetAndFlags);
        int windowAndChecksum = from.getInt(index + TcpHeader.WINDOW);
        into.window(windowAndChecksum >>> 16).urgentPointer(from.getUnsignedShort(index + TcpHeader.URGENT_POINTER));
        into.clearOptions();
        if (into.sourcePort() == 0 || into.destinationPort() == 0) {
            return DropReason.PORT_ZERO;
        }
        if (!isPossible(into.flags())) {
            return DropReason.IMPOSSIBLE_FLAGS;
        }
        return headerLength == TcpHeader.MIN_LENGTH ? null : readOptions(from, index + TcpHeader.OPTIONS, index + headerLength, into);
    }

    /**
     * Like {@link #readHeader}, and makes the bytes behind the header the payload of {@code into}, as a retained slice that the
     * segment owns. A segment without payload gets an empty buffer and keeps nothing of {@code from} alive. A payload that was
     * there before passes to nobody: hand in a segment that has none.
     */
    public static DropReason read(ByteBuf from, int index, int length, TcpSegment into) {
        DropReason reason = readHeader(from, index, length, into);
        if (reason == null) {
            int headerLength = headerLength(from, index);
            if (headerLength < length) {
                into.payload(from.retainedSlice(index + headerLength, length - headerLength));
            }
        }
        return reason;
    }

    /** Bytes of the header at {@code index}, 0 to 60, as its data offset says. At least 14 bytes must be there. */
    public static int headerLength(ByteBuf from, int index) {
        return headerLength(from.getUnsignedShort(index + TcpHeader.OFFSET_AND_FLAGS));
    }

    /**
     * Checks what a header alone cannot tell: whether both ends can be TCP peers (RFC 9293 section 3.9.2.3), and are not one and
     * the same (the LAND attack). An unspecified destination is taken for "this host", which is what a wildcard-bound UDP socket
     * knows about it.
     *
     * @return {@link DropReason#BAD_ADDRESS}, or null if the addresses are fine
     */
    public static DropReason checkAddresses(TcpSegment segment) {
        IpAddress source = segment.source();
        IpAddress destination = segment.destination();
        boolean land = segment.sourcePort() == segment.destinationPort() && segment.sourceUdpPort() == segment.destinationUdpPort()
            && source.equals(destination);
        boolean nobody = source.isAny() || source.isMulticastOrBroadcast() || destination.isMulticastOrBroadcast();
        return land || nobody ? DropReason.BAD_ADDRESS : null;
    }

    private static int headerLength(int offsetAndFlags) {
        return offsetAndFlags >>> 12 << 2;
    }

    /**
     * SYN with FIN was T/TCP's (RFC 1644, made historic by RFC 6247); nothing but port scanners sends it today, or SYN with RST,
     * or no flag at all. Departs from RFC 9293 3.10.7, which looks at one flag after the other and would answer some of these: we
     * give a scanner nothing to compare.
     */
    private static boolean isPossible(int flags) {
        return flags != 0 && ((flags & TcpFlags.SYN) == 0 || (flags & (TcpFlags.FIN | TcpFlags.RST)) == 0);
    }

    private static DropReason readOptions(ByteBuf from, int start, int end, TcpSegment into) {
        if (end - start == TcpHeader.NOP_NOP_TIMESTAMPS_LENGTH && from.getInt(start) == TcpHeader.NOP_NOP_TIMESTAMPS) {
            into.timestamps(from.getInt(start + 4), from.getInt(start + 8));
            return null;
        }
        int index = start;
        while (index < end) {
            int kind = from.getUnsignedByte(index);
            if (kind == TcpHeader.KIND_EOL) {
                return null;
            }
            if (kind == TcpHeader.KIND_NOP) {
                index++;
                continue;
            }
            // Every step forward is by at least two bytes from here on: a length of 0 is what made other stacks loop for ever.
            int length = index + 1 < end ? from.getUnsignedByte(index + 1) : 0;
            if (length < 2 || length > end - index) {
                return DropReason.BAD_OPTION_LENGTH;
            }
            readOption(from, index, kind, length, into);
            index += length;
        }
        return null;
    }

    private static void readOption(ByteBuf from, int index, int kind, int length, TcpSegment into) {
        int value = index + 2;
        switch (kind) {
            case TcpHeader.KIND_TIMESTAMPS -> {
                if (length == TcpHeader.LENGTH_TIMESTAMPS) {
                    into.timestamps(from.getInt(value), from.getInt(value + 4));
                }
            }
            case TcpHeader.KIND_SACK -> readSackBlocks(from, value, length - 2, into);
            case TcpHeader.KIND_MSS -> {
                if (length == TcpHeader.LENGTH_MSS) {
                    into.mss(from.getUnsignedShort(value));
                }
            }
            case TcpHeader.KIND_WINDOW_SCALE -> {
                if (length == TcpHeader.LENGTH_WINDOW_SCALE) {
                    into.windowScale(from.getUnsignedByte(value));
                }
            }
            case TcpHeader.KIND_SACK_PERMITTED -> {
                if (length == TcpHeader.LENGTH_SACK_PERMITTED) {
                    into.sackPermitted(true);
                }
            }
            case TcpHeader.KIND_FAST_OPEN -> readCookie(from, value, length - 2, false, into);
            case TcpHeader.KIND_EXPERIMENT -> readExperiment(from, index, length, into);
            case TcpHeader.KIND_USER_TIMEOUT -> {
                if (length == TcpHeader.LENGTH_USER_TIMEOUT) {
                    into.userTimeout(from.getUnsignedShort(value));
                }
            }
            case TcpHeader.KIND_ECN_ORDER_0, TcpHeader.KIND_ECN_ORDER_1 ->
                readEcnCounters(from, value, length - 2, kind == TcpHeader.KIND_ECN_ORDER_1, into);
            default -> { }
        }
    }

    /** RFC 9768 section 3.2.3: 0, 1, 2 or 3 counters; an option of another length is ignored. */
    private static void readEcnCounters(ByteBuf from, int index, int length, boolean e1bFirst, TcpSegment into) {
        int fields = length / TcpHeader.LENGTH_ECN_COUNTER;
        if (length % TcpHeader.LENGTH_ECN_COUNTER != 0 || fields > TcpHeader.MAX_ECN_COUNTERS) {
            return;
        }
        int first = fields > 0 ? from.getUnsignedMedium(index) : 0;
        int ceb = fields > 1 ? from.getUnsignedMedium(index + TcpHeader.LENGTH_ECN_COUNTER) : 0;
        int last = fields > 2 ? from.getUnsignedMedium(index + 2 * TcpHeader.LENGTH_ECN_COUNTER) : 0;
        into.ecnOption(e1bFirst, fields).ecnCounters(e1bFirst ? last : first, ceb, e1bFirst ? first : last);
    }

    private static void readSackBlocks(ByteBuf from, int index, int length, TcpSegment into) {
        if (length % TcpHeader.LENGTH_SACK_BLOCK != 0) {
            return;
        }
        into.clearSackBlocks(); // of a repeated option the last one counts, and four blocks are the most 40 bytes can hold
        for (int i = index; i < index + length; i += TcpHeader.LENGTH_SACK_BLOCK) {
            into.addSackBlock(from.getInt(i), from.getInt(i + 4));
        }
    }

    /** Of all experiments we take part in one (RFC 7413 section 9). */
    private static void readExperiment(ByteBuf from, int index, int length, TcpSegment into) {
        if (length >= TcpHeader.LENGTH_EXPERIMENT && from.getUnsignedShort(index + 2) == TcpHeader.EXPERIMENT_FAST_OPEN) {
            readCookie(from, index + TcpHeader.LENGTH_EXPERIMENT, length - TcpHeader.LENGTH_EXPERIMENT, true, into);
        }
    }

    /** RFC 7413 section 4.1.1: a cookie is 4 to 16 bytes and even; an option of another length must be ignored. */
    private static void readCookie(ByteBuf from, int index, int length, boolean experimental, TcpSegment into) {
        if (length == 0 || length >= 4 && length <= 16 && (length & 1) == 0) {
            byte[] cookie = new byte[length];
            from.getBytes(index, cookie);
            into.fastOpenCookie(cookie, experimental);
        }
    }
}
