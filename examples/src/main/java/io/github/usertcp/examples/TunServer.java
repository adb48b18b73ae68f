package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/** The HTTP server as a host of its own, 10.9.0.2, for curl and browsers of this machine: behind a TUN device, which takes root. */
public final class TunServer {
    private TunServer() {
    }

    public static void main(String[] args) {
        Arguments.run("TunServer [--port PORT]", args, TunServer::run);
    }

    static void run(Arguments arguments) throws Exception {
        try (EventLoops loops = new EventLoops()) {
            TcpStack stack = open(loops.group().next());
            serve(stack, arguments.port(80));
            System.out.println("serving http://10.9.0.2/1000 on " + stack);
            stack.closeFuture().sync();
        }
    }

    static TcpStack open(EventLoop loop) throws Exception {
        TunLinkProvider link = TunLink.device("utcp0").address("10.9.0.2/24").hostAddress("10.9.0.1/24");
        return TcpStack.builder().link(link).open(loop).get();
    }

    static void serve(TcpStack stack, int port) throws InterruptedException {
        new ServerBootstrap()
            .group(stack.eventLoop())
            .channelFactory(UserTcpChannels.servers(stack))
            .childHandler(HttpServer.pipeline(null))
            .bind(new InetSocketAddress(port))
            .sync();
    }
}
