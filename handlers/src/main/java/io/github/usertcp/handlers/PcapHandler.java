package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Objects;

/**
 * Shows a {@link SegmentCapture} every {@link TcpSegment} that passes a pipeline, such as one with a {@link TcpConnectionHandler} above.
 * Other messages pass unseen. To capture a whole stack, see there.
 */
@Sharable
public final class PcapHandler extends ChannelDuplexHandler {
    private final SegmentCapture capture;

    /** Segments are written while {@code capture} is running; starting and stopping it stays the caller's business. */
    public PcapHandler(SegmentCapture capture) {
        this.capture = Objects.requireNonNull(capture, "capture");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof TcpSegment segment) {
            capture.onReceived(segment, ctx.executor().ticker().nanoTime());
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof TcpSegment segment) {
            capture.onSent(segment, ctx.executor().ticker().nanoTime());
        }
        ctx.write(msg, promise);
    }
}
