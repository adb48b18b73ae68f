package io.github.usertcp.codec;

/** Packetdrill notation of segments, both ways. */
final class TcpSegmentText {
    private TcpSegmentText() {
    }

    static TcpSegment parse(String text) {
        throw new UnsupportedOperationException();
    }

    static String format(TcpSegment segment) {
        throw new UnsupportedOperationException();
    }
}
