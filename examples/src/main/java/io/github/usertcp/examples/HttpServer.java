package io.github.usertcp.examples;

import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.stream.ChunkedWriteHandler;

/** Answers {@code GET /1000} with 1000 bytes and their digest, over HTTP/1.1 under TLS, or plain. */
public final class HttpServer {
    private HttpServer() {
    }

    public static void main(String[] args) {
        Arguments.run("HttpServer [--plain] [--port PORT]", args, HttpServer::run);
    }

    static void run(Arguments arguments) throws Exception {
        try (EventLoops loops = new EventLoops()) {
            SslContext tls = arguments.has("--plain") ? null : new Tls().server();
            Channel server = start(loops.group(), arguments.port(8443), tls);
            System.out.println("serving " + (tls == null ? "HTTP" : "HTTPS") + " on " + server.localAddress());
            server.closeFuture().sync();
        }
    }

    /** {@code tls} may be {@code null} for plain HTTP. */
    static Channel start(EventLoopGroup group, int port, SslContext tls) throws InterruptedException {
        return new ServerBootstrap()
            .group(group)
            .channel(UserTcpServerSocketChannel.class)
            .childHandler(pipeline(tls))
            .bind(port)
            .sync()
            .channel();
    }

    /** {@code tls} may be {@code null} for plain HTTP. */
    static ChannelInitializer<Channel> pipeline(SslContext tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) {
                if (tls != null) {
                    ch.pipeline().addLast(tls.newHandler(ch.alloc()));
                }
                ch.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(8192));
                ch.pipeline().addLast(new ChunkedWriteHandler(), new ContentHandler());
            }
        };
    }

    private static final class ContentHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            if (!request.uri().matches("/\\d{1,15}")) {
                DefaultFullHttpResponse notFound = new DefaultFullHttpResponse(HTTP_1_1, NOT_FOUND);
                HttpUtil.setContentLength(notFound, 0);
                ctx.writeAndFlush(notFound);
                return;
            }
            HttpResponse response = new DefaultHttpResponse(HTTP_1_1, OK);
            response.headers().set("content-type", "application/octet-stream").set("trailer", Content.DIGEST_TRAILER);
            HttpUtil.setTransferEncodingChunked(response, true);
            ctx.write(response);
            ctx.writeAndFlush(new Content(Long.parseLong(request.uri().substring(1))));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel().remoteAddress() + ": " + cause.getMessage());
            ctx.close();
        }
    }
}
