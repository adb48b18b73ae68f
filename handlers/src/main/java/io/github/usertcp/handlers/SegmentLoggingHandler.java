package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs every {@link TcpSegment} that passes, in packetdrill notation: {@code <} came in, {@code >} goes out. Other messages pass unseen.
 *
 * <pre>
 *   b1946ac9 &gt; S 0:0(0) win 65535 &lt;mss 1460&gt;
 *   b1946ac9 &lt; S. 0:0(0) ack 1 win 65535 &lt;mss 1460&gt;
 * </pre>
 *
 * <p>Lines start with the channel's short id; the logger is named after this class. At a level that is off it costs a test of that level
 * per segment.
 */
@Sharable
public final class SegmentLoggingHandler extends ChannelDuplexHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentLoggingHandler.class);

    private final Level level;

    /** Logs at {@link Level#TRACE}. */
    public SegmentLoggingHandler() {
        this(Level.TRACE);
    }

    public SegmentLoggingHandler(Level level) {
        this.level = Objects.requireNonNull(level, "level");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        log(ctx, '<', msg);
        ctx.fireChannelRead(msg);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        log(ctx, '>', msg);
        ctx.write(msg, promise);
    }

    private void log(ChannelHandlerContext ctx, char direction, Object msg) {
        if (msg instanceof TcpSegment && LOGGER.isEnabledForLevel(level)) {
            LOGGER.atLevel(level).log("{} {} {}", ctx.channel().id().asShortText(), direction, msg);
        }
    }
}
