package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** A connection of our server, which does what {@link KernelServer} does. */
final class Served extends ChannelInboundHandlerAdapter {
    private final Zeros zeros = new Zeros();
    /** Nothing before the first byte, nor once the client has left. */
    private char work;
    /** Bytes read for which nothing has been answered yet. */
    private int count;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (work == 0) {
            work = (char) bytes.readByte();
        }
        if (work == Work.PING_PONG.letter() && bytes.isReadable()) {
            ctx.write(bytes, ctx.voidPromise());
        } else {
            count += bytes.readableBytes();
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (count >= Work.UNIT) {
            int units = count / Work.UNIT;
            ctx.write(ctx.alloc().directBuffer(units).writeZero(units), ctx.voidPromise());
            count %= Work.UNIT;
        }
        ctx.flush();
        sendMore(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        sendMore(ctx);
    }

    private void sendMore(ChannelHandlerContext ctx) {
        if (work == Work.DOWNLOAD.letter()) {
            zeros.fill(ctx.channel());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    /** The client leaves in the middle of a download. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        work = 0;
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        zeros.release();
    }
}
