package io.github.usertcp.testsuite.application;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

/** A server that answers each request with its own body, and a client of it, in pipelines as an application writes them. */
enum Web {
    HTTP_1_1 {
        @Override
        void server(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY_BYTES), new EchoBody());
        }

        @Override
        void client(Channel channel) {
            channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_BODY_BYTES));
        }

        @Override
        Future<ByteBuf> post(Channel channel, ByteBuf body) {
            return exchange(channel, body);
        }
    },
    HTTP_2 {
        @Override
        void server(Channel channel) {
            channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true), new HttpObjectAggregator(MAX_BODY_BYTES),
                        new EchoBody());
                }
            }));
        }

        @Override
        void client(Channel channel) {
            channel.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(), new Http2MultiplexHandler(new RefuseBody()));
        }

        @Override
        Future<ByteBuf> post(Channel channel, ByteBuf body) throws Exception {
            Channel stream = new Http2StreamChannelBootstrap(channel).handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    opened.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false), new HttpObjectAggregator(MAX_BODY_BYTES));
                }
            }).open().sync().getNow();
            return exchange(stream, body);
        }
    };

    static final int MAX_BODY_BYTES = 16 << 20;

    abstract void server(Channel channel);

    abstract void client(Channel channel);

    /** Sends the body, whose reference passes on; the answer's body belongs to the caller. */
    abstract Future<ByteBuf> post(Channel channel, ByteBuf body) throws Exception;

    private static Future<ByteBuf> exchange(Channel channel, ByteBuf body) {
        Promise<ByteBuf> answer = channel.eventLoop().newPromise();
        channel.pipeline().addLast(new TakeBody(answer));
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", body);
        request.headers().set(HttpHeaderNames.HOST, "localhost").set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        channel.writeAndFlush(request).addListener(sent -> {
            if (!sent.isSuccess()) {
                answer.tryFailure(sent.cause());
            }
        });
        return answer;
    }

    private static final class EchoBody extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, request.content().retain());
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
            ctx.writeAndFlush(response);
        }
    }

    /** Serves one exchange and leaves. */
    private static final class TakeBody extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final Promise<ByteBuf> answer;

        private TakeBody(Promise<ByteBuf> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            ctx.pipeline().remove(this);
            answer.setSuccess(response.content().retain());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.tryFailure(new IllegalStateException("closed before the answer"));
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.tryFailure(cause);
            ctx.close();
        }
    }

    /** A server opens no streams here. */
    @Sharable
    private static final class RefuseBody extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object message) {
            ctx.close();
        }
    }
}
