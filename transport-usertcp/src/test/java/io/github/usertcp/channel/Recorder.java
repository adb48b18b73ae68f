package io.github.usertcp.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a pipeline is told: {@code active}, {@code read}, {@code complete}, events by their class, errors by their message, {@code inactive}. */
@Sharable
class Recorder extends ChannelInboundHandlerAdapter {
    final List<String> events = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    SocketChannel channel;

    /** The events since the last call. */
    List<String> take() {
        List<String> taken = new ArrayList<>(events);
        events.clear();
        return taken;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = (SocketChannel) context.channel();
        events.add("active");
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        events.add("read " + data.readableBytes());
        text.append(data.toString(StandardCharsets.US_ASCII));
        data.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        events.add("complete");
        context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        events.add(event.getClass().getSimpleName());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        events.add(context.channel().isWritable() ? "writable" : "not writable");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        events.add(cause.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        events.add("inactive");
        context.fireChannelInactive();
    }
}
