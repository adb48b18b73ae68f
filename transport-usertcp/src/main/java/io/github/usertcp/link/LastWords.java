package io.github.usertcp.link;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out after the link's own socket is gone: an event loop that shuts down closes its channels before anybody can say
 * farewell. What is written is kept, and sent from a plain non-blocking socket on the same port; to peers it looks the same.
 *
 * <p>A closed NIO socket keeps its port until its selector has looked once more, which a
 * loop that shuts down does only with its very last act. Then the farewells wait for that. A socket that is still open is used as it is.
 */
final class LastWords implements DatagramOutput {
    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);
    private static final int RETRY_MILLIS = 10;
    private static final int MAX_DATAGRAM = 65_535;

    private record Datagram(ByteBuffer bytes, InetSocketAddress peer) {
    }

    private final Channel channel;
    private final EventLoop loop;
    private final InetSocketAddress bound;
    private final UdpLinkProvider settings;
    private final PeerSockets peers = new PeerSockets();
    private final List<Datagram> datagrams = new ArrayList<>();

    LastWords(Channel channel, InetSocketAddress bound, UdpLinkProvider settings) {
        this.channel = channel;
        loop = channel.eventLoop();
        this.bound = bound;
        this.settings = settings;
    }

    @Override
    public void write(TcpSegment segment) {
        InetSocketAddress peer = peers.of(segment.destination(), segment.destinationUdpPort());
        for (int piece = 0; piece < SegmentSplitter.pieceCount(segment); piece++) {
            ByteBuf datagram = Unpooled.buffer(SegmentSplitter.pieceLength(segment)); // on the heap, for the garbage collector
            SegmentSplitter.writePieces(segment, piece, 1, datagram, settings.hasChecksum());
            datagrams.add(new Datagram(datagram.nioBuffer(), peer));
        }
    }

    @Override
    public void flush() {
        // Sent all together, by release.
    }

    /** Sends what is written, at once or as soon as the port is free. */
    @Override
    public void release() {
        if (!send()) {
            if (loop.isShuttingDown()) {
                loop.terminationFuture().addListener(terminated -> send());
            } else {
                loop.schedule(this::send, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private boolean send() {
        if (channel instanceof UnixChannel unix && unix.fd().isOpen()) {
            return sendFrom(unix.fd());
        }
        return datagrams.isEmpty() || sendFromSamePort();
    }

    /** An io_uring loop that is not given time leaves sockets open for good: the last one to use it closes it. */
    private boolean sendFrom(FileDescriptor fd) {
        try {
            if (fd instanceof Socket socket) {
                ByteBuffer direct = ByteBuffer.allocateDirect(MAX_DATAGRAM);
                for (Datagram datagram : datagrams) {
                    direct.clear().put(datagram.bytes());
                    socket.sendTo(direct, 0, direct.position(), datagram.peer().getAddress(), datagram.peer().getPort());
                }
            }
            fd.close();
        } catch (IOException e) {
            LOG.debug("udp {}: no farewell", bound, e);
        }
        return true;
    }

    private boolean sendFromSamePort() {
        try (DatagramChannel socket = DatagramChannel.open()) {
            socket.configureBlocking(false);
            if (settings.isPortShared()) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.setOption(StandardSocketOptions.SO_SNDBUF, settings.socketBufferBytes());
            socket.bind(bound);
            for (Datagram datagram : datagrams) {
                socket.send(datagram.bytes(), datagram.peer());
            }
            return true;
        } catch (IOException e) {
            LOG.debug("udp {}: no farewell yet", bound, e);
            return false;
        }
    }
}
