package io.github.usertcp.testsuite.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** {@code GET /n} answers with {@link Pattern n bytes}, PUT with the SHA-256 of what was put. */
final class WebService extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpServerExpectContinueHandler(), new ChunkedWriteHandler(), new Answer());
    }

    private static final class Answer extends SimpleChannelInboundHandler<HttpObject> {
        private HttpRequest request;
        private final MessageDigest digest = Pattern.sha256();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
            if (message instanceof HttpRequest head) {
                request = head;
            }
            if (message instanceof HttpContent content) {
                digest.update(content.content().nioBuffer());
            }
            if (message instanceof LastHttpContent) {
                if (request.method().equals(HttpMethod.GET)) {
                    get(ctx, Long.parseLong(request.uri().substring(1)));
                } else {
                    put(ctx);
                }
            }
        }

        private static void get(ChannelHandlerContext ctx, long size) {
            DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, size);
            ctx.write(head);
            ctx.write(new ChunkedStream(Pattern.stream(size), 64 * 1024));
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }

        private void put(ChannelHandlerContext ctx) {
            ByteBuf body = Unpooled.copiedBuffer(Pattern.hex(digest.digest()) + "\n", StandardCharsets.US_ASCII);
            DefaultFullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            ctx.writeAndFlush(answer);
        }
    }
}
