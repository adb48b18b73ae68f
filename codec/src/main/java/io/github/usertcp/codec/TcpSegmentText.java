package io.github.usertcp.codec;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Segments as packetdrill writes them, both ways:
 *
 * <pre>
 *   flags start:end(length) [ack N] [win N] [urg N] [&lt;option,option,...&gt;]
 *
 *   S 0:0(0) win 65535 &lt;mss 1460,sackOK,TS val 100 ecr 0,wscale 8&gt;
 *   P. 1:1001(1000) ack 1 win 257
 *   . 1:1(0) ack 1 win 257 &lt;sack 1001:2001 3001:4001&gt;
 *   [ect0] P.5 1:1001(1000) ack 1 win 257 &lt;ECN e1b 1 ceb 0 e0b 1&gt;
 * </pre>
 *
 * <p>In front may stand the ECN field of the IP header in brackets ({@link EcnCodepoint}); {@link #format} writes it if it is not 0.
 *
 * <p>Options: {@code mss N}, {@code wscale N}, {@code sackOK}, {@code sack A:B C:D}, {@code TS val N ecr N}, {@code FO} and
 * {@code FO hex}, {@code FOEXP} likewise, {@code ECN} with its counters in one of their two orders ({@code e0b ceb e1b} or
 * {@code e1b ceb e0b}, the last ones possibly missing), and {@code uto N} (the raw 16 bits; packetdrill has no word for it).
 * {@code nop} and {@code eol} are read and forgotten: padding belongs to the wire, not to the segment, so {@link #format} writes
 * none. Numbers are unsigned 32-bit decimals.
 *
 * <p>Addresses, ports, payload contents and the size to cut at have no place in the notation: parsed payload is zeros.
 */
final class TcpSegmentText {
    /** So that a slip of the finger in a test does not allocate gigabytes. */
    private static final int MAX_PAYLOAD_LENGTH = 1 << 20;

    private static final int MAX_COUNTER = 0xFF_FFFF;

    private final String text;
    private int position;

    private TcpSegmentText(String text) {
        this.text = text;
    }

    /**
     * Reads one segment. Only flags and the sequence range are required; {@code win} defaults to 0. A digit that ends the flags
     * is packetdrill's notation of the three ECN bits as a counter (AE, CWR, ECE, highest first).
     *
     * @throws IllegalArgumentException if the text is no segment, naming what was expected and where
     */
    static TcpSegment parse(String text) {
        TcpSegmentText reader = new TcpSegmentText(text);
        TcpSegment segment = new TcpSegment();
        reader.readEcn(segment);
        segment.flags(TcpFlags.parse(reader.word()));
        reader.readSequenceRange(segment);
        if (reader.skipKeyword("ack")) {
            segment.ackField(reader.unsignedInt());
        }
        if (reader.skipKeyword("win")) {
            segment.window(reader.number(0xFFFF));
        }
        if (reader.skipKeyword("urg")) {
            segment.urgentPointer(reader.number(0xFFFF));
        }
        reader.readOptions(segment);
        if (!reader.atEnd()) {
            throw reader.expected("the end");
        }
        return segment;
    }

    /**
     * Writes one segment; {@code ack} when the ACK flag or, against all custom, the field alone is set, {@code win} always,
     * {@code urg} when it isn't 0.
     */
    static String format(TcpSegment segment) {
        StringBuilder out = new StringBuilder(64);
        int length = segment.payloadLength();
        if (segment.ecn() != EcnCodepoint.NOT_ECT) {
            out.append('[').append(EcnCodepoint.toString(segment.ecn())).append("] ");
        }
        out.append(TcpFlags.toString(segment.flags()));
        out.append(' ').append(unsigned(segment.seq()));
        out.append(':').append(unsigned(segment.seq() + length));
        out.append('(').append(length).append(')');
        if (segment.isAck() || segment.ack() != 0) {
            out.append(" ack ").append(unsigned(segment.ack()));
        }
        out.append(" win ").append(segment.window());
        if (segment.urgentPointer() != 0) {
            out.append(" urg ").append(segment.urgentPointer());
        }
        appendOptions(segment, out);
        return out.toString();
    }

    private static void appendOptions(TcpSegment segment, StringBuilder out) {
        int start = out.length();
        if (segment.mss() != TcpSegment.ABSENT) {
            out.append(",mss ").append(segment.mss());
        }
        if (segment.isSackPermitted()) {
            out.append(",sackOK");
        }
        if (segment.hasTimestamps()) {
            out.append(",TS val ").append(unsigned(segment.tsVal())).append(" ecr ").append(unsigned(segment.tsEcr()));
        }
        if (segment.windowScale() != TcpSegment.ABSENT) {
            out.append(",wscale ").append(segment.windowScale());
        }
        for (int i = 0; i < segment.sackBlockCount(); i++) {
            out.append(i == 0 ? ",sack " : " ").append(unsigned(segment.sackLeft(i))).append(':').append(unsigned(segment.sackRight(i)));
        }
        byte[] cookie = segment.fastOpenCookie();
        if (cookie != null) {
            out.append(segment.isFastOpenExperimental() ? ",FOEXP" : ",FO");
            out.append(cookie.length == 0 ? "" : " ").append(ByteBufUtil.hexDump(cookie));
        }
        appendEcnOption(segment, out);
        if (segment.userTimeout() != TcpSegment.ABSENT) {
            out.append(",uto ").append(segment.userTimeout());
        }
        if (out.length() > start) {
            out.replace(start, start + 1, " <").append('>');
        }
    }

    private static void appendEcnOption(TcpSegment segment, StringBuilder out) {
        int fields = segment.ecnFields();
        if (fields == TcpSegment.ABSENT) {
            return;
        }
        out.append(",ECN");
        for (int i = 0; i < fields; i++) {
            // The order of kind 174 is that of kind 172 backwards.
            switch (segment.isE1bFirst() ? 2 - i : i) {
                case 0 -> out.append(" e0b ").append(segment.e0b());
                case 1 -> out.append(" ceb ").append(segment.ceb());
                default -> out.append(" e1b ").append(segment.e1b());
            }
        }
    }

    private static String unsigned(int value) {
        return Integer.toUnsignedString(value);
    }

    private void readEcn(TcpSegment segment) {
        if (skip('[')) {
            int codepoint = EcnCodepoint.parse(word());
            if (codepoint < 0) {
                throw expected("noecn, ect1, ect0 or ce");
            }
            segment.ecn(codepoint);
            expect(']');
        }
    }

    private void readSequenceRange(TcpSegment segment) {
        int seq = unsignedInt();
        expect(':');
        int end = unsignedInt();
        expect('(');
        int length = number(MAX_PAYLOAD_LENGTH);
        expect(')');
        if (seq + length != end) {
            throw expected("an end of " + unsigned(seq + length) + " for " + length + " bytes from " + unsigned(seq));
        }
        segment.seq(seq);
        if (length > 0) {
            segment.payload(Unpooled.wrappedBuffer(new byte[length]));
        }
    }

    private void readOptions(TcpSegment segment) {
        if (!skip('<') || skip('>')) {
            return;
        }
        do {
            readOption(word(), segment);
        } while (skip(','));
        expect('>');
    }

    private void readOption(String name, TcpSegment segment) {
        switch (name) {
            case "nop", "eol" -> { }
            case "mss" -> segment.mss(number(0xFFFF));
            case "wscale" -> segment.windowScale(number(0xFF));
            case "sackOK" -> segment.sackPermitted(true);
            case "sack" -> readSackBlocks(segment);
            case "TS" -> readTimestamps(segment);
            case "FO" -> segment.fastOpenCookie(readCookie());
            case "FOEXP" -> segment.fastOpenCookie(readCookie(), true);
            case "ECN" -> readEcnOption(segment);
            case "uto" -> segment.userTimeout(number(0xFFFF));
            default -> throw expected("an option instead of \"" + name + '"');
        }
    }

    private void readSackBlocks(TcpSegment segment) {
        do {
            if (segment.sackBlockCount() == TcpSegment.MAX_SACK_BLOCKS) {
                throw expected("no more than " + TcpSegment.MAX_SACK_BLOCKS + " SACK blocks");
            }
            int left = unsignedInt();
            expect(':');
            segment.addSackBlock(left, unsignedInt());
        } while (!atEnd() && Character.isDigit(text.charAt(position)));
    }

    private void readTimestamps(TcpSegment segment) {
        if (!skipKeyword("val")) {
            throw expected("\"val\"");
        }
        int value = unsignedInt();
        if (!skipKeyword("ecr")) {
            throw expected("\"ecr\"");
        }
        segment.timestamps(value, unsignedInt());
    }

    private void readEcnOption(TcpSegment segment) {
        int e0b = 0;
        int ceb = 0;
        int e1b = 0;
        int fields = 0;
        boolean e1bFirst = true;
        boolean more = true;
        while (more && fields < 3) {
            if (fields != 1 && skipKeyword("e0b")) {
                e0b = number(MAX_COUNTER);
                e1bFirst = fields > 0;
            } else if (fields != 1 && skipKeyword("e1b")) {
                e1b = number(MAX_COUNTER);
                e1bFirst = fields == 0;
            } else if (fields == 1 && skipKeyword("ceb")) {
                ceb = number(MAX_COUNTER);
            } else {
                more = false;
            }
            fields += more ? 1 : 0;
        }
        segment.ecnOption(e1bFirst, fields).ecnCounters(e0b, ceb, e1b);
    }

    private byte[] readCookie() {
        if (atEnd() || Character.digit(text.charAt(position), 16) < 0) {
            return new byte[0];
        }
        String hex = word();
        try {
            return ByteBufUtil.decodeHexDump(hex);
        } catch (IllegalArgumentException e) {
            throw expected("an even number of hexadecimal digits instead of \"" + hex + '"');
        }
    }

    private boolean atEnd() {
        skipBlanks();
        return position == text.length();
    }

    private void skipBlanks() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private boolean skip(char wanted) {
        if (atEnd() || text.charAt(position) != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char wanted) {
        if (!skip(wanted)) {
            throw expected("'" + wanted + "'");
        }
    }

    private boolean skipKeyword(String keyword) {
        int start = position;
        if (!atEnd() && word().equals(keyword)) {
            return true;
        }
        position = start;
        return false;
    }

    /** Everything up to a blank or a separator of the notation; possibly nothing. */
    private String word() {
        skipBlanks();
        int start = position;
        while (position < text.length() && !Character.isWhitespace(text.charAt(position))
            && ",:()<>[]".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private int unsignedInt() {
        skipBlanks();
        int start = position;
        try {
            return Integer.parseUnsignedInt(word());
        } catch (NumberFormatException e) {
            position = start;
            throw expected("an unsigned 32-bit number");
        }
    }

    private int number(int max) {
        int start = position;
        int value = unsignedInt();
        if (Integer.compareUnsigned(value, max) > 0) {
            position = start;
            throw expected("a number from 0 to " + max);
        }
        return value;
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException("expected " + what + " at column " + (position + 1) + " of \"" + text + '"');
    }
}
