package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A stack of ours with one event loop, behind a TUN device whose other end is in a namespace. */
final class OwnStack implements AutoCloseable {
    /** The namespace's end. */
    static final String KERNEL = "10.90.0.1";

    private static final String OWN = "10.90.0.2";
    private static final int PORT = 5001;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final TcpStack stack;

    OwnStack(NetworkNamespace kernel, int mtu, boolean offload) throws IOException, InterruptedException {
        try {
            stack = TcpStack.builder().link(TunLink.device("utcp%d").address(OWN + "/24").mtu(mtu).offload(offload).configure(false))
                .open(group.next()).sync().getNow();
        } catch (Throwable e) {
            stopLoop();
            throw e;
        }
        try {
            kernel.take(((TunLink) stack.link()).deviceName(), KERNEL + "/24", mtu);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    EventLoop loop() {
        return group.next();
    }

    /** Listens, without reading anything before it is asked for if {@code autoRead} is false. Returns the address. */
    InetSocketAddress serve(boolean autoRead, ChannelHandler childHandler) throws InterruptedException {
        new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack))
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childOption(ChannelOption.AUTO_READ, autoRead)
            .childHandler(childHandler).bind(new InetSocketAddress(PORT)).sync();
        return new InetSocketAddress(OWN, PORT);
    }

    /** Ready to connect. */
    Bootstrap client(ChannelHandler handler) {
        return new Bootstrap().group(group).channelFactory(UserTcpChannels.clients(stack))
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(handler);
    }

    @Override
    public void close() {
        stack.close().syncUninterruptibly();
        stopLoop();
    }

    private void stopLoop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
