package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/**
 * What a trace says of a segment. Flags, sequence range and acknowledgment are always compared; the window only if the text has {@code win};
 * options only if the text has {@code <...>}, except that a segment without SYN must then have none but timestamps; timestamps only if the text has them.
 */
record SegmentPattern(String text, TcpSegment expected, boolean comparesEcn, boolean comparesWindow, boolean comparesOptions) {
    static final int DEFAULT_WINDOW = 65_535;

    static SegmentPattern parse(String text) {
        return new SegmentPattern(text, TcpSegment.parse(withWindow(text)), text.startsWith("["), text.contains(" win "), text.indexOf('<') >= 0);
    }

    /** The text with {@code win 65535} put in where it has no window. */
    static String withWindow(String text) {
        if (text.contains(" win ")) {
            return text;
        }
        int options = text.indexOf('<');
        String window = "win " + DEFAULT_WINDOW;
        return options < 0 ? text + ' ' + window : text.substring(0, options) + window + ' ' + text.substring(options);
    }

    /** @param actual relative numbers, payload of the right length */
    boolean matches(TcpSegment actual) {
        return expected.flags() == actual.flags()
            && (!comparesEcn || expected.ecn() == actual.ecn())
            && expected.seq() == actual.seq()
            && expected.payloadLength() == actual.payloadLength()
            && (!expected.isAck() || expected.ack() == actual.ack())
            && (!comparesWindow || expected.window() == actual.window())
            && expected.urgentPointer() == actual.urgentPointer()
            && optionsMatch(actual);
    }

    private boolean optionsMatch(TcpSegment actual) {
        if (!comparesOptions && actual.isSyn()) {
            return true;
        }
        TcpSegment options = new TcpSegment().copyHeader(actual);
        if (!expected.hasTimestamps()) {
            options.clearTimestamps();
        }
        return options.sameOptions(expected);
    }
}
