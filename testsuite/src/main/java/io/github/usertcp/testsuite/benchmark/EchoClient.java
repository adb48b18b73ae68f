package io.github.usertcp.testsuite.benchmark;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sends a message, waits for its echo, tells how long that took, and so on until told to stop. */
final class EchoClient extends ChannelInboundHandlerAdapter {
    /** Told of every round trip, on the client's event loop. */
    @FunctionalInterface
    interface Listener {
        void onRoundTrip(long nanos);
    }

    private final int messageBytes;
    private final Listener listener;
    private int missingBytes;
    private long sentNanos;
    private boolean stopped;

    EchoClient(int messageBytes, Listener listener) {
        this.messageBytes = messageBytes;
        this.listener = listener;
    }

    /** On the channel's event loop, once it is connected. */
    void send(Channel channel) {
        missingBytes = messageBytes;
        sentNanos = System.nanoTime();
        channel.writeAndFlush(channel.alloc().directBuffer(messageBytes).writeZero(messageBytes), channel.voidPromise());
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        missingBytes -= bytes.readableBytes();
        bytes.release();
        if (missingBytes == 0) {
            listener.onRoundTrip(System.nanoTime() - sentNanos);
            if (!stopped) {
                send(ctx.channel());
            }
        }
    }
}
