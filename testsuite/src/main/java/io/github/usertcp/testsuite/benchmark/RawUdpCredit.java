package io.github.usertcp.testsuite.benchmark;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Turns buffers into datagram trains and back, and keeps the bytes under way below what a UDP
 * socket's default receive buffer (208 KiB with its bookkeeping) holds: the receiver reports how
 * much it has received, in a datagram of {@value #REPORT_BYTES} bytes, which no payload has.
 */
final class RawUdpCredit extends ChannelDuplexHandler {
    private static final int SEGMENT_BYTES = 1400;
    /** The most that one sendmsg takes: 65,507 bytes, cut down to whole segments. */
    private static final int TRAIN_BYTES = 46 * SEGMENT_BYTES;
    private static final int REPORT_BYTES = 9;
    private static final long WINDOW_BYTES = 128 << 10;
    private static final long REPORT_EVERY_BYTES = 32 << 10;
    /** Something was lost after all: forget what is missing and go on. */
    private static final long STALL_MILLIS = 20;

    private InetSocketAddress peer;
    private long sent;
    private long reportedByPeer;
    private long received;
    private long reported;
    private Future<?> stallTimer;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        stallTimer = ctx.executor().scheduleAtFixedRate(new Runnable() {
            private long lastSent;

            @Override
            public void run() {
                if (sent == lastSent && sent > reportedByPeer) {
                    reportedByPeer = sent;
                    updateWritability(ctx);
                }
                lastSent = sent;
            }
        }, STALL_MILLIS, STALL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        stallTimer.cancel(false);
        super.channelInactive(ctx);
    }

    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        peer = (InetSocketAddress) remote;
        ctx.connect(remote, local, promise);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) msg;
        sent += bytes.readableBytes();
        while (bytes.readableBytes() > TRAIN_BYTES) {
            ctx.write(new SegmentedDatagramPacket(bytes.readRetainedSlice(TRAIN_BYTES), SEGMENT_BYTES, peer), ctx.voidPromise());
        }
        if (bytes.readableBytes() > SEGMENT_BYTES) {
            ctx.write(new SegmentedDatagramPacket(bytes, SEGMENT_BYTES, peer), promise);
        } else {
            ctx.write(new DatagramPacket(bytes, peer), promise);
        }
        updateWritability(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        DatagramPacket datagram = (DatagramPacket) msg;
        ByteBuf bytes = datagram.content();
        if (bytes.readableBytes() == REPORT_BYTES) {
            reportedByPeer = Math.max(reportedByPeer, bytes.readLong());
            datagram.release();
            updateWritability(ctx);
            return;
        }
        peer = datagram.sender();
        received += bytes.readableBytes();
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (received - reported >= REPORT_EVERY_BYTES) {
            reported = received;
            ByteBuf report = ctx.alloc().directBuffer(REPORT_BYTES).writeLong(received).writeByte(0);
            ctx.writeAndFlush(new DatagramPacket(report, peer));
        }
    }

    private void updateWritability(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            ctx.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, sent - reportedByPeer < WINDOW_BYTES);
        }
    }
}
