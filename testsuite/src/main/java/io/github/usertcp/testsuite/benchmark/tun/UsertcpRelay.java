package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.examples.Relay;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
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
            InetSocketAddress relay = stack.serve(false, new Outward(server));
            KernelClient.measure(client, relay, work, duration, results);
        }
    }

    private static final class Outward extends ChannelInitializer<Channel> {
        private final InetSocketAddress server;

        Outward(InetSocketAddress server) {
            this.server = server;
        }

        @Override
        protected void initChannel(Channel accepted) {
            new Bootstrap().group(accepted.eventLoop()).channel(EpollSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false).option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server).addListener((ChannelFuture connected) -> Relay.join(accepted, connected, connected.channel()));
        }
    }
}
