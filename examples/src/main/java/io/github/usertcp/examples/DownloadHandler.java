package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.tcp.TcpInfo;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;

/** Asks for content once connected, computes its digest as it arrives, and closes when it is complete. */
final class DownloadHandler extends SimpleChannelInboundHandler<HttpObject> {
    private final String host;
    private final long size;
    private final Promise<Downloaded> downloaded;
    private final MessageDigest sha256 = Content.sha256();
    private long bytes;
    private long start;

    DownloadHandler(String host, long size, Promise<Downloaded> downloaded) {
        this.host = host;
        this.size = size;
        this.downloaded = downloaded;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/" + size);
        request.headers().set("host", host).set("te", "trailers");
        ctx.writeAndFlush(request);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) throws IOException {
        if (msg instanceof HttpResponse response) {
            start = System.nanoTime();
            if (!response.status().equals(HttpResponseStatus.OK)) {
                throw new IOException("the server answers " + response.status());
            }
        }
        if (msg instanceof HttpContent content) {
            bytes += content.content().readableBytes();
            sha256.update(content.content().nioBuffer());
        }
        if (msg instanceof LastHttpContent last) {
            complete(ctx, last.trailingHeaders().get(Content.DIGEST_TRAILER, ""), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void complete(ChannelHandlerContext ctx, String announced, Duration time) {
        ((UserTcpSocketChannel) ctx.channel()).tcpInfo().addListener((Future<TcpInfo> info) -> {
            downloaded.trySuccess(new Downloaded(bytes, Content.reprDigest(sha256), announced, time, info.getNow()));
            ctx.close();
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        downloaded.tryFailure(new IOException("the connection ended after " + bytes + " bytes"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        downloaded.tryFailure(cause);
        ctx.close();
    }
}
