package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.examples.TransparentProxy;
import io.github.usertcp.examples.Tun2Socks;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example proxies, between curl in a namespace and a web server of Netty's on the kernel's TCP outside. */
@Timeout(60)
class ProxyTest {
    private static final int SIZE = 5_000_000;

    @Test
    void theTransparentProxyPassesOnWhatIsMeantForAnybody() throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum"); TunHost host = openForAll(kernel)) {
            BlockingQueue<InetSocketAddress> dialled = new LinkedBlockingQueue<>();
            InetSocketAddress server = serveOutside(host, new WebService());
            TransparentProxy.serve(host.stack, host.group, 80, address -> {
                dialled.add(address);
                return server;
            });
            getAndPut(kernel, "http://10.1.2.3/");
            assertEquals(new InetSocketAddress("10.1.2.3", 80), dialled.poll());
        }
    }

    @Test
    void tun2socksAsksTheProxyForWhatWasDialled() throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum"); TunHost host = openForAll(kernel)) {
            BlockingQueue<String> asked = new LinkedBlockingQueue<>();
            Tun2Socks.serve(host.stack, host.group, serveOutside(host, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(Socks5ServerEncoder.DEFAULT, new Socks5InitialRequestDecoder(), new ObligingProxy(asked));
                }
            }));
            getAndPut(kernel, "http://10.1.2.3:8080/");
            assertEquals("10.1.2.3:8080", asked.poll());
        }
    }

    private static TunHost openForAll(KernelHost kernel) throws Exception {
        TunHost host = TunHost.open(kernel, 1500, provider -> provider.acceptAny(true));
        kernel.run("ip route add 10.1.0.0/16 dev " + host.device());
        return host;
    }

    private static void getAndPut(KernelHost kernel, String url) {
        kernel.run("curl -sSf -o got " + url + SIZE);
        String digest = Pattern.digest(SIZE);
        assertEquals(digest, kernel.run("sha256sum got").substring(0, 64), "GET");
        assertEquals(digest, kernel.run("curl -sSf -T got " + url).strip(), "PUT");
    }

    private static InetSocketAddress serveOutside(TunHost host, ChannelHandler handler) throws InterruptedException {
        return (InetSocketAddress) new ServerBootstrap().group(host.group).channel(EpollServerSocketChannel.class).childHandler(handler)
            .bind(InetAddress.getLoopbackAddress(), 0).sync().channel().localAddress();
    }

    /** A SOCKS5 proxy that lets everybody in, and is the web server asked for itself. */
    private static final class ObligingProxy extends SimpleChannelInboundHandler<Object> {
        private final BlockingQueue<String> asked;

        ObligingProxy(BlockingQueue<String> asked) {
            this.asked = asked;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Socks5InitialRequest) {
                ctx.pipeline().replace(Socks5InitialRequestDecoder.class, null, new Socks5CommandRequestDecoder());
                ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
            } else if (message instanceof Socks5CommandRequest request) {
                asked.add(request.dstAddr() + ":" + request.dstPort());
                ctx.writeAndFlush(new DefaultSocks5CommandResponse(Socks5CommandStatus.SUCCESS, request.dstAddrType()));
                ctx.pipeline().remove(Socks5CommandRequestDecoder.class);
                ctx.pipeline().remove(Socks5ServerEncoder.DEFAULT);
                ctx.pipeline().addLast(new WebService());
                ctx.pipeline().remove(this);
            }
        }
    }
}
