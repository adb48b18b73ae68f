package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/** The arithmetic of SYN and SYN-ACK that the connection and {@link HalfOpen} share. */
final class Handshake {
    /** RFC 7323 section 2.3: a larger shift is taken for 14. */
    static final int MAX_WINDOW_SCALE = 14;
    /** RFC 9293 section 3.7.1: what a peer that announces no MSS can take, over IPv4 and IPv6. */
    private static final int DEFAULT_MSS_V4 = 536;
    private static final int DEFAULT_MSS_V6 = 1220;
    private static final int MAX_WINDOW_FIELD = 65_535;
    private static final long NANOS_PER_TICK = 1_000_000;

    private Handshake() {
    }

    static int peerMss(TcpSegment syn, TcpTuple tuple) {
        if (syn.mss() == TcpSegment.ABSENT) {
            return tuple.remoteAddress().isV4() ? DEFAULT_MSS_V4 : DEFAULT_MSS_V6;
        }
        // CVE-2019-11479: a peer must not make us send thousands of tiny segments.
        return Math.max(syn.mss(), TcpConfig.MIN_SEGMENT_SIZE);
    }

    static int announcedMss(TcpConfig config, int linkMss) {
        return config.maxSegmentSize() == 0 ? linkMss : Math.min(config.maxSegmentSize(), linkMss);
    }

    /** The smallest shift with which 16 bits can express the whole receive buffer, also when it has grown: a shift is for ever. */
    static int windowScale(TcpConfig config) {
        int shift = 0;
        while (shift < MAX_WINDOW_SCALE && (long) MAX_WINDOW_FIELD << shift < config.maxReceiveBufferBytes()) {
            shift++;
        }
        return shift;
    }

    /**
     * The window field of our SYN or SYN-ACK: a small buffer offers what it holds in full segments, as Linux's does.
     *
     * @param segmentBytes  payload of a full segment of the peer's
     */
    static int window(TcpConfig config, int segmentBytes) {
        int buffer = config.receiveBufferBytes();
        return Math.min(buffer > segmentBytes ? buffer - buffer % segmentBytes : buffer, MAX_WINDOW_FIELD);
    }

    /** RFC 7323 section 5.4: a millisecond clock with an offset of the connection's own, so that it betrays no uptime. */
    static int tsVal(long nowNanos, int tsOffset) {
        return (int) (nowNanos / NANOS_PER_TICK) + tsOffset;
    }

    /** A segment with the tuple's addresses and ports and no acknowledgment. */
    static TcpSegment segment(TcpTuple tuple, int flags) {
        return new TcpSegment().source(tuple.localAddress(), tuple.localPort()).destination(tuple.remoteAddress(), tuple.remotePort())
            .udpPorts(0, tuple.remoteUdpPort()).flags(flags);
    }

    /**
     * The reset that RFC 9293 section 3.5.2 (group 1) prescribes in answer to a segment nobody expects; {@code null} in answer to a reset.
     */
    static TcpSegment resetFor(TcpSegment segment, TcpTuple tuple) {
        if (segment.isRst()) {
            return null;
        }
        if (segment.isAck()) {
            return segment(tuple, TcpFlags.RST).seq(segment.ack());
        }
        return segment(tuple, TcpFlags.RST).seq(0).ack(segment.seq() + segment.sequenceLength());
    }
}
