package io.github.usertcp.handlers;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.PromiseCombiner;
import java.nio.channels.ClosedChannelException;
import java.util.SplittableRandom;

/**
 * A bad network in a pipeline of {@link TcpSegment}s, such as one with a {@link TcpConnectionHandler} above: loses, delays, reorders and
 * duplicates them. Other messages pass untouched. To impair a whole stack, see {@link ImpairedLink}.
 *
 * <pre>{@code
 * Impairment bad = Impairment.none().delay(Duration.ofMillis(50)).loss(0.01);
 * EmbeddedChannel ch = new EmbeddedChannel(new ImpairmentHandler(bad, bad, 4711), TcpConnectionHandler.client(tuple, config));
 * }</pre>
 *
 * <p>A super-segment is cut first, so that single packets are lost. Chance comes from the seed alone and time from the channel's event
 * loop: the same segments at the same times meet the same fate. What is held back is passed on by itself when its time comes, outbound
 * with a flush, inbound with a {@code channelReadComplete}.
 *
 * <p>The promise of a write that is lost succeeds at once: who sends never knows. One that is held back completes when it is passed on.
 *
 * <p>When the channel is closed from within the pipeline, what is held back outbound leaves before it; when the handler is removed, what is
 * held back either way is passed on. Whatever is left when the channel becomes inactive is released, and its promises fail.
 *
 * <p>Not sharable.
 */
public final class ImpairmentHandler extends ChannelDuplexHandler {
    private final ImpairedDirection outbound;
    private final ImpairedDirection inbound;
    private final SplittableRandom random;
    private ImpairedPath outboundPath;
    private ImpairedPath inboundPath;

    /** Impairs segments that are written by {@code outbound}, those that are read by {@code inbound}. */
    public ImpairmentHandler(Impairment outbound, Impairment inbound, long seed) {
        this.outbound = new ImpairedDirection(outbound);
        this.inbound = new ImpairedDirection(inbound);
        random = new SplittableRandom(seed);
    }

    /** The direction of what is written. Any thread. */
    public ImpairedDirection outbound() {
        return outbound;
    }

    /** The direction of what is read. Any thread. */
    public ImpairedDirection inbound() {
        return inbound;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        outboundPath = new ImpairedPath(outbound, random.split(), ctx.executor(), new Outbound(ctx));
        inboundPath = new ImpairedPath(inbound, random.split(), ctx.executor(), new Inbound(ctx));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            inboundPath.close();
            outboundPath.close();
        } else {
            discard();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        discard();
        ctx.fireChannelInactive();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        outboundPath.close();
        ctx.close(promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof TcpSegment segment) {
            long now = ctx.executor().ticker().nanoTime();
            SegmentSplitter.split(segment, packet -> inboundPath.accept(packet, null, now));
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (!(msg instanceof TcpSegment segment)) {
            ctx.write(msg, promise);
            return;
        }
        long now = ctx.executor().ticker().nanoTime();
        if (SegmentSplitter.pieceCount(segment) == 1) {
            outboundPath.accept(segment.segmentSize(0), promise, now);
            return;
        }
        PromiseCombiner all = new PromiseCombiner(ctx.executor());
        SegmentSplitter.split(segment, packet -> {
            ChannelPromise one = ctx.newPromise();
            all.add((Future<Void>) one);
            outboundPath.accept(packet, one, now);
        });
        all.finish(promise.unvoid());
    }

    private void discard() {
        ClosedChannelException cause = new ClosedChannelException();
        outboundPath.discard(cause);
        inboundPath.discard(cause);
    }

    private record Outbound(ChannelHandlerContext ctx) implements PacketExit {
        @Override
        public void leave(TcpSegment packet, ChannelPromise promise, long nowNanos) {
            ctx.write(packet, promise != null ? promise : ctx.newPromise());
        }

        @Override
        public void lateComplete(long nowNanos) {
            ctx.flush();
        }
    }

    private record Inbound(ChannelHandlerContext ctx) implements PacketExit {
        @Override
        public void leave(TcpSegment packet, ChannelPromise promise, long nowNanos) {
            ctx.fireChannelRead(packet);
        }

        @Override
        public void lateComplete(long nowNanos) {
            ctx.fireChannelReadComplete();
        }
    }
}
