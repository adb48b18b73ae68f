package io.github.usertcp.testsuite.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An event loop that shuts down says farewell for every connection on it. */
class LoopShutdownTest {
    private static final int CONNECTIONS = 1_000;

    @Test
    void tellsEveryPeerAndClosesEveryChannel() throws Exception {
        try (TwoStacks stacks = new TwoStacks(TcpConfig.defaults(), new Silent())) {
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                connects.add(stacks.bootstrap(new Silent()).connect());
            }
            CountDownLatch closed = new CountDownLatch(CONNECTIONS);
            for (ChannelFuture connect : connects) {
                connect.get(30, TimeUnit.SECONDS);
                connect.channel().closeFuture().addListener(future -> closed.countDown());
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (stacks.acceptedConnections() < CONNECTIONS) { // what is half-open on the server's side is dropped silently, as in a kernel
                assertTrue(System.nanoTime() < deadline, "not all connections reached the server");
            }

            stacks.serverGroup.shutdownGracefully(0, 10, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);

            // Nobody sends anything any more: only the farewell can have told the clients.
            assertTrue(closed.await(20, TimeUnit.SECONDS), () -> closed.getCount() + " clients were not told");
            assertEquals(0, connects.stream().map(ChannelFuture::channel).filter(Channel::isActive).count());
        }
    }
}
