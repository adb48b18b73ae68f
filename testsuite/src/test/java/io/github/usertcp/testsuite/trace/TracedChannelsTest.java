package io.github.usertcp.testsuite.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.handlers.SegmentTap;
import io.github.usertcp.handlers.TraceHandler;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace of channels over UDP on loopback: the link's tap tells of the segments, the handler in the pipelines whose they are. */
@Timeout(60)
class TracedChannelsTest {
    private static final int SIZE = 100_000;
    private static final Pattern RANGE = Pattern.compile("\"seq\":(\\d+),\"end\":(\\d+)");
    private static final Pattern ACK = Pattern.compile("\"ack\":(\\d+)");

    private final StringBuilder out = new StringBuilder();
    private final TraceHandler handler = new TraceHandler(out);
    private final EventLoopGroup stackLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup otherLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Promise<Channel> accepted = stackLoop.next().newPromise();
    private final Promise<Channel> received = stackLoop.next().newPromise();

    @AfterEach
    void shutDown() throws InterruptedException {
        otherLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        stackLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    @ParameterizedTest(name = "channels on the loop of their stack: {0}")
    @ValueSource(booleans = {true, false})
    void everyByteOfBothEndsIsInTheTraceWithWhatTheConnectionKnewThen(boolean sameLoop) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        TcpStack stack = TcpStack.builder().link(new SegmentTap(UdpLink.bind(any), handler.tap())).open(stackLoop.next()).get();
        EventLoopGroup group = sameLoop ? stackLoop : otherLoop;
        Channel server = new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack))
            .childHandler(new TracedReceiver()).bind(any.getAddress(), stack.link().udpPort()).sync().channel();
        Channel client = new Bootstrap().group(group).channelFactory(UserTcpChannels.clients(stack)).handler(handler)
            .connect(server.localAddress()).sync().channel();

        assertTrue(accepted.await(10, TimeUnit.SECONDS)); // what arrives before it is active is not in its trace
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[SIZE])).sync();
        assertTrue(received.await(10, TimeUnit.SECONDS));
        assertTrue(client.closeFuture().await(10, TimeUnit.SECONDS)); // its peer closes, and a trace ends with its channel
        assertTrue(stack.close().await(10, TimeUnit.SECONDS));

        List<String> sent = lines(client, "send");
        assertEquals(1, first(sent));
        assertTrue(last(sent) >= 1 + SIZE, sent::toString);
        assertContiguous(sent);
        List<String> arrived = lines(received.getNow(), "recv");
        assertEquals(1, first(arrived));
        assertTrue(last(arrived) >= 1 + SIZE, arrived::toString);
        assertTrue(lines(client, "ack").stream().anyMatch(line -> number(ACK, line, 1) == 1 + SIZE), () -> lines(client, "ack").toString());
        assertTrue(sent.stream().allMatch(line -> line.matches(".*\"cwnd\":\\d+,.*\"srtt\":\\d+,.*\"state\":\"[A-Z_0-9]+\"}")), sent::toString);
    }

    private void assertContiguous(List<String> sent) {
        long next = 1;
        for (String line : sent) {
            assertEquals(next, number(RANGE, line, 1), line);
            next = number(RANGE, line, 2);
        }
    }

    private static long first(List<String> lines) {
        return number(RANGE, lines.get(0), 1);
    }

    private static long last(List<String> lines) {
        return number(RANGE, lines.get(lines.size() - 1), 2);
    }

    private static long number(Pattern pattern, String line, int group) {
        Matcher matcher = pattern.matcher(line);
        assertTrue(matcher.find(), line);
        return Long.parseLong(matcher.group(group));
    }

    /** What the trace has of a channel, of one kind. */
    private List<String> lines(Channel channel, String kind) {
        String begin = "\"c\":\"" + channel.id().asShortText() + "\",\"k\":\"" + kind + '"';
        synchronized (out) {
            return out.toString().lines().filter(line -> line.contains(begin)).toList();
        }
    }

    private final class TracedReceiver extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel child) {
            child.pipeline().addLast(handler, new SimpleChannelInboundHandler<ByteBuf>() {
                private int count;

                @Override
                public void channelActive(ChannelHandlerContext context) {
                    accepted.setSuccess(context.channel());
                }

                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                    count += bytes.readableBytes();
                    if (count == SIZE) {
                        received.setSuccess(context.channel());
                        context.close();
                    }
                }
            });
        }
    }
}
