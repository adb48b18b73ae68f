package io.github.usertcp.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.handlers.Impairment;
import io.github.usertcp.handlers.ImpairmentHandler;
import io.github.usertcp.handlers.TcpConnectionHandler;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A unit test to copy from: real TCP, virtual time, packets as text. */
class VirtualTimeTest {
    private final TcpTuple tuple = new TcpTuple(IpAddress.parse("192.0.2.1"), 40_000, IpAddress.parse("192.0.2.2"), 80);
    private final TcpConfig config = TcpConfig.builder().timestamps(false).windowScaling(false).sack(false).build();

    @Test
    void handshakeOpensTheConnection() {
        EmbeddedChannel ch = new EmbeddedChannel(TcpConnectionHandler.client(tuple, config));
        ch.freezeTime();
        assertEquals("S 0:0(0) win 65535 <mss 1460>", ch.readOutbound().toString());
        ch.writeInbound(TcpSegment.parse("S. 0:0(0) ack 1 win 65535 <mss 1460>"));
        assertEquals(". 1:1(0) ack 1 win 65535", ch.readOutbound().toString());

        ch.finishAndReleaseAll();
    }

    @Test
    void lostRequestIsRepeatedAfterTheRetransmissionTimeout() {
        EmbeddedChannel ch = new EmbeddedChannel(TcpConnectionHandler.client(tuple, config));
        ch.freezeTime();
        ch.writeInbound(TcpSegment.parse("S. 0:0(0) ack 1 win 65535 <mss 1460>"));
        ch.releaseOutbound();

        ch.writeAndFlush(Unpooled.copiedBuffer("GET /", US_ASCII));
        assertEquals("P. 1:6(5) ack 1 win 65535", sent(ch));
        assertNull(sent(ch));

        ch.advanceTimeBy(1, TimeUnit.SECONDS);
        ch.runScheduledPendingTasks();
        assertEquals("P. 1:6(5) ack 1 win 65535", sent(ch));

        ch.writeInbound(TcpSegment.parse(". 1:1(0) ack 6 win 65535"));
        ch.advanceTimeBy(10, TimeUnit.MINUTES);
        ch.runScheduledPendingTasks();
        assertNull(sent(ch));

        ch.finishAndReleaseAll();
    }

    @Test
    void handshakeOverABadNetworkTakesItsTime() {
        Impairment bad = Impairment.none().delay(Duration.ofMillis(50)).loss(0.01);
        EmbeddedChannel ch = new EmbeddedChannel(new ImpairmentHandler(bad, bad, 4711), TcpConnectionHandler.client(tuple, config));
        ch.freezeTime();
        assertNull(sent(ch));

        ch.advanceTimeBy(50, TimeUnit.MILLISECONDS);
        ch.runScheduledPendingTasks();
        assertEquals("S 0:0(0) win 65535 <mss 1460>", sent(ch));

        ch.writeInbound(TcpSegment.parse("S. 0:0(0) ack 1 win 65535 <mss 1460>"));
        ch.advanceTimeBy(50, TimeUnit.MILLISECONDS);
        ch.runScheduledPendingTasks();
        assertNull(sent(ch));
        ch.advanceTimeBy(50, TimeUnit.MILLISECONDS);
        ch.runScheduledPendingTasks();
        assertEquals(". 1:1(0) ack 1 win 65535", sent(ch));

        ch.finishAndReleaseAll();
    }

    private static String sent(EmbeddedChannel ch) {
        TcpSegment segment = ch.readOutbound();
        String text = segment == null ? null : segment.toString();
        ReferenceCountUtil.release(segment);
        return text;
    }
}
