package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.MessageToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Turns each inbound {@link DatagramPacket}, whose content is one TCP segment, into a {@link TcpSegment} with the addresses and
 * UDP ports of sender and recipient. The payload is a retained slice. What is no segment is released and {@linkplain #drops()
 * counted}; nothing the network sends makes this handler throw.
 */
public class TcpDatagramDecoder extends MessageToMessageDecoder<DatagramPacket> {
    private final boolean verifyChecksums;
    private final DropCounters drops = new DropCounters();

    /** A decoder that does not look at TCP checksums: that of UDP covers the whole segment. */
    public TcpDatagramDecoder() {
        this(false);
    }

    /**
     * A decoder of which the caller chooses whether it verifies TCP checksums.
     *
     * @param verifyChecksums  true to drop segments whose checksum is wrong; the channel must then be bound to an address, not the wildcard
     */
    public TcpDatagramDecoder(boolean verifyChecksums) {
        super(DatagramPacket.class);
        this.verifyChecksums = verifyChecksums;
    }

    /** What this decoder has thrown away. */
    public final DropCounters drops() {
        return drops;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, DatagramPacket packet, List<Object> out) {
        InetSocketAddress sender = packet.sender();
        InetSocketAddress recipient = packet.recipient();
        TcpSegment segment = new TcpSegment().source(IpAddress.of(sender.getAddress()), 0)
            .destination(IpAddress.of(recipient.getAddress()), 0).udpPorts(sender.getPort(), recipient.getPort());
        DropReason reason = read(packet.content(), segment);
        if (reason == null) {
            out.add(segment);
        } else {
            segment.release();
            drops.increment(reason);
        }
    }

    private DropReason read(ByteBuf content, TcpSegment into) {
        int index = content.readerIndex();
        int length = content.readableBytes();
        DropReason reason = TcpHeaderReader.read(content, index, length, into);
        if (reason == null) {
            reason = TcpHeaderReader.checkAddresses(into);
        }
        if (reason == null && verifyChecksums && !TcpChecksum.isValid(content, index, length, into.source(), into.destination())) {
            reason = DropReason.BAD_CHECKSUM;
        }
        return reason;
    }
}
