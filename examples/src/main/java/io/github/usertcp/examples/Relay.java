package io.github.usertcp.examples;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;

/**
 * Passes on what comes in to another channel, its end included, and no faster than that one takes it. An end in order becomes one in order,
 * and everything else a reset, so that nothing cut off looks complete. Both channels have a relay, and ALLOW_HALF_CLOSURE on.
 */
public final class Relay extends ChannelInboundHandlerAdapter {
    private final DuplexChannel other;
    private boolean ended;

    private Relay(Channel other) {
        this.other = (DuplexChannel) other;
    }

    /**
     * Passes on between an accepted channel and the one outside, if that has connected; else whoever dialled sees it fail. AUTO_READ is off
     * on both until then: nothing is read before there is somebody to pass it on to.
     */
    public static void join(Channel accepted, Future<?> connected, Channel outside) {
        if (!connected.isSuccess()) {
            System.err.println(accepted.localAddress() + ": " + connected.cause().getMessage());
            reset(accepted);
            return;
        }
        outside.pipeline().addLast(new Relay(accepted));
        accepted.pipeline().addLast(new Relay(outside));
        if (!accepted.isActive() || !outside.isActive()) { // gone meanwhile, when nobody was there to tell the other
            reset(accepted);
            reset(outside);
        }
        outside.config().setAutoRead(true);
        accepted.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        other.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other.flush();
        ctx.channel().config().setAutoRead(other.isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        other.config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && ctx.channel().isActive()) { // not after a reset
            ended = true;
            boolean both = other.isInputShutdown();
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(both ? ChannelFutureListener.CLOSE : sent -> other.shutdownOutput());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ended) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            reset(other);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset(ctx.channel());
    }

    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }
}
