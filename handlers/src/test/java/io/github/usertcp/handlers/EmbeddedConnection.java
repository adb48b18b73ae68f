package io.github.usertcp.handlers;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link TcpConnectionHandler} in an {@link EmbeddedChannel} whose clock stands still, spoken to in packets as text. */
final class EmbeddedConnection {
    static final TcpTuple TUPLE = new TcpTuple(IpAddress.parse("192.0.2.1"), 40_000, IpAddress.parse("192.0.2.2"), 80);
    /** No options but the MSS, so that a packet fits a line. */
    static final TcpConfig PLAIN = TcpConfig.builder().timestamps(false).windowScaling(false).sack(false).noDelay(true)
        .synLinearRetries(0).tailLossProbe(false).build();
    static final String SYN_ACK = "S. 0:0(0) ack 1 win 65535 <mss 1460>";

    private final List<Object> events = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private TcpConnectionHandler handler;

    EmbeddedConnection() {
        channel.freezeTime();
    }

    EmbeddedChannel channel() {
        return channel;
    }

    TcpConnectionHandler handler() {
        return handler;
    }

    /** User events that reached the end of the pipeline. */
    List<Object> events() {
        return events;
    }

    void open(TcpConnectionHandler newHandler, ChannelInboundHandlerAdapter... above) {
        handler = newHandler;
        channel.pipeline().addLast(handler).addLast(above).addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                events.add(event);
            }
        });
    }

    /** An active open, completed. */
    void establish(TcpConfig config) {
        open(TcpConnectionHandler.client(TUPLE, config));
        receive(SYN_ACK);
        channel.releaseOutbound();
        events.clear();
    }

    /** One read batchannel. */
    void receive(String... packets) {
        for (String packet : packets) {
            channel.pipeline().fireChannelRead(TcpSegment.parse(packet));
        }
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    List<TcpSegment> sentSegments() {
        List<TcpSegment> segments = new ArrayList<>();
        for (TcpSegment segment = channel.readOutbound(); segment != null; segment = channel.readOutbound()) {
            segments.add(segment);
        }
        return segments;
    }

    /** What was sent since the last call. */
    List<String> sent() {
        List<TcpSegment> segments = sentSegments();
        List<String> texts = segments.stream().map(TcpSegment::toString).toList();
        segments.forEach(TcpSegment::release);
        return texts;
    }

    /** Takes what reached the end of the pipeline. */
    int readBytes() {
        int bytes = 0;
        for (ByteBuf data = channel.readInbound(); data != null; data = channel.readInbound()) {
            bytes += data.readableBytes();
            data.release();
        }
        return bytes;
    }
}
