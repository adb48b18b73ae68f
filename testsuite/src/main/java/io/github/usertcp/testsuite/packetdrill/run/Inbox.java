package io.github.usertcp.testsuite.packetdrill.run;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

/** What a channel's pipeline has told: bytes of the read under way, the end of the stream, an error. */
final class Inbox extends ChannelInboundHandlerAdapter {
    private int bytes;
    private boolean ended;
    private Throwable error;
    private boolean errorTold;

    /** Bytes read since the last call. */
    int takeBytes() {
        int taken = bytes;
        bytes = 0;
        return taken;
    }

    boolean isEnded() {
        return ended;
    }

    boolean hasError() {
        return error != null;
    }

    /** The error, which is told once; {@code null} if there is none. */
    Throwable takeError() {
        Throwable taken = error;
        error = null;
        errorTold |= taken != null;
        return taken;
    }

    /** There was one, and it has been taken. */
    boolean isErrorTold() {
        return errorTold;
    }

    void fail(Throwable cause) {
        error = cause;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        bytes += ((ByteBuf) message).readableBytes();
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended = true;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        error = cause;
    }
}
