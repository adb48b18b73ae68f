package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.examples.Outward;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/**
 * A kernel client that our TCP accepts behind a TUN device with offload and whose bytes are passed on, on the same event loop, to a kernel
 * server on the loopback interface: what {@link UserModeNetwork} does.
 */
final class UsertcpRelay implements Contender {
    private final int mtu;

    UsertcpRelay(int mtu) {
        this.mtu = mtu;
    }

    static String name(int mtu) {
        return "usertcp relay, MTU " + mtu;
    }

    @Override
    public String name() {
        return name(mtu);
    }

    @Override
    public boolean needsWarmUp() {
        return true;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.of(Work.DOWNLOAD, Work.UPLOAD);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        try (Programs host = new Programs(); NetworkNamespace client = new NetworkNamespace();
             OwnStack stack = new OwnStack(client, mtu, true)) {
            InetSocketAddress server = KernelServer.start(host, UserModeNetwork.LOOPBACK);
            InetSocketAddress relay = stack.serve(false, new Outward(dialled -> connect(stack.loop(), server)));
            KernelClient.measure(client, relay, work, duration, results);
        }
    }

    private static Promise<Channel> connect(EventLoop loop, InetSocketAddress server) {
        Promise<Channel> connected = loop.newPromise();
        new Bootstrap().group(loop).channel(EpollSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false).option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(server).addListener((ChannelFuture done) -> {
                if (done.isSuccess()) {
                    connected.setSuccess(done.channel());
                } else {
                    connected.setFailure(done.cause());
                }
            });
        return connected;
    }
}
