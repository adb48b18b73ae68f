package io.github.usertcp.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a write is done, what becomes of its buffer, and what happens when there is no room; on the stack's event loop and from another one. */
class WriteTest {
    private final Recorder served = new Recorder();
    private final Recorder events = new Recorder();
    private TwoHosts hosts;
    private SocketChannel channel;

    @AfterEach
    void stop() {
        hosts.close();
    }

    /** The server doesn't read, and takes 8 KiB until it does. */
    private void connect(boolean crossing, int sendBufferBytes) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().childHandler(served).option(ChannelOption.SO_RCVBUF, 8192)
            .childOption(ChannelOption.AUTO_READ, false).bind());
        channel = (SocketChannel) hosts.done(hosts.bootstrap().handler(events)
            .option(ChannelOption.SO_SNDBUF, sendBufferBytes)
            .connect()).channel();
        events.take();
        served.take();
    }

    private void readAll() {
        served.channel.config().setAutoRead(true);
        hosts.run();
        for (int i = 0; i < 20; i++) {
            hosts.advance(500);
        }
    }

    private static ByteBuf direct(int bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isDoneWhenTheSendBufferHasTaken(boolean crossing) {
        connect(crossing, 16_384);
        ChannelFuture first = channel.writeAndFlush(direct(16_000));
        ChannelFuture second = channel.writeAndFlush(direct(16_000));
        hosts.run();
        hosts.advance(100);
        assertTrue(first.isSuccess(), "accepted, though the peer takes only 8 KiB");
        assertFalse(second.isDone(), "no room");
        readAll();
        assertTrue(second.isSuccess());
        assertEquals(32_000, served.text.length());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writabilityFollowsTheSendBuffer(boolean crossing) {
        connect(crossing, 4096);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 2000));
        channel.writeAndFlush(direct(50_000));
        hosts.run();
        assertFalse(channel.isWritable());
        readAll();
        assertTrue(channel.isWritable());
        assertEquals(List.of("not writable", "writable"), events.take());
        assertEquals(50_000, served.text.length());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void smallAndHeapBuffersAreTheCallersAgain(boolean crossing) {
        connect(crossing, 1 << 20);
        ByteBuf small = direct(1024).retain();
        ByteBuf heap = Unpooled.buffer(60_000).writeZero(60_000).retain();
        channel.write(small);
        ChannelFuture last = channel.writeAndFlush(heap);
        hosts.run();
        assertTrue(last.isSuccess());
        assertEquals(1, small.refCnt());
        assertEquals(1, heap.refCnt());
        small.release();
        heap.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void largeDirectBuffersAreRetainedUntilAcknowledged(boolean crossing) {
        connect(crossing, 1 << 20);
        ByteBuf large = direct(20_000).retain();
        ChannelFuture write = channel.writeAndFlush(large);
        hosts.run();
        assertTrue(write.isSuccess());
        assertTrue(large.refCnt() > 1, "the peer has not taken all of it");
        readAll();
        assertEquals(1, large.refCnt());
        large.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theThresholdIsAnOption(boolean crossing) {
        connect(crossing, 1 << 20);
        channel.config().setOption(UserTcpChannelOption.ZERO_COPY_THRESHOLD, Integer.MAX_VALUE);
        ByteBuf large = direct(20_000).retain();
        channel.writeAndFlush(large);
        hosts.run();
        assertEquals(1, large.refCnt());
        large.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyBuffersOfManyKindsArriveInOrder(boolean crossing) {
        connect(crossing, 2048);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String piece = (i + ",").repeat(1 + i % 50);
            expected.append(piece);
            channel.write(switch (i % 4) {
                case 0 -> Unpooled.copiedBuffer(piece, US_ASCII);
                case 1 -> PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(piece.getBytes(US_ASCII));
                case 2 -> composite(piece);
                default -> {
                    expected.append("z".repeat(5000));
                    yield PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes((piece + "z".repeat(5000)).getBytes(US_ASCII));
                }
            });
        }
        ChannelFuture last = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        served.channel.config().setAutoRead(true);
        hosts.run();
        for (int i = 0; i < 400 && !last.isDone(); i++) {
            hosts.advance(50);
        }
        readAll();
        assertTrue(last.isSuccess());
        assertEquals(expected.toString(), served.text.toString());
    }

    private static CompositeByteBuf composite(String text) {
        CompositeByteBuf composite = PooledByteBufAllocator.DEFAULT.compositeDirectBuffer();
        int half = text.length() / 2;
        composite.addComponent(true, PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.substring(0, half).getBytes(US_ASCII)));
        composite.addComponent(true, PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.substring(half).getBytes(US_ASCII)));
        return composite;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileArrives(boolean crossing, @TempDir Path directory) throws IOException {
        connect(crossing, 8192);
        String content = "0123456789".repeat(10_000);
        Path file = Files.writeString(directory.resolve("file"), "skipped" + content + "skipped");
        channel.write(Unpooled.copiedBuffer("<", US_ASCII));
        ChannelFuture region = channel.write(new DefaultFileRegion(file.toFile(), 7, content.length()));
        ChannelFuture last = channel.writeAndFlush(Unpooled.copiedBuffer(">", US_ASCII));
        hosts.run();
        assertFalse(region.isDone());
        readAll();
        assertTrue(region.isSuccess());
        assertTrue(last.isSuccess());
        assertEquals("<" + content + ">", served.text.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileShorterThanPromisedFailsTheWrite(boolean crossing, @TempDir Path directory) throws IOException {
        connect(crossing, 1 << 20);
        Path file = Files.writeString(directory.resolve("file"), "short");
        ChannelFuture write = channel.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, 100));
        hosts.run();
        assertInstanceOf(IOException.class, write.cause());
        assertFalse(channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void otherMessagesAreRefused(boolean crossing) {
        connect(crossing, 1 << 20);
        ChannelFuture write = channel.writeAndFlush("text");
        hosts.run();
        assertInstanceOf(UnsupportedOperationException.class, write.cause());
        assertEquals("unsupported message type: String (expected: ByteBuf, FileRegion)", write.cause().getMessage());
        assertTrue(channel.isActive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shutdownOutputDeliversWhatWasTakenAndFailsTheRest(boolean crossing) {
        connect(crossing, 16_384);
        ChannelFuture taken = channel.writeAndFlush(direct(16_000));
        ChannelFuture left = channel.writeAndFlush(direct(16_000));
        hosts.run();
        ChannelFuture shutdown = channel.shutdownOutput();
        hosts.run();
        assertTrue(taken.isSuccess());
        assertTrue(shutdown.isSuccess());
        assertInstanceOf(ChannelOutputShutdownException.class, left.cause());
        assertTrue(events.take().contains("ChannelOutputShutdownEvent"));
        assertTrue(channel.isOutputShutdown());
        assertFalse(channel.isInputShutdown());
        ChannelFuture after = channel.writeAndFlush(direct(1));
        hosts.run();
        assertInstanceOf(ClosedChannelException.class, after.cause());
        readAll();
        assertTrue(served.text.length() > 16_000 && served.text.length() < 32_000, () -> "some of the second: " + served.text.length());
        assertFalse(served.channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writingToAPeerThatHasResetFailsAndCloses(boolean crossing) {
        connect(crossing, 4096);
        ChannelFuture stuck = channel.writeAndFlush(direct(50_000));
        hosts.run();
        served.channel.config().setSoLinger(0);
        served.channel.close();
        hosts.run();
        assertInstanceOf(IOException.class, stuck.cause());
        assertFalse(channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tcpInfoTellsOfTheConnection(boolean crossing) {
        connect(crossing, 1 << 20);
        hosts.done(channel.writeAndFlush(direct(1000)));
        var info = ((UserTcpSocketChannel) channel).tcpInfo();
        hosts.run();
        assertEquals(1000, info.getNow().bytesAcked());
        hosts.done(channel.close());
        info = ((UserTcpSocketChannel) channel).tcpInfo();
        hosts.run();
        assertInstanceOf(ClosedChannelException.class, info.cause());
        assertNull(info.getNow());
    }
}
