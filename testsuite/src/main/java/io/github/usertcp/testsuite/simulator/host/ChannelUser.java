package io.github.usertcp.testsuite.simulator.host;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Acts out a {@link StreamPlan} on a channel, and is the first of the oracles as {@link StreamUser} is: every byte it reads is the one the
 * peer has written there, and nothing follows the end.
 */
public final class ChannelUser extends ChannelInboundHandlerAdapter {
    private final StreamPlan plan;
    private final StreamContent own;
    private final StreamContent peers;
    private final SplittableRandom random;
    /** Buffers handed to the channel, which must free them all. */
    private final ArrayDeque<ByteBuf> lent = new ArrayDeque<>();
    private long written;
    private long received;
    private long restAfterBytes;
    private int unconfirmedWrites;
    private boolean pausing;
    private boolean outputShut;
    private boolean inputEnded;
    private boolean closing;
    private boolean toldClosed;
    private IOException error;
    private Throwable fault;

    /**
     * A user who has not acted yet.
     *
     * @param key      of the stream it sends
     * @param peerKey  of the stream it expects
     */
    public ChannelUser(StreamPlan plan, int key, int peerKey, SplittableRandom random) {
        this.plan = plan;
        own = new StreamContent(key);
        peers = new StreamContent(peerKey);
        this.random = random;
        restAfterBytes = plan.readPauseBytes();
    }

    public StreamPlan plan() {
        return plan;
    }

    /** Bytes read so far, all of them right. */
    public long received() {
        return received;
    }

    /** True if the user has heard of the end. */
    public boolean isToldClosed() {
        return toldClosed;
    }

    /** What the channel has reported to have failed, or {@code null}. */
    public IOException error() {
        return error;
    }

    /** What was wrong about the stream or its events, or {@code null}. */
    public Throwable fault() {
        return fault;
    }

    /** Buffers that should have been freed by now. */
    public long unreturnedBuffers() {
        return lent.stream().filter(buffer -> buffer.refCnt() > 0).count();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        act(context);
    }

    /** Hands over a first write before there is a connection: with TCP Fast Open the SYN takes it along. */
    void writeAhead(ChannelHandlerContext context) {
        if (bytesToWrite() > 0) {
            write(context, false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        act(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            int wrong = peers.mismatch(bytes, received);
            if (wrong >= 0) {
                throw new AssertionError("wrong byte at " + (received + wrong));
            }
            if (inputEnded || toldClosed) {
                throw new AssertionError("bytes after the end");
            }
            received += bytes.readableBytes();
        } finally {
            bytes.release();
        }
        if (received >= restAfterBytes) {
            restAfterBytes = received + plan.readPauseBytes();
            context.channel().config().setAutoRead(false);
            context.executor().schedule(() -> context.channel().config().setAutoRead(true), plan.readPauseNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            act(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (toldClosed) {
            throw new AssertionError("told of the end twice");
        }
        toldClosed = true;
        closing = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException reported) {
            error = reported;
        } else {
            fault = cause;
        }
        closing = true;
        context.close();
    }

    private void act(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        while (!closing && !pausing && written < bytesToWrite() && context.channel().isWritable()) {
            write(context, true);
        }
        sayFarewell(context);
    }

    private void write(ChannelHandlerContext context, boolean flush) {
        int length = (int) Math.min(bytesToWrite() - written, random.nextInt(plan.maxWriteBytes()) + 1);
        ByteBuf bytes = own.copy(written, length);
        written += bytes.readableBytes();
        lend(bytes);
        if (plan.writePauseNanos() > 0) {
            pausing = true;
            context.executor().schedule(() -> {
                pausing = false;
                act(context);
            }, random.nextLong(plan.writePauseNanos()) + 1, TimeUnit.NANOSECONDS);
        }
        unconfirmedWrites++;
        ChannelFuture taken = flush ? context.writeAndFlush(bytes) : context.write(bytes);
        taken.addListener((ChannelFuture future) -> {
            unconfirmedWrites--;
            if (future.isSuccess()) {
                sayFarewell(context);
            }
        });
    }

    /** Remembers a buffer until it is freed, which happens in the order of writing. */
    private void lend(ByteBuf bytes) {
        while (!lent.isEmpty() && lent.peek().refCnt() == 0) {
            lent.poll();
        }
        lent.add(bytes);
    }

    private long bytesToWrite() {
        return plan.ending() == StreamPlan.Ending.ABORT ? plan.bytesToSend() / 2 : plan.bytesToSend();
    }

    /** Netty fails writes that a shutdown or close overtakes: both wait until the last is taken. */
    private void sayFarewell(ChannelHandlerContext context) {
        if (closing || written < bytesToWrite() || unconfirmedWrites > 0) {
            return;
        }
        if (plan.ending() == StreamPlan.Ending.HALF_CLOSE && !outputShut) {
            outputShut = true;
            ((DuplexChannel) context.channel()).shutdownOutput();
        }
        if (inputEnded || plan.breaksOff()) {
            closing = true;
            if (plan.ending() == StreamPlan.Ending.ABORT) {
                context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            context.close();
        }
    }

    @Override
    public String toString() {
        return "written " + written + " of " + plan.bytesToSend() + ", received " + received + (error == null ? "" : ", " + error);
    }
}
