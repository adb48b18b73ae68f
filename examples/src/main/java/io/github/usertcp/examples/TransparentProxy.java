package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/**
 * Takes the HTTP requests that the kernel routes into a TUN device, whatever server they are for, prints them, and passes them on. Have
 * {@code ip route} send networks into device utcp0, but not for this program's own connections (a routing table for another user, say).
 */
public final class TransparentProxy {
    private TransparentProxy() {
    }

    public static void main(String[] args) {
        Arguments.run("TransparentProxy [--port PORT]", args, TransparentProxy::run);
    }

    static void run(Arguments arguments) throws Exception {
        try (EventLoops loops = new EventLoops()) {
            TunLinkProvider link = TunLink.device("utcp0").hostAddress("10.9.0.1/24").address("10.9.0.2/24").acceptAny(true);
            TcpStack stack = TcpStack.builder().link(link).open(loops.group().next()).get();
            serve(stack, loops.group(), arguments.port(80), UnaryOperator.identity());
            System.out.println("passing on what comes to port " + arguments.port(80) + " of any host on " + stack);
            stack.closeFuture().sync();
        }
    }

    /** {@code towards} says where the server is that was dialled. */
    public static void serve(TcpStack stack, EventLoopGroup group, int port, UnaryOperator<InetSocketAddress> towards) {
        new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack))
            .childOption(ChannelOption.AUTO_READ, false).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(new HttpServerCodec(), new RequestLog());
                    connect(accepted, towards.apply((InetSocketAddress) accepted.localAddress()));
                }
            }).bind(new InetSocketAddress(port)).syncUninterruptibly();
    }

    private static void connect(Channel accepted, InetSocketAddress server) {
        new Bootstrap().group(accepted.eventLoop()).channel(EpollSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false).option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(new HttpClientCodec())
            .connect(server).addListener((ChannelFuture connected) -> Relay.join(accepted, connected, connected.channel()));
    }

    private static final class RequestLog extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest request) {
                System.out.println(request.method() + " http:/" + ctx.channel().localAddress() + request.uri());
            }
            ctx.fireChannelRead(message);
        }
    }
}
