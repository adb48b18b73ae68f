package io.github.usertcp.testsuite.interop;

import io.github.usertcp.channel.UserTcpChannelOption;
import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** A host with our TCP: a stack on a TUN device whose other end is in a {@link KernelHost}. */
final class TunHost implements AutoCloseable {
    static final String V4 = "10.9.0.2";
    static final String V6 = "fd09::2";

    private static final AtomicInteger COUNT = new AtomicInteger();

    final MultiThreadIoEventLoopGroup group;
    final TcpStack stack;
    private final String device = "utcp" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + COUNT.incrementAndGet();

    static String address(boolean v4) {
        return v4 ? V4 : V6;
    }

    /** Where a web server of ours is. */
    static String url(boolean v4) {
        return v4 ? "http://" + V4 + "/" : "http://[" + V6 + "]/";
    }

    private TunHost(KernelHost kernel, Loops loops, int mtu, TcpConfig config, Function<TunLinkProvider, LinkProvider> settings)
        throws Exception {
        group = loops.newGroup();
        TunLinkProvider provider = TunLink.device(device).address(V4 + "/24").configure(false).mtu(mtu);
        if (mtu >= 1280) {
            provider = provider.address(V6 + "/64");
        }
        stack = TcpStack.builder().link(settings.apply(provider)).config(config).open(group.next()).get();
        kernel.take(device, mtu);
    }

    static TunHost open(KernelHost kernel, boolean offload) throws Exception {
        return open(kernel, Loops.EPOLL, offload);
    }

    static TunHost open(KernelHost kernel, Loops loops, boolean offload) throws Exception {
        return new TunHost(kernel, loops, 1500, TcpConfig.defaults(), provider -> provider.offload(offload));
    }

    static TunHost open(KernelHost kernel, int mtu, Function<TunLinkProvider, LinkProvider> settings) throws Exception {
        return new TunHost(kernel, Loops.EPOLL, mtu, TcpConfig.defaults(), settings);
    }

    static TunHost open(KernelHost kernel, TcpConfig config) throws Exception {
        return new TunHost(kernel, Loops.EPOLL, 1500, config, provider -> provider);
    }

    String device() {
        return device;
    }

    /** Listens on all addresses. */
    Channel serve(int port, Supplier<ChannelHandler> handler) throws InterruptedException {
        return new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack))
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(handler.get());
                }
            })
            .bind(new InetSocketAddress(port)).sync().channel();
    }

    /** Listens on all addresses and ports. */
    void serveAllPorts(ChannelHandler handler) throws InterruptedException {
        new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack)).option(UserTcpChannelOption.ALL_PORTS, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childHandler(handler).bind(new InetSocketAddress(0)).sync();
    }

    Bootstrap client(ChannelHandler handler) {
        return new Bootstrap().group(group).channelFactory(UserTcpChannels.clients(stack)).handler(handler);
    }

    @Override
    public void close() {
        stack.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
