package io.github.usertcp.examples;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;

/** Downloads from an {@link HttpServer} and checks the digest. */
public final class HttpClient {
    private HttpClient() {
    }

    public static void main(String[] args) {
        Arguments.run("HttpClient [--plain] [--size BYTES] [--client HOST:PORT]", args, HttpClient::run);
    }

    private static void run(Arguments arguments) throws Exception {
        try (EventLoops loops = new EventLoops()) {
            SslContext tls = arguments.has("--plain") ? null : Tls.clientTrustingAnybody();
            System.out.println(get(loops.group(), arguments.client("localhost:8443"), arguments.size(1 << 20), tls).get());
        }
    }

    /** {@code tls} may be {@code null} for plain HTTP. */
    static Future<Downloaded> get(EventLoopGroup group, InetSocketAddress server, long size, SslContext tls) {
        Promise<Downloaded> downloaded = group.next().newPromise();
        new Bootstrap()
            .group(group)
            .channel(UserTcpSocketChannel.class)
            .handler(pipeline(server, size, tls, downloaded))
            .connect(server)
            .addListener(connected -> {
                if (!connected.isSuccess()) {
                    downloaded.tryFailure(connected.cause());
                }
            });
        return downloaded;
    }

    /** What a channel needs to ask for {@code size} bytes once it is connected, and to close when it has them. */
    static ChannelInitializer<Channel> pipeline(InetSocketAddress server, long size, SslContext tls, Promise<Downloaded> downloaded) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) {
                if (tls != null) {
                    SslHandler handler = tls.newHandler(ch.alloc(), server.getHostString(), server.getPort());
                    handler.setCloseNotifyReadTimeoutMillis(1000); // else the server's answer to it would meet a closed socket, and a RST
                    ch.pipeline().addLast(handler);
                }
                ch.pipeline().addLast(new HttpClientCodec(), new DownloadHandler(server.getHostString(), size, downloaded));
            }
        };
    }
}
