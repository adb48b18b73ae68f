package io.github.usertcp.link;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

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
    /** Peers in a row to which trains do not leave, after which no device is taken to send any. */
    private static final int MAX_FAILURES = 3;
    /** Peers remembered to which trains do not leave. Two that meet in one place take turns, and lose a train each time. */
    private static final int REFUSED_PLACES = 256;
    /** Linux: no checksum offload on the way to that peer, of the device (or IPsec takes the packets first). */
    private static final int EIO = -5;
    /** Linux before 6.14, and after: a piece is larger than the device's MTU, or what else the kernel dislikes. */
    private static final int EINVAL = -22;
    private static final int EMSGSIZE = -90;

    private final TooBig tooBig;
    private final Runnable onGivenUp;
    private final Channel channel;
    private final PeerSockets peers = new PeerSockets();
    private final boolean checksum;
    private final InetSocketAddress[] refused = new InetSocketAddress[REFUSED_PLACES];
    /** Null if no train is open. */
    private ByteBuf train;
    private InetSocketAddress peer;
    private int pieceLength;
    private int pieces;
    private int maxPieces;
    private int failures;

    /** Who knows how large datagrams may be. */
    interface TooBig {
        /** Whether something was too big. */
        enum Answer { YES, NO, NOT_ASKED }

        /** A datagram of so many bytes did not leave: whether that was for its size, in which case those are told who make it. */
        Answer explain(InetSocketAddress peer, int datagramBytes);
    }

    /**
     * A train that does not leave is lost, as if by the network. If that was for being a train, and not for the size of its datagrams or
     * for what single ones would have met, too, its peer gets single datagrams from then on. {@code onGivenUp} is told when that was so
     * with {@link #MAX_FAILURES} peers, and no train has left in between.
     */
    TrainOutput(Channel channel, boolean checksum, TooBig tooBig, Runnable onGivenUp) {
        this.channel = channel;
        this.checksum = checksum;
        this.tooBig = tooBig;
        this.onGivenUp = onGivenUp;
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
        maxPieces = destination.equals(refused[place(destination)]) ? 1 : MAX_SEGMENTS;
        int expected = maxPieces == 1 ? length : expectedBytes;
        train = channel.alloc().directBuffer(Math.min(MAX_BYTES, Math.max(MIN_CAPACITY, expected)));
    }

    private static int place(InetSocketAddress peer) {
        return peer.hashCode() & REFUSED_PLACES - 1;
    }

    private int room() {
        return Math.min(maxPieces - pieces, (MAX_BYTES - train.writerIndex()) / pieceLength);
    }

    private void depart() {
        if (train == null) {
            return;
        }
        if (pieces == 1) {
            channel.write(new DatagramPacket(train, peer), channel.voidPromise());
        } else {
            InetSocketAddress to = peer;
            int length = pieceLength;
            channel.write(new SegmentedDatagramPacket(train, length, to)).addListener(sent -> departed(sent, to, length));
        }
        train = null;
    }

    private void departed(Future<?> sent, InetSocketAddress to, int length) {
        if (sent.isSuccess()) {
            failures = 0;
        } else if (isRefused(sent.cause(), to, length) && !to.equals(refused[place(to)])) {
            refused[place(to)] = to;
            if (++failures == MAX_FAILURES) {
                onGivenUp.run();
            }
        }
    }

    /** Whether it certainly failed for being a train; anything else would have happened to single datagrams, too. */
    private boolean isRefused(Throwable cause, InetSocketAddress to, int length) {
        if (!(cause instanceof Errors.NativeIoException)) {
            return false;
        }
        int error = ((Errors.NativeIoException) cause).expectedErr();
        return error == EIO || (error == EINVAL || error == EMSGSIZE) && tooBig.explain(to, length) == TooBig.Answer.NO;
    }
}
