package io.github.usertcp.testsuite.application;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.github.usertcp.channel.UserTcpSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An HTTP server and client that were written for kernel TCP, with the channel's class changed. */
class WebTest {
    private static final int[] BODY_BYTES = {0, 1, 1_440, 65_536, 3_000_000};

    static Stream<Arguments> everyWay() {
        return Stream.of("nio", "epoll").filter(io -> io.equals("nio") || Epoll.isAvailable())
            .flatMap(io -> Stream.of(Web.values()).flatMap(web -> Stream.of(Security.values()).map(security -> Arguments.of(io, web, security))));
    }

    @ParameterizedTest(name = "{1} {2} on {0}")
    @MethodSource("everyWay")
    void answersComeBackByteForByte(String io, Web web, Security security) throws Exception {
        IoHandlerFactory factory = io.equals("epoll") ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, factory);
        EventLoopGroup workers = new MultiThreadIoEventLoopGroup(2, factory);
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, factory);
        try {
            Security.Keys keys = security.keys();
            Channel listener = listen(boss, workers, web, keys);
            List<Channel> connections = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                connections.add(connect(clients, web, keys, listener));
            }
            SplittableRandom random = new SplittableRandom(1);
            for (int length : BODY_BYTES) {
                for (Channel connection : connections) {
                    roundTrip(web, connection, length, random);
                }
            }
        } finally {
            for (EventLoopGroup group : List.of(clients, workers, boss)) {
                group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS);
            }
        }
    }

    private static Channel listen(EventLoopGroup boss, EventLoopGroup workers, Web web, Security.Keys keys) throws Exception {
        return new ServerBootstrap()
            .group(boss, workers)
            .channel(UserTcpServerSocketChannel.class)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    keys.secureServer(channel);
                    web.server(channel);
                    channel.pipeline().addLast(new CloseOnError());
                }
            })
            .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
    }

    private static Channel connect(EventLoopGroup group, Web web, Security.Keys keys, Channel listener) throws Exception {
        return new Bootstrap()
            .group(group)
            .channel(UserTcpSocketChannel.class)
            .handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    keys.secureClient(channel);
                    web.client(channel);
                }
            })
            .connect((InetSocketAddress) listener.localAddress()).sync().channel();
    }

    private static void roundTrip(Web web, Channel connection, int length, SplittableRandom random) throws Exception {
        byte[] body = new byte[length];
        random.nextBytes(body);
        ByteBuf answer = web.post(connection, Unpooled.copiedBuffer(body)).get(30, TimeUnit.SECONDS);
        try {
            assertArrayEquals(body, ByteBufUtil.getBytes(answer));
        } finally {
            answer.release();
        }
    }

    /** The peer closes without waiting for the last words of TLS and HTTP/2; what an application does about it. */
    private static final class CloseOnError extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
