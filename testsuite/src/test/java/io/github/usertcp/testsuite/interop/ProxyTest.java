package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.examples.TransparentProxy;
import io.github.usertcp.examples.Tun2Socks;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
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
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example proxies, between clients in a namespace and servers of Netty's on the kernel's TCP outside. */
@Timeout(60)
class ProxyTest {
    private static final int SIZE = 5_000_000;
    /** Connects and has a byte come back, so that the whole way is there. */
    private static final String ASK = """
        import socket, struct
        s = socket.create_connection(('10.1.2.3', 99), 10)
        s.send(b'a')
        s.recv(1)
        """;

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
            Tun2Socks.serve(host.stack, host.group, serveBehindSocks(host, asked, WebService::new));
            getAndPut(kernel, "http://10.1.2.3:8080/");
            assertEquals("10.1.2.3:8080", asked.poll());
        }
    }

    /** By a FIN what has been cut off would look complete. */
    @Test
    void aResetIsPassedOnAsOne() throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = openForAll(kernel)) {
            Tun2Socks.serve(host.stack, host.group, serveBehindSocks(host, new LinkedBlockingQueue<>(), ResetInAnswer::new));
            assertEquals("reset", kernel.python(ASK + """
                s.send(b'x')
                try: print('end', s.recv(4))
                except ConnectionResetError: print('reset')
                """).strip());
        }
    }

    @Test
    void aResetIsPassedOnTheOtherWay() throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = openForAll(kernel)) {
            EchoService echo = new EchoService();
            Tun2Socks.serve(host.stack, host.group, serveBehindSocks(host, new LinkedBlockingQueue<>(), () -> echo));
            kernel.python(ASK + "s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()");
            String event = echo.events.poll(10, TimeUnit.SECONDS);
            assertTrue(event.contains("Connection reset"), event);
        }
    }

    @Test
    void whoDialsWhileThereIsNoProxyIsReset() throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = openForAll(kernel)) {
            Tun2Socks.serve(host.stack, host.group, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
            assertEquals("reset", kernel.python("""
                import socket
                try: print('end', socket.create_connection(('10.1.2.3', 99), 10).recv(4))
                except ConnectionResetError: print('reset')
                """).strip());
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

    private static InetSocketAddress serveBehindSocks(TunHost host, BlockingQueue<String> asked, Supplier<ChannelHandler> service)
        throws InterruptedException {
        return serveOutside(host, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(Socks5ServerEncoder.DEFAULT, new Socks5InitialRequestDecoder(),
                    new ObligingProxy(asked, service.get()));
            }
        });
    }

    private static InetSocketAddress serveOutside(TunHost host, ChannelHandler handler) throws InterruptedException {
        return (InetSocketAddress) new ServerBootstrap().group(host.group).channel(EpollServerSocketChannel.class).childHandler(handler)
            .bind(InetAddress.getLoopbackAddress(), 0).sync().channel().localAddress();
    }

    /** Echoes the first byte, and at the second ends in a way that is no end. */
    private static final class ResetInAnswer extends ChannelInboundHandlerAdapter {
        private boolean asked;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!asked) {
                asked = true;
                ctx.writeAndFlush(message);
            } else {
                ReferenceCountUtil.release(message);
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                ctx.close();
            }
        }
    }

    /** A SOCKS5 proxy that lets everybody in, and is the server asked for itself. */
    private static final class ObligingProxy extends SimpleChannelInboundHandler<Object> {
        private final BlockingQueue<String> asked;
        private final ChannelHandler service;

        ObligingProxy(BlockingQueue<String> asked, ChannelHandler service) {
            this.asked = asked;
            this.service = service;
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
                ctx.pipeline().addLast(service);
                ctx.pipeline().remove(this);
            }
        }
    }
}
