package io.github.usertcp.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pipeline is given, when, and what comes behind the last byte; on the stack's event loop and on another one. */
class ReadTest {
    private final Recorder served = new Recorder();
    private final Recorder events = new Recorder();
    private TwoHosts hosts;
    private SocketChannel channel;

    @AfterEach
    void stop() {
        hosts.close();
    }

    private void connect(boolean crossing, boolean autoRead, boolean halfClosure) {
        connect(crossing, autoRead, halfClosure, events);
    }

    private void connect(boolean crossing, boolean autoRead, boolean halfClosure, Recorder handler) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().childHandler(served).bind());
        channel = (SocketChannel) hosts.done(hosts.bootstrap().handler(handler)
            .option(ChannelOption.AUTO_READ, autoRead)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
            .option(ChannelOption.SO_RCVBUF, 8192)
            .connect()).channel();
        handler.take();
        served.take();
    }

    private void serve(String text) {
        hosts.done(served.channel.writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsOnceForEachReadWithoutAutoRead(boolean crossing) {
        connect(crossing, false, false);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(3));
        serve("abcdef");
        assertEquals(List.of(), events.take());
        channel.read();
        hosts.run();
        assertEquals(List.of("read 3", "complete"), events.take());
        channel.read();
        hosts.run();
        assertEquals(List.of("read 3", "complete"), events.take());
        channel.read();
        hosts.run();
        assertEquals(List.of(), events.take());
        serve("g");
        assertEquals(List.of("read 1", "complete"), events.take());
        assertEquals("abcdefg", events.text.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsUpToTheAllocatorsMessagesInALoop(boolean crossing) {
        connect(crossing, true, false);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1).maxMessagesPerRead(2));
        serve("abcde");
        assertEquals(List.of("read 1", "read 1", "complete", "read 1", "read 1", "complete", "read 1", "complete"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void turningAutoReadOffStopsAtOnce(boolean crossing) {
        Recorder once = new Recorder() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                context.channel().config().setAutoRead(false);
                super.channelRead(context, message);
            }
        };
        connect(crossing, true, false, once);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1));
        serve("abc");
        assertEquals(List.of("read 1", "complete"), once.take());
        channel.config().setAutoRead(true);
        hosts.run();
        assertEquals(List.of("read 1", "complete"), once.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void notReadingClosesTheReceiveWindowAndReadingOpensIt(boolean crossing) {
        connect(crossing, false, false);
        int from = hosts.segments.size();
        ChannelFuture written = served.channel.writeAndFlush(Unpooled.copiedBuffer("x".repeat(20_000), US_ASCII));
        hosts.run();
        hosts.advance(1000); // for the last bytes of the window the sender first waits whether more opens
        assertTrue(written.isSuccess(), "the send buffer has room for all of it");
        assertTrue(hosts.segments.subList(from, hosts.segments.size()).stream().anyMatch(s -> s.startsWith("client") && s.contains("win 0")),
            () -> "a closed window: " + hosts.segments);
        assertEquals("", events.text.toString());

        channel.config().setAutoRead(true);
        hosts.run();
        hosts.advance(1000);
        hosts.advance(1000);
        assertEquals(20_000, events.text.length());
    }

    @Test
    void readingOnceTellsThePeerOfTheRoomItLeaves() {
        connect(false, false, false);
        served.channel.writeAndFlush(Unpooled.copiedBuffer("x".repeat(20_000), US_ASCII));
        hosts.run();
        hosts.advance(1000);
        int from = hosts.segments.size();
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(65_536));
        channel.read();
        hosts.run();
        int read = events.text.length();
        assertTrue(read > 4096, "most of what was waiting came in one buffer");
        int room = 8192 - (5 * 1460 - read); // the SYN has offered what the buffer holds in full segments
        assertTrue(hosts.sent(from, " win " + room + ' '), () -> "a window update: " + hosts.segments);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndClosesBehindAllData(boolean crossing) {
        connect(crossing, true, false);
        served.channel.writeAndFlush(Unpooled.copiedBuffer("bye", US_ASCII));
        served.channel.close();
        hosts.run();
        assertEquals(List.of("read 3", "complete", "complete", "inactive"), events.take());
        assertFalse(channel.isOpen());
        assertTrue(channel.isShutdown());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndWaitsForUnreadData(boolean crossing) {
        connect(crossing, false, false);
        served.channel.writeAndFlush(Unpooled.copiedBuffer("bye", US_ASCII));
        served.channel.close();
        hosts.run();
        assertEquals(List.of(), events.take());
        assertTrue(channel.isActive());
        channel.read();
        hosts.run();
        assertEquals(List.of("read 3", "complete", "complete", "inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndIsToldWithoutAReadIfThereIsNothingToRead(boolean crossing) {
        connect(crossing, false, true);
        served.channel.shutdownOutput();
        hosts.run();
        assertEquals(List.of("complete", "ChannelInputShutdownEvent", "ChannelInputShutdownReadComplete"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void halfClosureLeavesTheOtherDirectionOpen(boolean crossing) {
        connect(crossing, true, true);
        served.channel.writeAndFlush(Unpooled.copiedBuffer("question", US_ASCII));
        served.channel.shutdownOutput();
        hosts.run();
        assertEquals(List.of("read 8", "complete", "complete", "ChannelInputShutdownEvent", "ChannelInputShutdownReadComplete"), events.take());
        assertTrue(channel.isActive());
        assertTrue(channel.isInputShutdown());
        assertFalse(channel.isOutputShutdown());
        assertFalse(channel.isShutdown());
        assertTrue(served.channel.isOutputShutdown());

        hosts.done(channel.writeAndFlush(Unpooled.copiedBuffer("answer", US_ASCII)));
        assertEquals("answer", served.text.toString());
        hosts.done(channel.close());
        assertEquals(List.of("inactive"), events.take());
        assertFalse(served.channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResetIsAnExceptionBeforeTheEnd(boolean crossing) {
        connect(crossing, true, false);
        served.channel.config().setSoLinger(0);
        served.channel.writeAndFlush(Unpooled.copiedBuffer("last", US_ASCII));
        served.channel.close();
        hosts.run();
        assertEquals(List.of("read 4", "complete", "Connection reset by peer", "inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResetWithHalfClosureEndsTheInput(boolean crossing) {
        connect(crossing, true, true);
        served.channel.config().setSoLinger(0);
        served.channel.close();
        hosts.run();
        assertEquals(List.of("Connection reset by peer", "ChannelInputShutdownEvent", "ChannelInputShutdownReadComplete"), events.take());
        ChannelFuture write = channel.writeAndFlush(Unpooled.copiedBuffer("anybody?", US_ASCII));
        hosts.run();
        assertEquals("Connection reset by peer", write.cause().getMessage());
        assertEquals(List.of("inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shutdownInputThrowsAwayWhatComes(boolean crossing) {
        connect(crossing, true, true);
        hosts.done(channel.shutdownInput());
        assertTrue(channel.isInputShutdown());
        assertEquals(List.of("ChannelInputShutdownReadComplete"), events.take());
        for (int i = 0; i < 10; i++) {
            serve("x".repeat(8000));
        }
        hosts.advance(1000);
        assertEquals(List.of(), events.take());
        assertTrue(channel.isActive());
        assertEquals(0, ((UserTcpSocketChannel) served.channel).tcpInfo().getNow() == null ? 0
            : ((UserTcpSocketChannel) served.channel).tcpInfo().getNow().notsentBytes(), "all of it was acknowledged");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shuttingDownNeedsAConnection(boolean crossing) {
        hosts = new TwoHosts(crossing);
        SocketChannel fresh = (SocketChannel) hosts.done(hosts.bootstrap().handler(events).register()).channel();
        ChannelFuture input = fresh.shutdownInput();
        hosts.run();
        assertInstanceOf(NotYetConnectedException.class, input.cause());
        ChannelFuture output = fresh.shutdownOutput();
        hosts.run();
        assertInstanceOf(NotYetConnectedException.class, output.cause());
        hosts.done(fresh.close());
        input = fresh.shutdownInput();
        output = fresh.shutdownOutput();
        ChannelFuture both = fresh.shutdown();
        hosts.run();
        assertInstanceOf(ClosedChannelException.class, input.cause());
        assertInstanceOf(ClosedChannelException.class, output.cause());
        assertInstanceOf(ClosedChannelException.class, both.cause());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void buffersAreThoseOfTheSegmentsUncopied(boolean crossing) {
        int[] largest = new int[1];
        Recorder sizes = new Recorder() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                largest[0] = Math.max(largest[0], ((ByteBuf) message).readableBytes());
                super.channelRead(context, message);
            }
        };
        connect(crossing, true, false, sizes);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(65_536));
        serve("x".repeat(6000));
        hosts.advance(1000);
        assertEquals(6000, sizes.text.length());
        assertTrue(largest[0] > 1460, "a super-segment came through whole: " + largest[0]);
    }
}
