package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;

/** Sends back whatever it receives. */
public final class EchoServer {
    private EchoServer() {
    }

    public static void main(String[] args) {
        Arguments.run("EchoServer [--port PORT]", args, EchoServer::run);
    }

    private static void run(Arguments arguments) throws Exception {
        try (EventLoops loops = new EventLoops()) {
            Channel server = start(loops.group(), arguments.port(8007));
            System.out.println("echoing on " + server.localAddress());
            server.closeFuture().sync();
        }
    }

    static Channel start(EventLoopGroup group, int port) throws InterruptedException {
        return new ServerBootstrap()
            .group(group)
            .channel(UserTcpServerSocketChannel.class)
            .childHandler(new EchoHandler())
            .bind(port)
            .sync()
            .channel();
    }

    @Sharable
    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            // Reads no faster than the peer does: else what it does not take would pile up here.
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
            ctx.fireChannelWritabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel().remoteAddress() + ": " + cause.getMessage());
            ctx.close();
        }
    }
}
