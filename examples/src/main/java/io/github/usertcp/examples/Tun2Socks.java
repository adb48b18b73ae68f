package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpChannelOption;
import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/**
 * Has all TCP connections that the kernel routes into a TUN device go through a SOCKS5 proxy, which the programs
 * that make them know nothing of. Have {@code ip route} send networks into device utcp0, but not the proxy's.
 */
public final class Tun2Socks {
    private Tun2Socks() {
    }

    public static void main(String[] args) {
        Arguments.run("Tun2Socks [--client HOST:PORT], of the proxy", args, Tun2Socks::run);
    }

    static void run(Arguments arguments) throws Exception {
        InetSocketAddress asked = arguments.client("localhost:1080");
        InetSocketAddress proxy = new InetSocketAddress(asked.getHostString(), asked.getPort());
        try (EventLoops loops = new EventLoops()) {
            TunLinkProvider link = TunLink.device("utcp0").hostAddress("10.9.0.1/24").address("10.9.0.2/24").acceptAny(true);
            TcpStack stack = TcpStack.builder().link(link).open(loops.group().next()).get();
            serve(stack, loops.group(), proxy);
            System.out.println("passing on what comes to any port of any host on " + stack + " through " + proxy);
            stack.closeFuture().sync();
        }
    }

    public static void serve(TcpStack stack, EventLoopGroup group, InetSocketAddress proxy) {
        new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack))
            .option(UserTcpChannelOption.ALL_PORTS, true)
            .childOption(ChannelOption.AUTO_READ, false).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel accepted) {
                    connect(accepted, proxy);
                }
            }).bind(new InetSocketAddress(0)).syncUninterruptibly();
    }

    private static void connect(Channel accepted, InetSocketAddress proxy) {
        Socks5ProxyHandler socks = new Socks5ProxyHandler(proxy);
        socks.connectFuture().addListener((Future<Channel> connected) -> Relay.join(accepted, connected, connected.getNow()));
        new Bootstrap().group(accepted.eventLoop()).channel(EpollSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false).option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .resolver(NoopAddressResolverGroup.INSTANCE).handler(socks)
            .connect(accepted.localAddress()).addListener((ChannelFuture reached) -> {
                if (!reached.isSuccess()) { // the proxy itself, which its handler does not tell
                    Relay.join(accepted, reached, null);
                }
            });
    }
}
