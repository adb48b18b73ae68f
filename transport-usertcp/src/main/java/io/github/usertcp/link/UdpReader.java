package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in: datagrams of one read batch, coalesced, to the stack; and whatever else the socket has to tell. */
final class UdpReader extends ChannelInboundHandlerAdapter implements SegmentSink {
    private static final Logger LOG = LoggerFactory.getLogger(UdpReader.class);

    private final UdpLink link;
    private final LinkReceiver receiver;
    private final SegmentCoalescer coalescer;
    private final int mtu;
    private ChannelHandlerContext context;
    private boolean reading;
    private long nowNanos;
    /** Netty gives the datagrams of one GRO buffer the same sender object: look-ups are done once for all of them. */
    private InetSocketAddress lastSender;
    private IpAddress lastRemote;
    private IpAddress lastLocal;

    UdpReader(UdpLink link, LinkReceiver receiver, UdpLinkProvider settings) {
        this.link = link;
        this.receiver = receiver;
        mtu = settings.largestMtu();
        coalescer = new SegmentCoalescer(this, true, settings.hasChecksum());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!reading) {
            reading = true;
            nowNanos = link.eventLoop().ticker().nanoTime();
        }
        DatagramPacket packet = (DatagramPacket) message;
        if (packet.content().readableBytes() > mtu && packet.content().writableBytes() == 0) {
            packet.release();
            receiver.onDropped(DropReason.TOO_LONG);
            return;
        }
        InetSocketAddress sender = packet.sender();
        if (sender.getPort() == 0) {
            packet.release();
            receiver.onDropped(DropReason.PORT_ZERO); // there would be nowhere to answer to
            return;
        }
        if (sender != lastSender && !sender.equals(lastSender)) {
            lastRemote = IpAddress.of(sender.getAddress());
            lastLocal = link.localAddress(lastRemote);
        }
        lastSender = sender;
        coalescer.offer(packet.content(), lastRemote, sender.getPort(), lastLocal, link.udpPort());
    }

    @Override
    public void onSegment(TcpSegment segment) {
        receiver.onSegment(PayloadWaste.avoid(segment, context.alloc()), nowNanos);
    }

    @Override
    public void onDropped(DropReason reason) {
        receiver.onDropped(reason);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (reading) {
            coalescer.flush();
            reading = false;
            receiver.onReadComplete(nowNanos);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            receiver.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        channelReadComplete(ctx);
        link.socketClosed();
    }

    /** A datagram that did not leave, such as for an unreachable network: TCP sends it again, and the socket goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", link, cause, cause);
    }
}
