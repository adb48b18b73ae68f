package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A sender that always has more to send, in virtual time, with a peer played by hand. Where a {@link Script} remembers and checks all
 * that was sent, this only counts, so that a test can play some hundred thousand ACKs. Numbers are relative to the initial ones.
 */
final class BulkSender {
    private static final long RTT_NANOS = 10_000_000;
    private static final int CHUNK_BYTES = 1 << 16;

    final TcpConnection tcp;
    private final int burstBytes;
    private final ByteBuf data = Unpooled.wrappedBuffer(new byte[CHUNK_BYTES]);
    private final boolean timestamps;
    private long nowNanos;
    private long una = 1;
    private long nxt = 1;
    private long sentBytes;
    private long sentSegments;

    /**
     * With an established connection, and the first window under way.
     *
     * @param mss         of both sides
     * @param burstBytes  how much may leave in one super-segment
     */
    BulkSender(TcpConfig config, int mss, int burstBytes) {
        this.burstBytes = burstBytes;
        timestamps = config.timestamps();
        tcp = TcpConnection.create(Setup.TUPLE, config, InitialNumbers.fixed(RelativeNumbers.ISS, 0), mss);
        tcp.connect(nowNanos);
        pump();
        nxt = 1;
        sentBytes = 0;
        sentSegments = 0;
        nowNanos += RTT_NANOS;
        TcpSegment synAck = segment(TcpFlags.SYN, 1).seq(RelativeNumbers.PEER_ISS).mss(mss).windowScale(14).sackPermitted(true);
        deliver(synAck);
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Highest acknowledgment given. */
    long una() {
        return una;
    }

    /** End of what was sent. */
    long nxt() {
        return nxt;
    }

    /** Payload bytes, retransmissions included. */
    long sentBytes() {
        return sentBytes;
    }

    long sentSegments() {
        return sentSegments;
    }

    /** Goes on, serving timers on the way. */
    BulkSender advance(long nanos) {
        long target = nowNanos + nanos;
        while (tcp.deadlineNanos() <= target) {
            nowNanos = Math.max(nowNanos, tcp.deadlineNanos());
            tcp.onTimeout(nowNanos);
            pump();
        }
        nowNanos = target;
        return this;
    }

    /** A pure ACK with SACK blocks, given by their edges. */
    void acknowledge(long ack, long... edges) {
        TcpSegment segment = segment(TcpFlags.ACK, ack).seq(RelativeNumbers.PEER_ISS + 1);
        for (int i = 0; i + 1 < edges.length; i += 2) {
            segment.addSackBlock(RelativeNumbers.ISS + (int) edges[i], RelativeNumbers.ISS + (int) edges[i + 1]);
        }
        if (ack <= nxt) {
            una = Math.max(una, ack);
        }
        deliver(segment);
    }

    private TcpSegment segment(int flags, long ack) {
        TcpSegment segment = new TcpSegment().flags(flags).ack(RelativeNumbers.ISS + (int) ack).window(65_535)
            .source(Setup.TUPLE.remoteAddress(), Setup.TUPLE.remotePort()).destination(Setup.TUPLE.localAddress(), Setup.TUPLE.localPort());
        return timestamps ? segment.timestamps((int) (nowNanos / 1_000_000), (int) ((nowNanos - RTT_NANOS) / 1_000_000)) : segment;
    }

    private void deliver(TcpSegment segment) {
        tcp.onSegment(segment, nowNanos);
        pump();
    }

    private void pump() {
        while (tcp.hasEvent()) {
            tcp.pollEvent();
        }
        while (tcp.state() == TcpState.ESTABLISHED && tcp.writableBytes() >= CHUNK_BYTES) {
            tcp.write(data.setIndex(0, CHUNK_BYTES), nowNanos);
        }
        for (TcpSegment segment = tcp.pollSegment(nowNanos, burstBytes); segment != null; segment = tcp.pollSegment(nowNanos, burstBytes)) {
            int length = segment.payloadLength();
            long begin = nxt + (segment.seq() - RelativeNumbers.ISS - (int) nxt);
            nxt = Math.max(nxt, begin + length);
            sentBytes += length;
            int size = Math.max(1, segment.segmentSize() > 0 ? segment.segmentSize() : length);
            sentSegments += Math.max(1, (length + size - 1) / size);
            segment.release();
        }
    }

    void release() {
        tcp.release();
        data.release();
    }
}
