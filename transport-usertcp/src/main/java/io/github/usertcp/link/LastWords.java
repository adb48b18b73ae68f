package io.github.usertcp.link;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out after the link's own socket is gone: an event loop that shuts down closes its channels before anybody can say farewell. A plain
 * non-blocking socket on the same port, for that one moment; to peers it looks the same.
 */
final class LastWords implements DatagramOutput {
    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);

    private final PeerSockets peers = new PeerSockets();
    private final boolean checksum;
    /** Null if the port is no longer to be had. */
    private final DatagramChannel socket;

    private LastWords(DatagramChannel socket, boolean checksum) {
        this.socket = socket;
        this.checksum = checksum;
    }

    static LastWords open(InetSocketAddress bound, UdpLinkProvider settings) {
        DatagramChannel socket = null;
        try {
            socket = DatagramChannel.open();
            socket.configureBlocking(false);
            if (settings.isPortShared()) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.setOption(StandardSocketOptions.SO_SNDBUF, settings.socketBufferBytes());
            socket.bind(bound);
        } catch (IOException e) {
            LOG.debug("udp {}: no farewell", bound, e);
            close(socket);
            socket = null;
        }
        return new LastWords(socket, settings.hasChecksum());
    }

    @Override
    public void write(TcpSegment segment) {
        if (socket == null) {
            return;
        }
        InetSocketAddress peer = peers.of(segment.destination(), segment.destinationUdpPort());
        ByteBuf datagram = Unpooled.buffer(SegmentSplitter.pieceLength(segment));
        try {
            for (int piece = 0; piece < SegmentSplitter.pieceCount(segment); piece++) {
                SegmentSplitter.writePieces(segment, piece, 1, datagram.clear(), checksum);
                socket.send(datagram.nioBuffer(), peer);
            }
        } catch (IOException e) {
            LOG.debug("farewell to {} not sent", peer, e);
        } finally {
            datagram.release();
        }
    }

    @Override
    public void flush() {
        // Sent already.
    }

    @Override
    public void release() {
        close(socket);
    }

    private static void close(DatagramChannel socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing failed", e);
            }
        }
    }
}
