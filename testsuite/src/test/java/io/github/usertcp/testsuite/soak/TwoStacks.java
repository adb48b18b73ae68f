package io.github.usertcp.testsuite.soak;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A client's and a server's stack on UDP loopback, each on an event loop of its own, where a test can look into their tables. */
final class TwoStacks implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    final EventLoopGroup serverGroup;
    final EventLoopGroup clientGroup;
    final TcpStack server;
    final TcpStack client;
    final Channel listener;

    TwoStacks(TcpConfig config, ChannelHandler accepted) throws Exception {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        serverGroup = new MultiThreadIoEventLoopGroup(1, io);
        clientGroup = new MultiThreadIoEventLoopGroup(1, io);
        server = open(config, serverGroup.next());
        client = open(config, clientGroup.next());
        listener = new ServerBootstrap().group(serverGroup).channelFactory(UserTcpChannels.servers(server)).childHandler(accepted)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .bind(LOOPBACK, server.link().udpPort()).sync().channel();
    }

    private static TcpStack open(TcpConfig config, EventLoop loop) throws Exception {
        return TcpStack.builder().config(config).link(UdpLink.bind(new InetSocketAddress(LOOPBACK, 0))).open(loop).get(10, TimeUnit.SECONDS);
    }

    /** Connects to the listener. */
    Bootstrap bootstrap(ChannelHandler handler) {
        return new Bootstrap().group(clientGroup).channelFactory(UserTcpChannels.clients(client)).handler(handler)
            .remoteAddress(listener.localAddress());
    }

    /** Connections whose handshake the server, too, has seen complete. */
    int acceptedConnections() throws Exception {
        return server.eventLoop().submit(server::connectionCount).get(10, TimeUnit.SECONDS);
    }

    /** True if neither stack holds anything of any connection. */
    boolean isEmpty() throws Exception {
        return server.eventLoop().submit(() -> isEmpty(server)).get(10, TimeUnit.SECONDS)
            && client.eventLoop().submit(() -> isEmpty(client)).get(10, TimeUnit.SECONDS);
    }

    private static boolean isEmpty(TcpStack stack) {
        return stack.connectionCount() == 0 && stack.timeWaitCount() == 0;
    }

    @Override
    public void close() {
        clientGroup.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS);
        serverGroup.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS);
    }
}
