package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.tun.TunChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The way in: packets of one read batch, coalesced, to the stack; and whatever else the device has to tell. */
final class TunReader extends ChannelInboundHandlerAdapter implements SegmentSink {
    private final TunLink link;
    private final LinkReceiver receiver;
    private final boolean offload;
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, true, false);
    private final IpInput input;
    private final IpOutput output;
    private final FragmentTimer fragmentTimer;
    private ChannelHandlerContext context;
    private boolean reading;
    private long nowNanos;

    TunReader(TunLink link, LinkReceiver receiver, TunChannel channel, boolean offload, int mtu) {
        this.link = link;
        this.receiver = receiver;
        this.offload = offload;
        output = new IpOutput(channel, offload, mtu);
        IcmpHost icmp = new IcmpHost(link.addresses(), output, channel.alloc(), receiver);
        FragmentReassembler fragments = new FragmentReassembler(channel.alloc(), icmp, receiver::onDropped);
        input = new IpInput(link.addresses(), this, coalescer, icmp, fragments);
        fragmentTimer = new FragmentTimer(link.eventLoop(), fragments, channel::flush);
    }

    IpOutput output() {
        return output;
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
        ByteBuf packet = (ByteBuf) message;
        if (offload) {
            input.acceptWithHeader(packet, nowNanos);
        } else if (packet.readableBytes() > link.mtu()) {
            packet.release(); // the rest was cut off: somebody has raised the device's MTU since
            onDropped(DropReason.TOO_LONG);
        } else {
            input.accept(packet, false, 0, nowNanos);
        }
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
            fragmentTimer.arm(nowNanos);
            coalescer.flush();
            reading = false;
            receiver.onReadComplete(nowNanos);
            ctx.flush(); // what ICMP has to say; nothing, mostly
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            receiver.onWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == TunChannel.Closing.EVENT) {
            link.closingByLoop();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        channelReadComplete(ctx);
        fragmentTimer.cancel();
        input.release();
        link.channelClosed();
    }

    /** The device is gone, or the kernel, or we, did something that never happens. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        link.failed(cause);
        ctx.close();
    }
}
