package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpEvent;
import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/**
 * One TCP connection as a handler: {@link TcpSegment}s below it, {@link ByteBuf}s above. Made for unit tests on an
 * {@code EmbeddedChannel}, where time is virtual and packets are text, and for experiments on any other channel.
 *
 * <pre>{@code
 * EmbeddedChannel ch = new EmbeddedChannel(TcpConnectionHandler.client(tuple, config));
 * ch.freezeTime();
 * assertEquals("S 0:0(0) win 65535 <mss 1460>", ch.readOutbound().toString());
 * ch.writeInbound(TcpSegment.parse("S. 0:0(0) ack 1 win 65535 <mss 1460>"));
 * }</pre>
 *
 * <p><b>Life.</b> The connection opens, actively or passively, once the channel is active. {@link TcpConnectionEvent} tells of
 * establishment and end; {@link ChannelInputShutdownEvent} of the peer's FIN, behind the last byte. {@code close()} sends a FIN behind what
 * has been taken over, and closes the channel below when the connection has reached CLOSED. {@link #shutdownOutput()} and {@link #abort()}
 * do what they say. {@code EmbeddedChannel.close()} also cancels the channel's timers: the handler takes that for the end of time,
 * forgets the connection and closes the channel; {@code channel.pipeline().close()} says farewell in order.
 *
 * <p><b>Writes.</b> A write's promise completes when the connection's send buffer has taken its bytes; they are held, not copied, until
 * the peer has acknowledged them. What does not fit waits here, counts for the channel's writability, and fails when the output closes.
 *
 * <p><b>Reads.</b> Received bytes go up as far as reads are wanted; with {@code AUTO_READ} off the receive window closes.
 *
 * <p>Time is that of the channel's event loop ({@code executor().ticker()}). Not sharable; methods are for the channel's event loop.
 */
public final class TcpConnectionHandler extends ChannelDuplexHandler {
    /** MTU 1500 of Ethernet less the headers of IP and TCP (RFC 9293 section 3.7.1). */
    private static final int IPV4_ETHERNET_MSS = 1460;
    private static final int IPV6_ETHERNET_MSS = 1440;
    private static final InitialNumbers ZERO = InitialNumbers.fixed(0, 0);
    private static final int MAX_READ_BYTES = 64 * 1024;

    private final TcpConnection connection;
    private final int linkMss;
    private final boolean active;

    private ChannelHandlerContext ctx;
    private WaitingWrites writes;
    private DeadlineTimer timer;
    private long batchNanos;
    private boolean inBatch;
    private boolean draining;
    private boolean readWanted;
    private boolean inputEnded;
    private boolean closed;
    private boolean started;
    private boolean released;

    private TcpConnectionHandler(TcpTuple tuple, TcpConfig config, InitialNumbers numbers, boolean active) {
        Objects.requireNonNull(tuple, "tuple");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(numbers, "numbers");
        int ethernetMss = tuple.remoteAddress().isV4() ? IPV4_ETHERNET_MSS : IPV6_ETHERNET_MSS;
        linkMss = config.maxSegmentSize() == 0 ? ethernetMss : config.maxSegmentSize();
        connection = TcpConnection.create(tuple, config, numbers, linkMss);
        this.active = active;
    }

    /**
     * The side that sends the SYN. Its initial sequence number is 0, as a reader of traces likes it and no attacker must ever meet it.
     *
     * @param config  its {@link TcpConfig#maxSegmentSize()} is the link's MSS, or Ethernet's if that is 0
     */
    public static TcpConnectionHandler client(TcpTuple tuple, TcpConfig config) {
        return client(tuple, config, ZERO);
    }

    /** The same with initial numbers of one's own. */
    public static TcpConnectionHandler client(TcpTuple tuple, TcpConfig config, InitialNumbers numbers) {
        return new TcpConnectionHandler(tuple, config, numbers, true);
    }

    /** The side that waits for the SYN of the tuple's remote end; otherwise as {@link #client(TcpTuple, TcpConfig)}. */
    public static TcpConnectionHandler server(TcpTuple tuple, TcpConfig config) {
        return server(tuple, config, ZERO);
    }

    /** The same with initial numbers of one's own. */
    public static TcpConnectionHandler server(TcpTuple tuple, TcpConfig config, InitialNumbers numbers) {
        return new TcpConnectionHandler(tuple, config, numbers, false);
    }

    public TcpState state() {
        return connection.state();
    }

    /** A snapshot in the vocabulary of Linux's {@code tcp_info}. */
    public TcpInfo tcpInfo() {
        return connection.info(nowNanos());
    }

    /** Half-close: sends a FIN behind what the connection has taken over and fails the writes still waiting. Again: nothing happens. */
    public void shutdownOutput() {
        if (!released && writes.shutdown(new ChannelOutputShutdownException("output shut down"))) {
            connection.shutdownOutput(nowNanos());
            ctx.fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
            drain();
        }
    }

    /** Sends a RST and drops everything, in both directions. Again: nothing happens. */
    public void abort() {
        if (!released) {
            writes.shutdown(new IOException(CloseCause.ABORTED.message()));
            connection.abort(nowNanos());
            drain();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        writes = new WaitingWrites(ctx);
        timer = new DeadlineTimer(ctx.executor(), this::onDeadline, this::onEndOfTime);
        if (ctx.channel().isActive()) {
            start();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start();
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof TcpSegment segment)) {
            ctx.fireChannelRead(msg);
            return;
        }
        if (released) {
            segment.release();
            return;
        }
        if (!inBatch) {
            batchNanos = nowNanos();
            inBatch = true;
        }
        connection.onSegment(segment, batchNanos);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inBatch = false;
        drain();
        if (!ctx.channel().config().isAutoRead()) {
            ctx.read(); // segments are wanted whether the user reads or not: they carry ACKs
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        readWanted = !ctx.channel().config().isAutoRead(); // else every read is wanted, until AUTO_READ is turned off
        ctx.read();
        drain();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof ByteBuf data) {
            writes.add(data, promise);
        } else {
            ReferenceCountUtil.release(msg);
            promise.tryFailure(new UnsupportedOperationException("message type: " + msg.getClass().getName() + " (expected: ByteBuf)"));
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writes.flush();
        drain();
    }

    @Override
    public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
        close(ctx, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (released || !started) {
            ctx.close(promise);
            return;
        }
        ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        writes.shutdown(new ClosedChannelException());
        connection.close(nowNanos());
        drain();
    }

    private void start() {
        if (started || released) {
            return;
        }
        started = true;
        if (active) {
            connection.connect(nowNanos());
        } else {
            connection.listen();
        }
        drain();
    }

    /** After every input and call: events, bytes, writes, segments, timer, in this order, until nothing new turns up. */
    private void drain() {
        if (draining || released || !started) {
            return; // a handler above called from within the loop below: its next turn sees to it
        }
        draining = true;
        try {
            while (drainOnce() && !released) {
                // what the user did during a turn shows in the next one
            }
        } finally {
            draining = false;
        }
        if (!released) {
            finishTurn();
        }
    }

    private boolean drainOnce() {
        boolean progress = false;
        for (TcpEvent event = connection.pollEvent(); event != null && !released; event = connection.pollEvent()) {
            progress = true;
            switch (event) {
                case CONNECTED -> ctx.fireUserEventTriggered(new TcpConnectionEvent.Connected(connection.tuple()));
                case CLOSED -> closed = true; // told below, behind the last bytes
                case READABLE, WRITABLE, END_OF_INPUT -> {
                    // seen to below, where nothing depends on having been told
                }
            }
        }
        if (!released) {
            progress |= deliver();
        }
        if (!released) {
            progress |= writes.moveTo(connection, nowNanos());
        }
        if (!released) {
            progress |= send();
        }
        if (!released && closed) {
            fireClosed();
        }
        return progress;
    }

    private boolean deliver() {
        boolean delivered = false;
        while (!released && (readWanted || ctx.channel().config().isAutoRead())) {
            ByteBuf data = connection.read(MAX_READ_BYTES, nowNanos());
            if (data == null) {
                break;
            }
            readWanted = false;
            delivered = true;
            ctx.fireChannelRead(data);
        }
        if (delivered) {
            ctx.fireChannelReadComplete();
        }
        if (!released && !inputEnded && connection.isInputEnded()) {
            inputEnded = true;
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            return true;
        }
        return delivered;
    }

    private boolean send() {
        boolean sent = false;
        long now = nowNanos();
        for (TcpSegment segment = connection.pollSegment(now, linkMss); segment != null; segment = connection.pollSegment(now, linkMss)) {
            sent = true;
            ctx.write(segment);
        }
        if (sent) {
            ctx.flush();
        }
        return sent;
    }

    private void fireClosed() {
        closed = false;
        CloseCause cause = connection.closeCause();
        writes.shutdown(cause == CloseCause.NONE ? new ClosedChannelException() : new IOException(cause.message()));
        ctx.fireUserEventTriggered(new TcpConnectionEvent.Closed(cause));
    }

    private void finishTurn() {
        if (connection.state() == TcpState.CLOSED) {
            release();
            ctx.close();
        } else {
            timer.set(connection.deadlineNanos());
        }
    }

    private void onDeadline() {
        connection.onTimeout(nowNanos());
        drain();
    }

    /** The event loop has cancelled its timers, as an {@code EmbeddedChannel} does when it is closed: nothing will ever time out. */
    private void onEndOfTime() {
        release();
        ctx.close();
    }

    private void release() {
        if (!released) {
            released = true;
            timer.stop();
            writes.shutdown(new ClosedChannelException());
            connection.release();
        }
    }

    private long nowNanos() {
        return inBatch ? batchNanos : ctx.executor().ticker().nanoTime();
    }
}
