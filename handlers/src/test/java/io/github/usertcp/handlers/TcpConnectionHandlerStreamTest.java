package io.github.usertcp.handlers;

import static io.github.usertcp.handlers.EmbeddedConnection.PLAIN;
import static io.github.usertcp.handlers.EmbeddedConnection.SYN_ACK;
import static io.github.usertcp.handlers.EmbeddedConnection.TUPLE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpConnectionHandlerStreamTest {
    private final EmbeddedConnection tcp = new EmbeddedConnection();

    @AfterEach
    void releaseEverything() {
        tcp.channel().finishAndReleaseAll();
    }

    @Test
    void bytesWrittenBeforeTheHandshakeFollowIt() {
        tcp.open(TcpConnectionHandler.client(TUPLE, PLAIN));
        tcp.channel().writeAndFlush(text("hello"));
        assertEquals(List.of("S 0:0(0) win 65535 <mss 1460>"), tcp.sent());

        tcp.receive(SYN_ACK);

        assertEquals(List.of("P. 1:6(5) ack 1 win 65535"), tcp.sent());
    }

    @Test
    void writesWaitForFlush() {
        tcp.establish(PLAIN);
        ChannelFuture write = tcp.channel().pipeline().write(text("hello"));
        assertEquals(List.of(), tcp.sent());
        assertFalse(write.isDone());

        tcp.channel().pipeline().flush();

        assertTrue(write.isSuccess());
        assertEquals(List.of("P. 1:6(5) ack 1 win 65535"), tcp.sent());
    }

    @Test
    void largeWriteIsCutAtTheMssNegotiated() {
        tcp.establish(PLAIN);
        tcp.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[3000]));
        assertEquals(List.of(". 1:1461(1460) ack 1 win 65535", ". 1461:2921(1460) ack 1 win 65535", "P. 2921:3001(80) ack 1 win 65535"), tcp.sent());
    }

    @Test
    void unacknowledgedBytesAreRepeated() {
        tcp.establish(PLAIN);
        tcp.channel().writeAndFlush(text("hello"));
        tcp.sent();
        tcp.pass(199); // the handshake took hardly any time, so that the timeout is hardly more than the smallest there is
        assertEquals(List.of(), tcp.sent());
        tcp.pass(2);
        assertEquals(List.of("P. 1:6(5) ack 1 win 65535"), tcp.sent());
    }

    @Test
    void receivedBytesGoUpAndAreAcknowledged() {
        tcp.establish(PLAIN.toBuilder().quickAckSegments(0).build());
        tcp.receive("P. 1:6(5) ack 1 win 65535");
        assertEquals(5, tcp.readBytes());
        assertEquals(List.of(". 1:1(0) ack 6 win 65535"), tcp.sent(), "who has read everything and does not answer");
    }

    @Test
    void answerWrittenWhileReadingCarriesTheAcknowledgment() {
        tcp.open(TcpConnectionHandler.server(TUPLE, PLAIN), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.writeAndFlush(msg);
            }
        });
        tcp.receive("S 0:0(0) win 65535 <mss 1460>");
        tcp.receive(". 1:1(0) ack 1 win 65535");
        tcp.sent();

        tcp.channel().writeInbound(TcpSegment.parse("P. 1:6(5) ack 1 win 65535"));

        assertEquals(List.of("P. 1:6(5) ack 6 win 65535"), tcp.sent());
    }

    @Test
    void bytesStayInTheConnectionWhileReadsAreOff() {
        tcp.establish(PLAIN.toBuilder().receiveBufferBytes(4380).quickAck(true).build());
        tcp.channel().config().setAutoRead(false);

        tcp.receive(". 1:1461(1460) ack 1 win 65535", ". 1461:2921(1460) ack 1 win 65535");

        assertEquals(0, tcp.readBytes());
        List<String> closing = tcp.sent();
        assertTrue(closing.get(closing.size() - 1).startsWith(". 1:1(0) ack 2921 win 1460"), closing::toString);

        tcp.channel().read();

        assertEquals(1460, tcp.readBytes());
        tcp.channel().read();
        assertEquals(1460, tcp.readBytes());
        assertEquals(List.of(". 1:1(0) ack 2921 win 4380"), tcp.sent());
    }

    @Test
    void fullSendBufferHoldsWritesBackUntilAcknowledged() {
        tcp.establish(PLAIN.toBuilder().sendBufferBytes(2000).build());
        ChannelFuture first = tcp.channel().pipeline().write(Unpooled.wrappedBuffer(new byte[2000]));
        ChannelFuture second = tcp.channel().pipeline().write(Unpooled.wrappedBuffer(new byte[100_000]));
        tcp.channel().pipeline().flush();

        assertTrue(first.isSuccess());
        assertFalse(second.isDone());
        assertFalse(tcp.channel().isWritable());

        for (int acked = 1; !second.isDone(); ) {
            acked += payloadOf(tcp.sentSegments());
            tcp.receive(". 1:1(0) ack " + acked + " win 65535");
        }

        assertTrue(second.isSuccess());
        assertTrue(tcp.channel().isWritable());
    }

    @Test
    void endOfInputIsToldBehindTheLastByte() {
        tcp.establish(PLAIN);
        tcp.receive("FP. 1:6(5) ack 1 win 65535");
        assertEquals(5, tcp.readBytes());
        assertEquals(List.of(ChannelInputShutdownEvent.INSTANCE), tcp.events());
        assertEquals(TcpState.CLOSE_WAIT, tcp.handler().state());
        assertTrue(tcp.channel().isOpen());
    }

    @Test
    void messagesOtherThanBuffersAreRefused() {
        tcp.establish(PLAIN);
        ChannelFuture write = tcp.channel().pipeline().writeAndFlush("text");
        assertInstanceOf(UnsupportedOperationException.class, write.cause());
        assertEquals(List.of(), tcp.sent());
    }

    @Test
    void messagesOtherThanSegmentsPass() {
        tcp.establish(PLAIN);
        tcp.channel().writeInbound("not TCP");
        assertEquals("not TCP", tcp.channel().readInbound());
    }

    private static int payloadOf(List<TcpSegment> segments) {
        int bytes = segments.stream().mapToInt(TcpSegment::payloadLength).sum();
        segments.forEach(TcpSegment::release);
        return bytes;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }
}
