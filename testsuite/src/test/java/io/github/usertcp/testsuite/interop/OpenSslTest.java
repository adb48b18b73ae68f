package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** OpenSSL's programs on the kernel's TCP, TLS of Netty's on ours. */
@Timeout(60)
class OpenSslTest {
    private static final String MAKE_CERTIFICATE = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=test -days 2"
        + " 2> log-req";

    @EveryPath
    void sClientTalksToOurServer(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("openssl"); TunHost host = TunHost.open(kernel, offload)) {
            kernel.run(MAKE_CERTIFICATE);
            SslContext tls = SslContextBuilder.forServer(kernel.file("cert.pem").toFile(), kernel.file("key.pem").toFile()).build();
            host.serve(443, () -> new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()), new EchoOnce());
                }
            });
            assertEquals("a secret\n", kernel.run("printf 'a secret\\n' | openssl s_client -quiet -connect "
                + (v4 ? TunHost.V4 : "[" + TunHost.V6 + "]") + ":443 2> log"));
        }
    }

    /** In its mode -rev the server sends each line back to front. */
    @EveryPath
    void weTalkToSServer(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("openssl"); TunHost host = TunHost.open(kernel, offload)) {
            kernel.run(MAKE_CERTIFICATE);
            kernel.start("openssl s_server -rev -quiet -accept 443 -cert cert.pem -key key.pem");
            kernel.awaitListener(443);
            SslContext tls = SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            Channel channel = host.client(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    opened.pipeline().addLast(tls.newHandler(opened.alloc()), new LineBasedFrameDecoder(100), new Lines(lines));
                }
            }).connect(new InetSocketAddress(KernelHost.address(v4), 443)).sync().channel();
            channel.writeAndFlush(Unpooled.copiedBuffer("a secret\n", StandardCharsets.US_ASCII)).sync();
            assertEquals("terces a", lines.poll(10, TimeUnit.SECONDS));
            channel.close().sync();
        }
    }

    private static final class EchoOnce extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            ctx.writeAndFlush(bytes.retain()).addListener(sent -> ctx.close());
        }
    }

    private static final class Lines extends SimpleChannelInboundHandler<ByteBuf> {
        private final BlockingQueue<String> lines;

        Lines(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            lines.add(line.toString(StandardCharsets.US_ASCII));
        }
    }
}
