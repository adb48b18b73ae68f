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
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpConnectionHandlerTest {
    private final EmbeddedConnection tcp = new EmbeddedConnection();

    @AfterEach
    void releaseEverything() {
        tcp.channel().finishAndReleaseAll();
    }

    @Test
    void clientSendsSynAndCompletesTheHandshake() {
        tcp.open(TcpConnectionHandler.client(TUPLE, PLAIN));
        assertEquals(List.of("S 0:0(0) win 65535 <mss 1460>"), tcp.sent());

        tcp.receive(SYN_ACK);

        assertEquals(List.of(". 1:1(0) ack 1 win 65535"), tcp.sent());
        assertEquals(List.of(new TcpConnectionEvent.Connected(TUPLE)), tcp.events());
        assertEquals(TcpState.ESTABLISHED, tcp.handler().state());
        assertEquals(1460, tcp.handler().tcpInfo().sndMss());
    }

    @Test
    void segmentsCarryAddressesAndPortsOfTheTuple() {
        tcp.open(TcpConnectionHandler.client(TUPLE, PLAIN));
        TcpSegment syn = tcp.channel().readOutbound();
        assertEquals(TUPLE, new TcpTuple(syn.source(), syn.sourcePort(), syn.destination(), syn.destinationPort()));
    }

    @Test
    void serverAnswersSynAndCompletesTheHandshake() {
        tcp.open(TcpConnectionHandler.server(TUPLE, PLAIN));
        assertEquals(List.of(), tcp.sent());

        tcp.receive("S 0:0(0) win 65535 <mss 1000>");
        assertEquals(List.of("S. 0:0(0) ack 1 win 65535 <mss 1460>"), tcp.sent());

        tcp.receive(". 1:1(0) ack 1 win 65535");
        assertEquals(List.of(), tcp.sent());
        assertEquals(List.of(new TcpConnectionEvent.Connected(TUPLE)), tcp.events());
        assertEquals(1000, tcp.handler().tcpInfo().sndMss());
    }

    @Test
    void unansweredSynIsRepeatedWithDoublingTimeout() {
        tcp.open(TcpConnectionHandler.client(TUPLE, PLAIN));
        tcp.sent();

        tcp.pass(999);
        assertEquals(List.of(), tcp.sent());
        tcp.pass(1);
        assertEquals(List.of("S 0:0(0) win 65535 <mss 1460>"), tcp.sent());
        tcp.pass(1999);
        assertEquals(List.of(), tcp.sent());
        tcp.pass(1);
        assertEquals(List.of("S 0:0(0) win 65535 <mss 1460>"), tcp.sent());
    }

    @Test
    void unansweredSynsEndInTimeout() {
        tcp.open(TcpConnectionHandler.client(TUPLE, PLAIN.toBuilder().synRetries(1).build()));
        tcp.pass(1000);
        tcp.pass(2000);
        assertEquals(List.of(new TcpConnectionEvent.Closed(CloseCause.TIMED_OUT)), tcp.events());
        assertFalse(tcp.channel().isOpen());
    }

    @Test
    void resetInAnswerToSynIsRefusal() {
        tcp.open(TcpConnectionHandler.client(TUPLE, PLAIN));
        ChannelFuture write = tcp.channel().pipeline().write(text("early"));

        tcp.receive("R. 0:0(0) ack 1 win 0");

        assertEquals(List.of(new TcpConnectionEvent.Closed(CloseCause.REFUSED)), tcp.events());
        assertFalse(tcp.channel().isOpen());
        assertInstanceOf(IOException.class, write.cause());
        assertEquals("Connection refused", write.cause().getMessage());
    }

    @Test
    void outputShutDownSendsFinAndFailsLaterWrites() {
        tcp.establish(PLAIN);
        tcp.handler().shutdownOutput();
        tcp.handler().shutdownOutput();

        assertEquals(List.of("F. 1:1(0) ack 1 win 65535"), tcp.sent());
        assertEquals(List.of(ChannelOutputShutdownEvent.INSTANCE), tcp.events());
        assertInstanceOf(ChannelOutputShutdownException.class, tcp.channel().pipeline().writeAndFlush(text("late")).cause());
        tcp.receive("P. 1:6(5) ack 2 win 65535");
        assertEquals(5, tcp.readBytes(), "the other direction stays open");
    }

    @Test
    void closeSaysFarewellAndClosesTheChannelAfterTimeWait() {
        tcp.establish(PLAIN);
        ChannelFuture close = tcp.channel().pipeline().close();
        assertEquals(List.of("F. 1:1(0) ack 1 win 65535"), tcp.sent());

        tcp.receive(". 1:1(0) ack 2 win 65535");
        tcp.receive("F. 1:1(0) ack 2 win 65535");

        assertEquals(List.of(". 2:2(0) ack 2 win 65535"), tcp.sent());
        assertEquals(TcpState.TIME_WAIT, tcp.handler().state());
        assertTrue(tcp.events().contains(new TcpConnectionEvent.Closed(CloseCause.NONE)), () -> tcp.events().toString());
        tcp.pass(59_999);
        assertFalse(close.isDone());
        tcp.pass(1);
        assertTrue(close.isSuccess());
        assertFalse(tcp.channel().isOpen());
    }

    @Test
    void passiveCloseEndsWithThePeersLastAcknowledgment() {
        tcp.establish(PLAIN);
        tcp.receive("F. 1:1(0) ack 1 win 65535");
        tcp.sent();
        ChannelFuture close = tcp.channel().pipeline().close();
        assertEquals(List.of("F. 1:1(0) ack 2 win 65535"), tcp.sent());

        tcp.receive(". 2:2(0) ack 2 win 65535");

        assertTrue(close.isSuccess());
        assertEquals(List.of(ChannelInputShutdownEvent.INSTANCE, new TcpConnectionEvent.Closed(CloseCause.NONE)), tcp.events());
    }

    @Test
    void resetByThePeerFailsWaitingWritesAndClosesTheChannel() {
        tcp.establish(PLAIN.toBuilder().sendBufferBytes(1024).build());
        ChannelFuture write = tcp.channel().pipeline().writeAndFlush(Unpooled.wrappedBuffer(new byte[5000]));

        tcp.receive("R. 1:1(0) ack 1 win 0");

        assertEquals(List.of(new TcpConnectionEvent.Closed(CloseCause.RESET)), tcp.events());
        assertEquals("Connection reset by peer", write.cause().getMessage());
        assertFalse(tcp.channel().isOpen());
    }

    @Test
    void abortSendsReset() {
        tcp.establish(PLAIN);
        tcp.handler().abort();
        tcp.handler().abort();
        assertEquals(List.of("R. 1:1(0) ack 1 win 0"), tcp.sent());
        assertEquals(List.of(new TcpConnectionEvent.Closed(CloseCause.ABORTED)), tcp.events());
        assertFalse(tcp.channel().isOpen());
    }

    @Test
    void closingTheEmbeddedChannelForgetsTheConnection() {
        tcp.establish(PLAIN);
        ByteBuf held = text("never acknowledged");
        tcp.channel().writeAndFlush(held);

        assertTrue(tcp.channel().finishAndReleaseAll());

        assertFalse(tcp.channel().isOpen());
        assertEquals(0, held.refCnt());
    }

    @Test
    void removedHandlerHoldsNothingAndSetsNoTimer() {
        tcp.establish(PLAIN.toBuilder().sendBufferBytes(1024).build());
        ByteBuf held = Unpooled.wrappedBuffer(new byte[5000]);
        ChannelFuture write = tcp.channel().pipeline().writeAndFlush(held);
        tcp.channel().releaseOutbound();

        tcp.channel().pipeline().remove(tcp.handler());

        assertInstanceOf(ClosedChannelException.class, write.cause());
        assertEquals(0, held.refCnt());
        tcp.pass(10_000);
        assertEquals(List.of(), tcp.sent());
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }
}
