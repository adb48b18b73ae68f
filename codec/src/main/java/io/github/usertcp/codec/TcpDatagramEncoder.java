package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Turns each outbound {@link TcpSegment} into a {@link DatagramPacket} to its destination address and UDP port, or one for each piece of a
 * super-segment. The promise of the write is done when the last of them is.
 */
public class TcpDatagramEncoder extends MessageToMessageEncoder<TcpSegment> {
    private final boolean checksums;

    /** The last recipient: trains of segments go to the same one. */
    private InetSocketAddress recipient;
    private IpAddress recipientAddress;

    /** An encoder that sends zero for a TCP checksum: that of UDP covers the whole segment. */
    public TcpDatagramEncoder() {
        this(false);
    }

    /**
     * An encoder of which the caller chooses whether it computes TCP checksums.
     *
     * @param checksums  true to fill them in; segments must then have the source address that the receiver will see
     */
    public TcpDatagramEncoder(boolean checksums) {
        super(TcpSegment.class);
        this.checksums = checksums;
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, TcpSegment segment, List<Object> out) {
        InetSocketAddress to = recipient(segment.destination(), segment.destinationUdpPort());
        int pieces = SegmentSplitter.pieceCount(segment);
        for (int i = 0; i < pieces; i++) {
            ByteBuf bytes = ctx.alloc().directBuffer(SegmentSplitter.pieceLength(segment));
            SegmentSplitter.writePieces(segment, i, 1, bytes, checksums);
            out.add(new DatagramPacket(bytes, to));
        }
    }

    private InetSocketAddress recipient(IpAddress address, int port) {
        if (recipient == null || recipient.getPort() != port || !recipientAddress.equals(address)) {
            recipient = new InetSocketAddress(address.toInetAddress(), port);
            recipientAddress = address;
        }
        return recipient;
    }
}
