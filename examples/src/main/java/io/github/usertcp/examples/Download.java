package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.handlers.SegmentTap;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Starts an {@link HttpServer} and downloads from it over user-space TCP; then tells how fast, whether unchanged, and what the connection
 * was like. The client's segments pass a tap, which is why it builds a stack of its own.
 */
public final class Download {
    private static final String USAGE = "Download [--plain] [--port PORT] [--size BYTES] [--server | --client HOST:PORT]";
    private static final long DEFAULT_SIZE = 256L << 20;

    private Download() {
    }

    public static void main(String[] args) {
        Arguments.run(USAGE, args, Download::run);
    }

    private static void run(Arguments arguments) throws Exception {
        boolean plain = arguments.has("--plain");
        long size = arguments.size(DEFAULT_SIZE);
        if (arguments.has("--server")) {
            HttpServer.run(arguments);
        } else if (arguments.has("--client")) {
            download(arguments.client(""), size, plain ? null : Tls.clientTrustingAnybody());
        } else {
            Tls tls = plain ? null : new Tls();
            try (EventLoops loops = new EventLoops()) {
                Channel server = HttpServer.start(loops.group(), arguments.port(8443), plain ? null : tls.server());
                int port = ((InetSocketAddress) server.localAddress()).getPort();
                download(InetSocketAddress.createUnresolved("localhost", port), size, plain ? null : tls.client());
            }
        }
    }

    private static void download(InetSocketAddress server, long size, SslContext tls) throws Exception {
        System.out.printf("downloading %,d bytes from %s:%d%n", size, server.getHostString(), server.getPort());
        SegmentLog log = new SegmentLog();
        Downloaded downloaded;
        try (EventLoops loops = new EventLoops()) {
            EventLoop loop = loops.group().next();
            TcpStack stack = TcpStack.builder().link(new SegmentTap(UdpLink.bind(new InetSocketAddress(0)), log)).open(loop).get();
            Promise<Downloaded> promise = loop.newPromise();
            new Bootstrap()
                .group(loop)
                .channelFactory(UserTcpChannels.clients(stack))
                .handler(HttpClient.pipeline(server, size, tls, promise))
                .connect(server)
                .sync();
            downloaded = promise.get();
            loop.execute(stack::closeWhenIdle); // when the farewell is over
            stack.closeFuture().sync();
        }
        report(downloaded, log);
        if (!downloaded.isIntact()) {
            throw new IOException("the content is not what the server sent");
        }
    }

    private static void report(Downloaded downloaded, SegmentLog log) {
        System.out.println(downloaded);
        System.out.println(downloaded.digest());
        System.out.println();
        System.out.println(downloaded.info().toString().replaceAll("((?:[^,]+, ){5}[^,]+), ", "$1,\n  "));
        System.out.println();
        log.lines().forEach(System.out::println);
    }
}
