package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.tcp.TcpInfo;

/**
 * How much a socket's send buffer takes by Linux's rule, which scripts see in what writes return and when they block: pieces of up to half
 * of the peer's window, each taken whole as long as what is held is less than the limit. What is held is bytes and, for each piece, the
 * memory around them.
 *
 * <p>Source: {@code tcp_sendmsg}, {@code sk_stream_memory_free}, {@code tcp_sndbuf_expand}, {@code sk_stream_is_writeable}. The stack's own
 * buffer, which takes as many bytes as its setting says, is made large enough for that.
 */
final class SendBuffer {
    /** More than one piece: the stack has room for what the limit lets through last. */
    static final int HEADROOM_BYTES = 128 * 1024;
    private static final int MAX_PIECE_BYTES = 65_215;
    private static final int MIN_WINDOW_TO_HALVE = 536;
    /** Of a piece, and of a segment when the limit grows with the window. */
    private static final int OVERHEAD_BYTES = 896;
    private static final int SEGMENT_OVERHEAD_BYTES = 640;
    private static final int DESCRIPTOR_BYTES = 256;
    private static final int MIN_SEGMENTS = 10;

    private final long initialBytes;
    private final long maxBytes;
    private long fixedBytes = -1;
    private long lowWaterBytes = Long.MAX_VALUE;

    /** tcp_wmem, its second and third number. */
    SendBuffer(long initialBytes, long maxBytes) {
        this.initialBytes = initialBytes;
        this.maxBytes = maxBytes;
    }

    /** One that inherits all settings. */
    SendBuffer(SendBuffer parent) {
        initialBytes = parent.initialBytes;
        maxBytes = parent.maxBytes;
        fixedBytes = parent.fixedBytes;
        lowWaterBytes = parent.lowWaterBytes;
    }

    /** SO_SNDBUF, twice as much as was asked for. */
    void fix(long bytes) {
        fixedBytes = bytes;
    }

    /** TCP_NOTSENT_LOWAT. */
    void lowWater(long bytes) {
        lowWaterBytes = bytes == 0 ? Long.MAX_VALUE : bytes;
    }

    boolean hasLowWater() {
        return lowWaterBytes != Long.MAX_VALUE;
    }

    long limitBytes(TcpInfo info) {
        if (fixedBytes >= 0) {
            return fixedBytes;
        }
        long perSegment = Long.highestOneBit(2 * (Math.max(536, info.sndMss()) + SEGMENT_OVERHEAD_BYTES) - 1) + DESCRIPTOR_BYTES;
        long segments = Math.max(MIN_SEGMENTS, info.sndCwnd() / Math.max(1, info.sndMss()));
        return Math.max(Math.min(initialBytes, maxBytes), Math.min(maxBytes, 2 * perSegment * segments));
    }

    /** Bytes of the next {@code length} that are taken before the first of them is sent. */
    long room(TcpInfo info, long length) {
        long held = info.unacked() + info.notsentBytes();
        long taken = 0;
        long piece = pieceBytes(info);
        while (taken < length && charged(held + taken, piece) < limitBytes(info) && info.notsentBytes() + taken < lowWaterBytes) {
            taken = Math.min(length, taken + piece);
        }
        return taken;
    }

    /** What poll() says, and what a blocked write waits for: a third is free, and less than half of the low-water mark unsent. */
    boolean isWritable(TcpInfo info) {
        long held = charged(info.unacked() + info.notsentBytes(), pieceBytes(info));
        return 3 * held / 2 <= limitBytes(info) && 2 * info.notsentBytes() < lowWaterBytes;
    }

    private static long charged(long bytes, long piece) {
        return bytes + (bytes + piece - 1) / piece * OVERHEAD_BYTES;
    }

    private static long pieceBytes(TcpInfo info) {
        long mss = Math.max(1, info.sndMss());
        long window = info.sndWnd() > MIN_WINDOW_TO_HALVE ? info.sndWnd() / 2 : info.sndWnd();
        long bytes = Math.min(MAX_PIECE_BYTES, window);
        return Math.max(mss, bytes / mss * mss);
    }
}
