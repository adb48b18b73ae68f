package io.github.usertcp.handlers;

import static io.github.usertcp.handlers.ImpairmentCounter.DELAYED;
import static io.github.usertcp.handlers.ImpairmentCounter.DUPLICATED;
import static io.github.usertcp.handlers.ImpairmentCounter.LOST;
import static io.github.usertcp.handlers.ImpairmentCounter.REORDERED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two handlers talk to each other over a wire that delays by 5 ms, in virtual time. */
class TwoConnectionsTest {
    private static final IpAddress CLIENT = IpAddress.parse("2001:db8::1");
    private static final IpAddress SERVER = IpAddress.parse("2001:db8::2");
    /** So that sequence numbers wrap early. */
    private static final InitialNumbers WRAPPING = InitialNumbers.fixed(0xFFFF_FF00, 0);

    private final EmbeddedChannel client = frozen();
    private final EmbeddedChannel server = frozen();
    private int segments;
    private int lostSegment = -1;

    @AfterEach
    void releaseEverything() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void megabyteArrivesUnchangedThoughASegmentIsLost() {
        lostSegment = 40;
        sendMegabyte();
        assertTrue(segments > lostSegment);
    }

    @Test
    void megabyteArrivesUnchangedOverABadNetwork() {
        Impairment bad = Impairment.none().loss(0.02).duplication(0.02).jitter(Duration.ofMillis(3)).reordering(0.05, Duration.ofMillis(7));
        ImpairmentHandler network = new ImpairmentHandler(bad, bad, 4711);
        client.pipeline().addLast(network);
        TcpConnectionHandler sender = sendMegabyte();
        for (ImpairmentCounter met : List.of(LOST, DUPLICATED, DELAYED, REORDERED)) {
            assertTrue(network.outbound().get(met) > 0 && network.inbound().get(met) > 0, met::name);
        }
        assertTrue(sender.tcpInfo().totalRetrans() > 0 && sender.tcpInfo().reordSeen() > 0, sender.tcpInfo()::toString);
    }

    private TcpConnectionHandler sendMegabyte() {
        TcpConnectionHandler sender = TcpConnectionHandler.client(new TcpTuple(CLIENT, 40_000, SERVER, 80), TcpConfig.defaults(), WRAPPING);
        client.pipeline().addLast(sender);
        server.pipeline().addLast(TcpConnectionHandler.server(new TcpTuple(SERVER, 80, CLIENT, 40_000), TcpConfig.defaults(), WRAPPING));
        byte[] sent = new byte[1 << 20];
        new Random(9293).nextBytes(sent);

        ChannelFuture write = client.writeAndFlush(Unpooled.wrappedBuffer(sent));
        ByteBuf received = Unpooled.buffer(sent.length);
        for (int step = 0; step < 2_000 && received.readableBytes() < sent.length; step++) {
            carry(client, server);
            carry(server, client);
            for (ByteBuf data = server.readInbound(); data != null; data = server.readInbound()) {
                received.writeBytes(data);
                data.release();
            }
        }

        assertTrue(write.isSuccess());
        assertEquals(ByteBufUtil.hexDump(sent), ByteBufUtil.hexDump(received));
        received.release();
        return sender;
    }

    private void carry(EmbeddedChannel from, EmbeddedChannel to) {
        to.advanceTimeBy(5, TimeUnit.MILLISECONDS);
        for (TcpSegment segment = from.readOutbound(); segment != null; segment = from.readOutbound()) {
            if (++segments == lostSegment) {
                segment.release();
            } else {
                to.pipeline().fireChannelRead(segment);
            }
        }
        to.pipeline().fireChannelReadComplete();
        to.runPendingTasks();
    }

    private static EmbeddedChannel frozen() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        return channel;
    }
}
