package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.Promise;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients on our TCP against programs on the kernel's. */
@Timeout(120)
class KernelServerTest {
    private static final int SIZE = 100_000_000;

    @EveryPath
    void nginxServesUs(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("nginx"); TunHost host = TunHost.open(kernel, offload)) {
            try (InputStream content = Pattern.stream(SIZE)) {
                Files.copy(content, kernel.file("content"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(kernel.file("nginx.conf"), """
                daemon off; worker_processes 1; pid nginx.pid; user root; error_log stderr;
                events { }
                http { access_log off; sendfile on;
                  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
                  server { listen 80; listen [::]:80; root .; } }
                """);
            kernel.start("nginx -p " + kernel.file("") + "/ -c " + kernel.file("nginx.conf"));
            kernel.awaitListener(80);
            assertEquals(Pattern.digest(SIZE), download(host, KernelHost.address(v4)).get(60, TimeUnit.SECONDS));
        }
    }

    @EveryPathAndLoop
    void whatWeSendBeforeAHalfCloseArrives(Loops loops, boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("nc", "sha256sum"); TunHost host = TunHost.open(kernel, loops, offload)) {
            Process server = kernel.start("nc -l " + KernelHost.address(v4) + " 9000 | sha256sum > digest");
            kernel.awaitListener(9000);
            Channel channel = host.client(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    opened.pipeline().addLast(new ChunkedWriteHandler());
                }
            }).connect(new InetSocketAddress(KernelHost.address(v4), 9000)).sync().channel();
            channel.writeAndFlush(new ChunkedStream(Pattern.stream(SIZE), 64 * 1024)).sync();
            ((SocketChannel) channel).shutdownOutput().sync();
            assertTrue(server.waitFor(30, TimeUnit.SECONDS));
            assertEquals(Pattern.digest(SIZE), Files.readString(kernel.file("digest")).substring(0, 64));
            channel.closeFuture().sync();
        }
    }

    @EveryPath
    void aPortNobodyListensOnRefuses(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create(); TunHost host = TunHost.open(kernel, offload)) {
            Throwable refused = host.client(new EchoService()).connect(new InetSocketAddress(KernelHost.address(v4), 81)).await().cause();
            assertInstanceOf(ConnectException.class, refused);
        }
    }

    @EveryPath
    void aServerThatResetsIsAnException(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            kernel.startPython("""
                import socket, struct
                address = '%s'
                listener = socket.create_server((address, 9000), family=socket.AF_INET6 if ':' in address else socket.AF_INET)
                s = listener.accept()[0]
                s.recv(1)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                s.close()
                """.formatted(KernelHost.address(v4)));
            kernel.awaitListener(9000);
            EchoService events = new EchoService();
            Channel channel = host.client(events).connect(new InetSocketAddress(KernelHost.address(v4), 9000)).sync().channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
            events.events.poll(5, TimeUnit.SECONDS);
            assertTrue(events.events.poll(5, TimeUnit.SECONDS).contains("reset"));
            assertEquals("closed", events.events.poll(5, TimeUnit.SECONDS));
        }
    }

    @EveryPath
    void aResetOfOursIsAnErrorInTheKernel(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            Process server = kernel.startPython("""
                import socket, sys
                address = '%s'
                listener = socket.create_server((address, 9000), family=socket.AF_INET6 if ':' in address else socket.AF_INET)
                s = listener.accept()[0]
                try:
                    while s.recv(1):
                        pass
                except ConnectionResetError:
                    sys.exit(7)
                """.formatted(KernelHost.address(v4)));
            kernel.awaitListener(9000);
            Channel channel = host.client(new EchoService()).option(ChannelOption.SO_LINGER, 0)
                .connect(new InetSocketAddress(KernelHost.address(v4), 9000)).sync().channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
            channel.close().sync();
            assertTrue(server.waitFor(10, TimeUnit.SECONDS));
            assertEquals(7, server.exitValue());
        }
    }

    /** The kernel as a router that has no way to the host says so by ICMP. */
    @Test
    void aRouterThatKnowsNoWayEndsTheConnect() throws Exception {
        try (KernelHost kernel = KernelHost.create().sysctl("net.ipv4.ip_forward", 1); TunHost host = TunHost.open(kernel, true)) {
            Throwable cause = host.client(new EchoService()).connect(new InetSocketAddress("10.99.0.1", 80)).await().cause();
            assertInstanceOf(SocketException.class, cause);
            assertTrue(cause.getMessage().contains("unreachable"), cause::toString);
        }
    }

    private static Promise<String> download(TunHost host, String address) throws InterruptedException {
        Promise<String> digest = host.group.next().newPromise();
        Channel channel = host.client(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                opened.pipeline().addLast(new HttpClientCodec(), new Download(digest));
            }
        }).connect(new InetSocketAddress(address, 80)).sync().channel();
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/content", Unpooled.EMPTY_BUFFER);
        request.headers().set("host", "kernel");
        channel.writeAndFlush(request);
        return digest;
    }

    private static final class Download extends SimpleChannelInboundHandler<HttpObject> {
        private final MessageDigest sha256 = Pattern.sha256();
        private final Promise<String> digest;

        Download(Promise<String> digest) {
            this.digest = digest;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
            if (message instanceof HttpContent content) {
                ByteBuf bytes = content.content();
                sha256.update(bytes.nioBuffer());
            }
            if (message instanceof LastHttpContent) {
                digest.setSuccess(Pattern.hex(sha256.digest()));
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            digest.tryFailure(cause);
        }
    }
}
