package io.github.usertcp.link;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;

/**
 * Trains of segments: one buffer that the kernel, or the network card, cuts into datagrams
 * of equal length (UDP_SEGMENT, Linux 4.18). The last one may be shorter and ends the train.
 *
 * <p>One train is open at a time. It takes segments of any connection, as long as they go to the same UDP destination and have the same
 * length: with many connections over one socket, a batch of ACKs or small messages is one system call, too. The payload is copied once,
 * behind its header; the headers need memory between the payloads anyway, and an iovec for each of both costs more than copying 1.4 KiB.
 */
final class TrainOutput implements DatagramOutput {
    /** UDP_MAX_SEGMENTS of Linux before 6.9; later ones take 128. */
    static final int MAX_SEGMENTS = 64;
    /** Largest UDP payload over IPv4: 65,535 less 20 and 8 bytes of headers. */
    static final int MAX_BYTES = 65_507;

    private static final int MIN_CAPACITY = 2048;
    /** Failures in a row after which the kernel, or the device, is taken to send no trains (such as one without checksum offload, EIO). */
    private static final int MAX_FAILURES = 3;

    private final Runnable onGivenUp;
    private final Channel channel;
    private final PeerSockets peers;
    private final boolean checksum;
    /** Null if no train is open. */
    private ByteBuf train;
    private InetSocketAddress peer;
    private int pieceLength;
    private int pieces;
    private int failures;

    /** Tells {@code onGivenUp} when trains turn out not to leave. */
    TrainOutput(Channel channel, PeerSockets peers, boolean checksum, Runnable onGivenUp) {
        this.onGivenUp = onGivenUp;
        this.channel = channel;
        this.peers = peers;
        this.checksum = checksum;
    }

    @Override
    public void write(TcpSegment segment) {
        InetSocketAddress destination = peers.of(segment.destination(), segment.destinationUdpPort());
        int count = SegmentSplitter.pieceCount(segment);
        int length = SegmentSplitter.pieceLength(segment);
        int lastLength = SegmentSplitter.trainLength(segment) - (count - 1) * length;
        int first = 0;
        while (first < count) {
            if (train == null || !destination.equals(peer) || length > pieceLength || count > 1 && length != pieceLength || room() == 0) {
                depart();
                begin(destination, length, SegmentSplitter.trainLength(segment));
            }
            int taken = Math.min(room(), count - first);
            SegmentSplitter.writePieces(segment, first, taken, train, checksum);
            pieces += taken;
            first += taken;
        }
        if (lastLength < pieceLength) {
            depart(); // nothing may follow a shorter one
        }
    }

    @Override
    public void flush() {
        depart();
        channel.flush();
    }

    @Override
    public void release() {
        if (train != null) {
            train.release();
            train = null;
        }
    }

    private void begin(InetSocketAddress destination, int length, int expectedBytes) {
        peer = destination;
        pieceLength = length;
        pieces = 0;
        train = channel.alloc().directBuffer(Math.min(MAX_BYTES, Math.max(MIN_CAPACITY, expectedBytes)));
    }

    private int room() {
        return Math.min(MAX_SEGMENTS - pieces, (MAX_BYTES - train.writerIndex()) / pieceLength);
    }

    private void depart() {
        if (train == null) {
            return;
        }
        if (pieces == 1) {
            channel.write(new DatagramPacket(train, peer), channel.voidPromise());
        } else {
            channel.write(new SegmentedDatagramPacket(train, pieceLength, peer)).addListener(this::departed);
        }
        train = null;
    }

    private void departed(Future<? super Void> sent) {
        if (sent.isSuccess()) {
            failures = 0;
        } else if (sent.cause() instanceof IOException && !(sent.cause() instanceof ClosedChannelException) && ++failures == MAX_FAILURES) {
            onGivenUp.run();
        }
    }
}
