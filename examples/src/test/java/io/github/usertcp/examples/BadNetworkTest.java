package io.github.usertcp.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.handlers.ImpairedLink;
import io.github.usertcp.handlers.Impairment;
import io.github.usertcp.handlers.ImpairmentCounter;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.link.UdpLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test to copy from: an application over a network that loses one packet in a hundred. */
@Timeout(60)
class BadNetworkTest {
    private static final long SIZE = 1 << 20;

    @Test
    void downloadIsIntactAndLossesAreRepaired() throws Exception {
        try (EventLoops loops = new EventLoops()) {
            Channel server = HttpServer.start(loops.group(), 0, null);
            EventLoop loop = loops.group().next();
            UdpLinkProvider link = UdpLink.bind(new InetSocketAddress(0)).mtu(1500);
            Impairment bad = Impairment.none().delay(Duration.ofMillis(5)).jitter(Duration.ofMillis(1)).loss(0.01);
            ImpairedLink impaired = new ImpairedLink(link, bad, bad, 4711);
            TcpStack stack = TcpStack.builder().link(impaired).open(loop).get();
            InetSocketAddress address = new InetSocketAddress("localhost", ((InetSocketAddress) server.localAddress()).getPort());
            Promise<Downloaded> promise = loop.newPromise();
            new Bootstrap()
                .group(loop)
                .channelFactory(UserTcpChannels.clients(stack))
                .handler(HttpClient.pipeline(address, SIZE, null, promise))
                .connect(address)
                .sync();
            Downloaded downloaded = promise.get();
            assertEquals(SIZE, downloaded.bytes());
            assertTrue(downloaded.isIntact(), downloaded::toString);
            assertTrue(impaired.inbound().get(ImpairmentCounter.LOST) > 0, impaired.inbound()::toString);
            assertTrue(downloaded.info().rcvOooPack() > 0, downloaded.info()::toString);
        }
    }
}
