package io.github.usertcp.link;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** A datagram for each segment: what every transport can do. The payload is copied once, behind its header. */
final class SingleOutput implements DatagramOutput {
    private final Channel channel;
    private final PeerSockets peers = new PeerSockets();
    private final boolean checksum;

    SingleOutput(Channel channel, boolean checksum) {
        this.channel = channel;
        this.checksum = checksum;
    }

    @Override
    public void write(TcpSegment segment) {
        InetSocketAddress peer = peers.of(segment.destination(), segment.destinationUdpPort());
        int pieces = SegmentSplitter.pieceCount(segment);
        int length = SegmentSplitter.pieceLength(segment);
        for (int piece = 0; piece < pieces; piece++) {
            ByteBuf datagram = channel.alloc().directBuffer(length);
            SegmentSplitter.writePieces(segment, piece, 1, datagram, checksum);
            channel.write(new DatagramPacket(datagram, peer), channel.voidPromise());
        }
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void release() {
        // Nothing is held back: what is written is the channel's.
    }
}
