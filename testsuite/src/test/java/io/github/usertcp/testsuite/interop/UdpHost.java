package io.github.usertcp.testsuite.interop;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A stack over UDP on a host: the thread of its event loop has moved to the host's
 * namespace, and every socket it opens is that host's, although everything is one process.
 */
final class UdpHost implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final MultiThreadIoEventLoopGroup group;
    private final TcpStack stack;

    private UdpHost(MultiThreadIoEventLoopGroup group, TcpStack stack) {
        this.group = group;
        this.stack = stack;
    }

    static UdpHost open(KernelHost host, IoHandlerFactory transport, InetSocketAddress address, TcpConfig config) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport);
        EventLoop loop = group.next();
        return new UdpHost(group, loop.submit(() -> {
            enter(host);
            return TcpStack.builder().link(UdpLink.bind(address)).config(config).open(loop); // here, for a socket of this thread
        }).get().get());
    }

    private static void enter(KernelHost host) {
        NativeLibrary c = NativeLibrary.getInstance("c");
        int fd = c.getFunction("open", Function.THROW_LAST_ERROR).invokeInt(new Object[] {host.namespacePath(), 0});
        try {
            c.getFunction("setns", Function.THROW_LAST_ERROR).invokeInt(new Object[] {fd, CLONE_NEWNET});
        } finally {
            c.getFunction("close").invokeInt(new Object[] {fd});
        }
    }

    /** Listens on the UDP port's number. */
    void serve(ChannelHandler handler) throws InterruptedException {
        new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack)).childHandler(handler)
            .bind(((UdpLink) stack.link()).localSocketAddress()).sync();
    }

    Channel connect(InetSocketAddress server, ChannelHandler handler) throws InterruptedException {
        return new Bootstrap().group(group).channelFactory(UserTcpChannels.clients(stack)).handler(handler).connect(server).sync().channel();
    }

    @Override
    public void close() {
        stack.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
