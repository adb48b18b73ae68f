package io.github.usertcp.tcp;

/**
 * How many received bytes may wait for the application, which is what the window is made of. The idea (dynamic right-sizing): what the
 * application reads in a round trip is what came with the window we have; offer twice that, so that the peer's congestion window and not
 * ours decides. A slow reader gets no more, since it has enough already.
 *
 * <p>Source: Fisk and Feng, "Dynamic Right-Sizing in TCP" (2001), with Linux's refinements. Units are bytes:
 * <pre>
 *   perRtt   bytes read * RTT / time, measured over at least one RTT
 *   size     2 perRtt + 16 MSS, and twice what perRtt has grown by
 * </pre>
 * It never shrinks by itself: a window once offered is not taken back. No memory is held for it, only bytes that arrive hold some.
 */
final class ReceiveBuffer {
    /** Linux: room for the start of a transfer, and for a few losses at low rates. */
    private static final int SPARE_SEGMENTS = 16;

    private int bytes;
    private int limitBytes;
    private int queueBytes = Integer.MAX_VALUE;
    private long read;
    private long readBefore;
    private long measuredFromNanos;
    private long mostPerRtt;

    /** Also while in use: an application that sets a size gets it. */
    void configure(TcpConfig config) {
        bytes = Math.min(Math.max(bytes, config.receiveBufferBytes()), config.maxReceiveBufferBytes());
        limitBytes = Math.max(bytes, Math.min(config.maxReceiveBufferBytes(), queueBytes));
    }

    /** What lies below holds no more than that, and drops the rest: growth stops there, but what the application asks for is kept. */
    void growAtMostTo(int belowBytes, TcpConfig config) {
        queueBytes = belowBytes;
        configure(config);
    }

    void start(long nowNanos) {
        measuredFromNanos = nowNanos;
        mostPerRtt = bytes / 2; // what this size is enough for
    }

    int bytes() {
        return bytes;
    }

    /**
     * The application has read so many bytes.
     *
     * @param rttNanos   -1 if unknown
     * @param mayGrow    there is memory
     */
    void read(int count, long nowNanos, long rttNanos, int segmentBytes, boolean mayGrow) {
        read += count;
        long elapsed = nowNanos - measuredFromNanos;
        if (rttNanos < 0 || elapsed < Math.max(1, rttNanos)) {
            return;
        }
        long perRtt = (long) ((read - readBefore) * ((double) Math.max(1, rttNanos) / elapsed));
        if (perRtt > mostPerRtt && mayGrow) {
            long wanted = 2 * perRtt + 2 * (perRtt - mostPerRtt) + (long) SPARE_SEGMENTS * segmentBytes;
            bytes = (int) Math.max(bytes, Math.min(wanted, limitBytes));
            mostPerRtt = perRtt;
        }
        readBefore = read;
        measuredFromNanos = nowNanos;
    }

    void checkInvariants() {
        assert bytes <= limitBytes : "buffer of " + bytes + ", limit " + limitBytes;
        assert readBefore <= read : "read " + readBefore + " before, " + read + " now";
    }
}
