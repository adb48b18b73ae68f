package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A channel with an {@link ImpairmentHandler}, whose clock stands still. A segment's window tells which one it is. */
final class ImpairedChannel extends EmbeddedChannel {
    final ImpairmentHandler handler;
    int readCompletes;
    int flushes;

    ImpairedChannel(Impairment outbound, Impairment inbound, long seed) {
        freezeTime();
        handler = new ImpairmentHandler(outbound, inbound, seed);
        pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes++;
                ctx.flush();
            }
        }, handler, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                readCompletes++;
            }
        });
    }

    static TcpSegment segment(int number, int payloadLength) {
        TcpSegment segment = TcpSegment.parse(". 1:1(0) ack 1 win " + number);
        return payloadLength == 0 ? segment : segment.payload(payload(payloadLength));
    }

    static ByteBuf payload(int length) {
        return Unpooled.buffer(length).writeZero(length);
    }

    /** Writes small segments, and flushes once. */
    void send(int... numbers) {
        for (int number : numbers) {
            write(segment(number, 0));
        }
        flush();
    }

    /** One read batch. */
    void receive(int... numbers) {
        for (int number : numbers) {
            pipeline().fireChannelRead(segment(number, 0));
        }
        pipeline().fireChannelReadComplete();
    }

    void pass(long millis) {
        advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        runScheduledPendingTasks();
    }

    /** Which segments have left since the last call. */
    List<Integer> sent() {
        List<Integer> numbers = new ArrayList<>();
        for (TcpSegment segment = readOutbound(); segment != null; segment = readOutbound()) {
            numbers.add(segment.window());
            segment.release();
        }
        return numbers;
    }

    /** Which segments have arrived since the last call. */
    List<Integer> received() {
        List<Integer> numbers = new ArrayList<>();
        for (TcpSegment segment = readInbound(); segment != null; segment = readInbound()) {
            numbers.add(segment.window());
            segment.release();
        }
        return numbers;
    }
}
