package io.github.usertcp.testsuite.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;

/** A client of {@link #SERVER}: asks for content, or sends some, until one end has closed its direction. */
final class Transfer extends ChannelInitializer<Channel> {
    /** Answers {@code GET} with the file {@code content}, {@code PUT} with the SHA-256 of all that follows. A Python program for port 9000. */
    static final String SERVER = """
        import socket, threading, hashlib
        def serve(s):
            f = s.makefile('rwb')
            if f.readline() == b'GET\\n':
                f.write(open('content', 'rb').read())
            else:
                f.write(hashlib.sha256(f.read()).hexdigest().encode())
            f.close()
            s.close()
        listener = socket.create_server(('::', 9000), family=socket.AF_INET6, dualstack_ipv6=True)
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],)).start()
        """;

    /** Of what was received or, by the server's account, sent. */
    final CompletableFuture<String> digest = new CompletableFuture<>();
    private final long upload;

    private Transfer(long upload) {
        this.upload = upload;
    }

    static Transfer download() {
        return new Transfer(0);
    }

    static Transfer upload(long size) {
        return new Transfer(size);
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new ChunkedWriteHandler(), upload > 0 ? new Upload() : new Download());
    }

    private final class Download extends SimpleChannelInboundHandler<ByteBuf> {
        private final MessageDigest sha256 = Pattern.sha256();

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.copiedBuffer("GET\n", StandardCharsets.US_ASCII));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            sha256.update(bytes.nioBuffer());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                digest.complete(Pattern.hex(sha256.digest()));
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            digest.completeExceptionally(cause);
        }
    }

    private final class Upload extends SimpleChannelInboundHandler<ByteBuf> {
        private final StringBuilder answer = new StringBuilder();

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.write(Unpooled.copiedBuffer("PUT\n", StandardCharsets.US_ASCII));
            ctx.pipeline().writeAndFlush(new ChunkedStream(Pattern.stream(upload), 64 * 1024))
                .addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            answer.append(new String(ByteBufUtil.getBytes(bytes), StandardCharsets.US_ASCII));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                digest.complete(answer.toString());
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            digest.completeExceptionally(cause);
        }
    }
}
