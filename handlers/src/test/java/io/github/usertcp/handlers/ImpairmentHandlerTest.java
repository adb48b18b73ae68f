package io.github.usertcp.handlers;

import static io.github.usertcp.handlers.ImpairedChannel.payload;
import static io.github.usertcp.handlers.ImpairedChannel.segment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pipeline sees of a bad network, in virtual time. */
class ImpairmentHandlerTest {
    private static final Impairment NONE = Impairment.none();
    private static final Impairment LATE = NONE.delay(Duration.ofMillis(10));
    private static final long SEED = 4711;

    private ImpairedChannel channel;

    @Test
    void otherMessagesPassUntouched() {
        open(NONE.loss(1), NONE.loss(1));
        channel.writeOutbound("out");
        channel.writeInbound("in");
        assertEquals("out", channel.readOutbound());
        assertEquals("in", channel.readInbound());
    }

    @Test
    void whatIsHeldBackIsFlushedWhenItLeavesAndEndsABatchWhenItArrives() {
        open(LATE, LATE);
        channel.send(1, 2);
        channel.receive(3, 4);
        assertEquals(1, channel.flushes, "the writer's own");
        assertEquals(1, channel.readCompletes, "the reader's own");
        channel.pass(10);
        assertEquals(2, channel.flushes, "one for both");
        assertEquals(2, channel.readCompletes, "one for both");
        assertEquals(List.of(1, 2), channel.sent());
        assertEquals(List.of(3, 4), channel.received());
    }

    @Test
    void aLostPacketCountsAsSentAndADelayedOneIsSentLater() {
        open(NONE.loss(1), NONE);
        assertTrue(channel.write(segment(1, 10)).isSuccess());
        assertTrue(channel.write(segment(2, 3_000).segmentSize(1_000)).isSuccess());
        channel.handler.outbound().impair(LATE);
        ChannelFuture delayed = channel.writeAndFlush(segment(3, 10));
        ChannelFuture cut = channel.writeAndFlush(segment(4, 3_000).segmentSize(1_000));
        channel.writeAndFlush(segment(5, 3_000).segmentSize(1_000), channel.voidPromise());
        assertFalse(delayed.isDone() || cut.isDone());
        channel.pass(10);
        assertTrue(delayed.isSuccess() && cut.isSuccess());
        assertEquals(7, channel.sent().size());
    }

    @Test
    void aFailureFurtherOnFailsThePromise() {
        open(LATE, NONE);
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                ((TcpSegment) msg).release();
                promise.setFailure(new IllegalStateException("refused"));
            }
        });
        ChannelFuture sent = channel.writeAndFlush(segment(1, 3_000).segmentSize(1_000));
        channel.pass(10);
        assertEquals("refused", sent.cause().getMessage());
    }

    // ---- bounds and ends

    @Test
    void removedItPassesOnWhatItHolds() {
        open(LATE, LATE);
        channel.send(1, 2);
        channel.receive(3, 4);
        channel.pipeline().remove(channel.handler);
        assertEquals(List.of(1, 2), channel.sent());
        assertEquals(List.of(3, 4), channel.received());
        assertEquals(2, channel.readCompletes);
        channel.pass(100);
        assertEquals(2, channel.readCompletes, "and that was all");
    }

    @Test
    void closingSendsWhatIsOnItsWayOut() {
        open(LATE, LATE);
        ChannelFuture sent = channel.writeAndFlush(segment(1, 10));
        channel.receive(2);
        channel.pipeline().close();
        assertTrue(sent.isSuccess());
        assertEquals(List.of(1), channel.sent());
        assertEquals(List.of(), channel.received());
    }

    @Test
    void aChannelThatIsGoneReleasesWhatIsHeldAndFailsItsPromises() {
        open(LATE, LATE);
        ByteBuf whole = payload(10);
        ByteBuf pieces = payload(3_000);
        ByteBuf received = payload(10);
        ChannelFuture sent = channel.writeAndFlush(segment(1, 0).payload(whole));
        ChannelFuture cut = channel.writeAndFlush(segment(2, 0).payload(pieces).segmentSize(1_000));
        channel.writeInbound(segment(3, 0).payload(received));
        channel.unsafe().close(channel.voidPromise()); // not by way of the pipeline
        channel.runPendingTasks();
        assertInstanceOf(ClosedChannelException.class, sent.cause());
        assertInstanceOf(ClosedChannelException.class, cut.cause());
        assertEquals(List.of(), channel.sent());
        assertEquals(List.of(), channel.received());
        assertEquals(0, whole.refCnt() + pieces.refCnt() + received.refCnt());
    }

    @Test
    void anEventLoopWithoutTimersHoldsNothingBack() {
        open(LATE, LATE);
        channel.send(1);
        channel.receive(2);
        channel.close(); // of an EmbeddedChannel: it cancels all its timers
        assertEquals(List.of(1), channel.sent());
        channel.pass(100);
        assertEquals(List.of(), channel.received());
    }

    // ---- with a connection

    @Test
    void aConnectionRepairsWhatIsLost() {
        EmbeddedConnection connection = new EmbeddedConnection();
        ImpairmentHandler network = new ImpairmentHandler(NONE, NONE, SEED);
        connection.channel().pipeline().addLast(network);
        connection.establish(EmbeddedConnection.PLAIN);
        network.outbound().impair(NONE.loss(1));
        connection.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        assertEquals(List.of(), connection.sent());
        network.outbound().impair(LATE);
        connection.pass(1_000);
        assertEquals(List.of(), connection.sent());
        connection.pass(10);
        assertEquals(List.of("P. 1:101(100) ack 1 win 65535"), connection.sent());
        assertEquals(1, connection.handler().tcpInfo().totalRetrans());
        connection.channel().finishAndReleaseAll();
    }

    @Test
    void lateSegmentsAreAcknowledged() {
        EmbeddedConnection connection = new EmbeddedConnection();
        ImpairmentHandler network = new ImpairmentHandler(NONE, NONE, SEED);
        connection.channel().pipeline().addLast(network);
        connection.establish(EmbeddedConnection.PLAIN);
        network.inbound().impair(LATE);
        connection.receive(". 1:1461(1460) ack 1 win 65535", "P. 1461:2921(1460) ack 1 win 65535");
        assertEquals(List.of(), connection.sent());
        connection.pass(10);
        assertEquals(List.of(". 1:1(0) ack 2921 win 65535"), connection.sent());
        assertEquals(2_920, connection.readBytes());
        connection.channel().finishAndReleaseAll();
    }

    @AfterEach
    void end() {
        if (channel != null) {
            channel.finishAndReleaseAll();
        }
    }

    private void open(Impairment outbound, Impairment inbound) {
        channel = new ImpairedChannel(outbound, inbound, SEED);
    }
}
