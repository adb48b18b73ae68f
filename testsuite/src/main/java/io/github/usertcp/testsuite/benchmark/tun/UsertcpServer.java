package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/** A kernel client and our server behind a TUN device. */
final class UsertcpServer implements Contender {
    static final String OFFLOAD = "usertcp, TUN with offload";
    static final String PLAIN = "usertcp, TUN without offload";

    private final boolean offload;

    UsertcpServer(boolean offload) {
        this.offload = offload;
    }

    @Override
    public String name() {
        return offload ? OFFLOAD : PLAIN;
    }

    @Override
    public boolean needsWarmUp() {
        return true;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.allOf(Work.class);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        try (NetworkNamespace client = new NetworkNamespace(); OwnStack stack = new OwnStack(client, Mtu.ETHERNET, offload)) {
            InetSocketAddress server = stack.serve(true, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Served());
                }
            });
            KernelClient.measure(client, server, work, duration, results);
        }
    }
}
