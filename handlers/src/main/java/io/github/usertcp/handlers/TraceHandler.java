package io.github.usertcp.handlers;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.tcp.TcpInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a trace of connections as JSON lines, see {@link ConnectionTrace}, of either kind:
 *
 * <pre>
 *   channels on a stack              the stack's link wrapped in a SegmentTap with {@link #tap()}, which shows the segments;
 *                                    this handler in the pipeline of each channel to be traced, which tells of its windows
 *   one connection in a pipeline     this handler below the TcpConnectionHandler
 * </pre>
 *
 * <p>A channel is traced from {@code channelActive} on, behind the handshake, to {@code channelInactive}, under the short id of its
 * channel. Lines are written whole, by one thread at a time; the writer is neither flushed nor closed. One that fails is not written to
 * again, which is logged, and harms no connection.
 */
@Sharable
public final class TraceHandler extends ChannelDuplexHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(TraceHandler.class);

    private final Map<Ends, Traced> channels = new ConcurrentHashMap<>();
    private final Map<Channel, ConnectionTrace> pipelines = new ConcurrentHashMap<>();
    private final Appendable out;
    private volatile boolean failed;

    public TraceHandler(Appendable out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    /** What to give to the {@link SegmentTap} of the stack whose channels are traced. */
    public SegmentListener tap() {
        return new Tap();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            begin(ctx.channel());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(ctx.channel());
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end(ctx.channel());
    }

    private void begin(Channel channel) {
        ConnectionTrace trace = new ConnectionTrace(out, channel.id().asShortText());
        if (channel instanceof UserTcpSocketChannel tcp) {
            channels.put(Ends.of(tcp), new Traced(tcp, trace));
        } else {
            pipelines.put(channel, trace);
        }
    }

    private void end(Channel channel) {
        pipelines.remove(channel);
        channels.values().removeIf(traced -> traced.channel == channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof TcpSegment segment) {
            trace(ctx, segment, false);
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof TcpSegment segment) {
            trace(ctx, segment, true);
        }
        ctx.write(msg, promise);
    }

    private void trace(ChannelHandlerContext ctx, TcpSegment segment, boolean sent) {
        ConnectionTrace trace = pipelines.get(ctx.channel());
        TcpConnectionHandler connection = ctx.pipeline().get(TcpConnectionHandler.class);
        if (trace != null) {
            write(trace, segment, connection == null ? null : connection.tcpInfo(), ctx.executor().ticker().nanoTime(), sent);
        }
    }

    private void write(ConnectionTrace trace, TcpSegment segment, TcpInfo info, long nowNanos, boolean sent) {
        if (failed) {
            return;
        }
        try {
            synchronized (out) { // connections of several event loops share it
                if (sent) {
                    trace.onSent(segment, info, nowNanos);
                } else {
                    trace.onReceived(segment, info, nowNanos);
                }
            }
        } catch (UncheckedIOException e) {
            failed = true;
            LOGGER.warn("trace ends here", e.getCause());
        }
    }

    private final class Tap implements SegmentListener {
        @Override
        public void onSent(TcpSegment segment, long nowNanos) {
            trace(channels.get(Ends.sentBy(segment)), segment, nowNanos, true);
        }

        @Override
        public void onReceived(TcpSegment segment, long nowNanos) {
            trace(channels.get(Ends.receivedBy(segment)), segment, nowNanos, false);
        }

        private void trace(Traced traced, TcpSegment segment, long nowNanos, boolean sent) {
            if (traced != null) {
                Future<TcpInfo> info = traced.channel.tcpInfo(); // at once: a tap is on the event loop of the stack
                write(traced.trace, segment, info.isSuccess() ? info.getNow() : null, nowNanos, sent);
            }
        }
    }

    private record Traced(UserTcpSocketChannel channel, ConnectionTrace trace) {
    }

    /** Whose segment it is. */
    private record Ends(int localPort, IpAddress remote, int remotePort) {
        static Ends of(UserTcpSocketChannel channel) {
            InetSocketAddress remote = channel.remoteAddress();
            return new Ends(channel.localAddress().getPort(), IpAddress.of(remote.getAddress()), remote.getPort());
        }

        static Ends sentBy(TcpSegment segment) {
            return new Ends(segment.sourcePort(), segment.destination(), segment.destinationPort());
        }

        static Ends receivedBy(TcpSegment segment) {
            return new Ends(segment.destinationPort(), segment.source(), segment.sourcePort());
        }
    }
}
