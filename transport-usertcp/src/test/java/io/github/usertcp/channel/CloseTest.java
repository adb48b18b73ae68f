package io.github.usertcp.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a channel ends, and what its peer and the wire see of it; on the stack's event loop and from another one. */
class CloseTest {
    private final Recorder served = new Recorder();
    private final Recorder events = new Recorder();
    private TwoHosts hosts;
    private SocketChannel channel;
    private int connected;

    @AfterEach
    void stop() {
        hosts.close();
    }

    private void connect(boolean crossing) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().childHandler(served).option(ChannelOption.SO_RCVBUF, 65_536)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).bind());
        channel = (SocketChannel) hosts.done(hosts.bootstrap().handler(events).connect()).channel();
        events.take();
        served.take();
        connected = hosts.segments.size();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isDoneAtOnceAndTheRestIsDeliveredBehindIt(boolean crossing) {
        connect(crossing);
        channel.writeAndFlush(Unpooled.copiedBuffer("the rest", US_ASCII));
        ChannelFuture close = channel.close();
        hosts.clientLoop.runNow();
        assertTrue(close.isSuccess(), "the peer has not even heard of it");
        hosts.run();
        assertEquals("the rest", served.text.toString());
        assertEquals(List.of("inactive"), events.take());
        assertFalse(hosts.sent(connected, ": R"), "no reset");
        hosts.done(served.channel.close());
        assertEquals(0, hosts.client.connectionCount());
        assertEquals(0, hosts.server.connectionCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTwiceIsClosingOnce(boolean crossing) {
        connect(crossing);
        ChannelFuture first = channel.close();
        ChannelFuture second = channel.close();
        hosts.run();
        assertTrue(first.isSuccess());
        assertTrue(second.isSuccess());
        assertTrue(channel.close().isDone() || hosts.done(channel.close()).isSuccess());
        assertEquals(List.of("inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesAfterCloseFail(boolean crossing) {
        connect(crossing);
        hosts.done(channel.close());
        ChannelFuture write = channel.writeAndFlush(Unpooled.copiedBuffer("late", US_ASCII));
        hosts.run();
        assertInstanceOf(ClosedChannelException.class, write.cause());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lingerZeroSendsAResetOnlyBehindWhatWasWritten(boolean crossing) {
        connect(crossing);
        channel.config().setSoLinger(0);
        channel.writeAndFlush(Unpooled.copiedBuffer("last", US_ASCII));
        channel.close();
        hosts.run();
        assertEquals("last", served.text.toString());
        assertTrue(hosts.sent(connected, "client: R"), () -> "reset: " + hosts.segments);
        assertFalse(hosts.sent(connected, "client: F"), () -> "no FIN: " + hosts.segments);
        assertTrue(served.take().contains("Connection reset by peer"));
        assertEquals(0, hosts.client.connectionCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListenerThatClosesWithLingerZeroLosesNothingWritten(boolean crossing) {
        connect(crossing);
        served.channel.config().setSoLinger(0);
        served.channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                context.writeAndFlush(message).addListener(done -> context.close());
            }
        });
        hosts.done(channel.writeAndFlush(Unpooled.copiedBuffer("echo", US_ASCII)));
        assertEquals(List.of("read 4", "complete", "Connection reset by peer", "inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lingeringWaitsForThePeersAcknowledgment(boolean crossing) {
        connect(crossing);
        channel.config().setSoLinger(3);
        channel.writeAndFlush(Unpooled.copiedBuffer("all of it", US_ASCII));
        ChannelFuture close = channel.close();
        hosts.clientLoop.runNow();
        assertFalse(close.isDone());
        hosts.run();
        hosts.advance(100);
        assertTrue(close.isSuccess());
        assertEquals("all of it", served.text.toString());
        assertEquals(List.of("inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lingeringEndsInTime(boolean crossing) {
        connect(crossing);
        channel.config().setSoLinger(3);
        served.channel.config().setAutoRead(false);
        hosts.run();
        channel.writeAndFlush(Unpooled.copiedBuffer("x".repeat(2 << 20), US_ASCII));
        channel.writeAndFlush(Unpooled.copiedBuffer("y".repeat(100), US_ASCII));
        ChannelFuture close = channel.close();
        hosts.run();
        hosts.advance(2999);
        assertFalse(close.isDone());
        hosts.advance(1);
        assertTrue(close.isSuccess());
        assertEquals(List.of("not writable", "inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unreadInputMakesItAReset(boolean crossing) {
        connect(crossing);
        channel.config().setAutoRead(false);
        hosts.run();
        hosts.done(served.channel.writeAndFlush(Unpooled.copiedBuffer("unread", US_ASCII)));
        hosts.done(channel.close());
        assertTrue(served.take().contains("Connection reset by peer"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeForciblyTellsThePeerButNotThePipeline(boolean crossing) {
        connect(crossing);
        channel.config().setSoLinger(0);
        channel.eventLoop().execute(channel.unsafe()::closeForcibly);
        hosts.run();
        assertFalse(channel.isOpen());
        assertTrue(served.take().contains("Connection reset by peer"));
    }
}
