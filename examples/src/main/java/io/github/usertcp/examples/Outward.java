package io.github.usertcp.examples;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** Connects what a TUN device has accepted for some other host to that host, or to a proxy that does, once that can be had. */
public final class Outward extends ChannelInitializer<Channel> {
    /** Opens a channel of the kernel's to an address. */
    @FunctionalInterface
    public interface Connector {
        Future<Channel> connect(InetSocketAddress address);
    }

    private final Connector connector;

    /** One for all channels of a server whose {@code AUTO_READ} is off. */
    public Outward(Connector connector) {
        this.connector = connector;
    }

    /** What is accepted has AUTO_READ off: nothing is read before there is somebody to pass it on to. */
    @Override
    protected void initChannel(Channel accepted) {
        connector.connect((InetSocketAddress) accepted.localAddress()).addListener((Future<Channel> connected) -> {
            if (!connected.isSuccess()) {
                System.err.println(accepted.localAddress() + ": " + connected.cause().getMessage());
                accepted.config().setOption(ChannelOption.SO_LINGER, 0); // whoever dialled sees it fail
                accepted.close();
                return;
            }
            Channel outside = connected.getNow();
            outside.pipeline().addLast(new Relay(accepted));
            accepted.pipeline().addLast(new Relay(outside));
            outside.config().setAutoRead(true);
            accepted.config().setAutoRead(true);
            accepted.read();
        });
    }
}
