package io.github.usertcp.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.ByteArrayOutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real UDP on loopback, real event loops and threads. */
@Timeout(60)
class LoopbackTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final List<EventLoopGroup> groups = new ArrayList<>();

    @AfterEach
    void stop() {
        groups.forEach(group -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly());
    }

    private EventLoopGroup group(String kind, int threads) {
        assumeTrue(switch (kind) {
            case "epoll" -> Epoll.isAvailable();
            case "io_uring" -> IoUring.isAvailable();
            default -> true;
        }, kind);
        IoHandlerFactory factory = switch (kind) {
            case "epoll" -> EpollIoHandler.newFactory();
            case "io_uring" -> IoUringIoHandler.newFactory();
            default -> NioIoHandler.newFactory();
        };
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(threads, factory);
        groups.add(group);
        return group;
    }

    private static Channel serve(EventLoopGroup boss, EventLoopGroup workers) {
        return serve(boss, workers, ANY_PORT);
    }

    private static Channel serve(EventLoopGroup boss, EventLoopGroup workers, InetSocketAddress address) {
        return new ServerBootstrap().group(boss, workers).channel(UserTcpServerSocketChannel.class)
            .childHandler(new Echo()).bind(address).syncUninterruptibly().channel();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void echoesOnOneEventLoop(String kind) throws Exception {
        EventLoopGroup group = group(kind, 1);
        echo(serve(group, group), group, 4 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void echoesOverIpv6(String kind) throws Exception {
        EventLoopGroup group = group(kind, 1);
        echo(serve(group, group, new InetSocketAddress("::1", 0)), group, 4 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void echoesAcrossEventLoops(String kind) throws Exception {
        echo(serve(group(kind, 1), group(kind, 2)), group(kind, 2), 4 << 20);
    }

    private void echo(Channel server, EventLoopGroup clients, int bytes) throws Exception {
        byte[] data = new byte[bytes];
        new Random(1).nextBytes(data);
        Promise<byte[]> echoed = ImmediateEventExecutor.INSTANCE.newPromise();
        Channel client = new Bootstrap().group(clients).channel(UserTcpSocketChannel.class).handler(new Collect(bytes, echoed))
            .connect(server.localAddress()).sync().channel();
        for (int from = 0; from < bytes; from += 10_000) {
            client.write(Unpooled.copiedBuffer(data, from, Math.min(10_000, bytes - from)));
        }
        client.flush();
        assertArrayEquals(data, echoed.get(50, TimeUnit.SECONDS));
        assertTrue(((UserTcpSocketChannel) client).tcpInfo().get().bytesReceived() >= bytes);
        client.close().sync();
        server.close().sync();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void aUsedPortIsABindException(String kind) {
        EventLoopGroup group = group(kind, 2);
        Channel first = serve(group, group);
        ChannelFuture second = new ServerBootstrap().group(group).channel(UserTcpServerSocketChannel.class)
            .childHandler(new Echo()).bind(first.localAddress()).awaitUninterruptibly();
        assertInstanceOf(BindException.class, second.cause());
        first.close().syncUninterruptibly();
        if (kind.equals("nio")) {
            return; // java.nio gives a closed socket's port back at some later select
        }
        ChannelFuture third = new ServerBootstrap().group(group).channel(UserTcpServerSocketChannel.class)
            .childHandler(new Echo()).bind(first.localAddress()).awaitUninterruptibly();
        assertTrue(third.isSuccess(), () -> "free again: " + third.cause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void clientsOfAnEventLoopShareAStack(String kind) {
        EventLoopGroup group = group(kind, 1);
        Channel server = serve(group, group);
        Bootstrap bootstrap = new Bootstrap().group(group).channel(UserTcpSocketChannel.class).handler(new Echo());
        UserTcpSocketChannel first = (UserTcpSocketChannel) bootstrap.connect(server.localAddress()).syncUninterruptibly().channel();
        UserTcpSocketChannel second = (UserTcpSocketChannel) bootstrap.connect(server.localAddress()).syncUninterruptibly().channel();
        assertEquals(first.stack(), second.stack());
        assertNotEquals(first.localAddress().getPort(), second.localAddress().getPort());
        assertEquals(server.localAddress(), first.remoteAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void theEventLoopsEndIsItsChannelsEnd(String kind) throws Exception {
        EventLoopGroup boss = group(kind, 1);
        EventLoopGroup workers = group(kind, 1);
        EventLoopGroup clients = group(kind, 1);
        Promise<Channel> child = ImmediateEventExecutor.INSTANCE.newPromise();
        Channel server = new ServerBootstrap().group(boss, workers).channel(UserTcpServerSocketChannel.class)
            .childHandler(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext context) {
                    child.setSuccess(context.channel());
                }
            }).bind(ANY_PORT).sync().channel();
        Channel client = new Bootstrap().group(clients).channel(UserTcpSocketChannel.class).handler(new ChannelInboundHandlerAdapter())
            .connect(server.localAddress()).sync().channel();
        Channel served = child.get(10, TimeUnit.SECONDS);

        workers.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        assertFalse(served.isOpen());
        assertTrue(client.closeFuture().await(10, TimeUnit.SECONDS), "the peer has been told");
        boss.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        assertFalse(server.isOpen());
    }

    @Test
    void aServerOnAnExplicitStackIsFoundByTheStacksUdpPort() throws Exception {
        EventLoopGroup group = group("nio", 1);
        TcpStack stack = TcpStack.builder().link(UdpLink.bind(ANY_PORT)).open(group.next()).get();
        Channel server = new ServerBootstrap().group(group("nio", 1)).channelFactory(UserTcpChannels.servers(stack))
            .childHandler(new Echo()).bind(ANY_PORT).sync().channel();
        assertEquals(stack.link().udpPort(), ((InetSocketAddress) server.localAddress()).getPort());
        echo(server, group("nio", 1), 100_000);
        assertFalse(stack.closeFuture().isDone(), "the stack is its owner's");
        stack.close().get();
    }

    @Test
    void everyLoopListensOnOnePort() throws Exception {
        EventLoopGroup group = group("epoll", 2);
        List<Channel> servers = UserTcpChannels.bindOnEveryLoop(new ServerBootstrap().childHandler(new Echo()), group, ANY_PORT).get();
        assertEquals(2, servers.size());
        assertEquals(servers.get(0).localAddress(), servers.get(1).localAddress());
        assertNotEquals(servers.get(0).eventLoop(), servers.get(1).eventLoop());
        echo(servers.get(0), group("epoll", 1), 100_000);
        servers.get(1).close().sync();
    }

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private static final class Collect extends SimpleChannelInboundHandler<ByteBuf> {
        private final int wanted;
        private final Promise<byte[]> all;
        private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

        Collect(int wanted, Promise<byte[]> all) {
            this.wanted = wanted;
            this.all = all;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf data) throws Exception {
            data.getBytes(data.readerIndex(), collected, data.readableBytes());
            if (collected.size() >= wanted) {
                all.trySuccess(collected.toByteArray());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            all.tryFailure(new IllegalStateException("closed after " + collected.size() + " bytes"));
        }
    }
}
