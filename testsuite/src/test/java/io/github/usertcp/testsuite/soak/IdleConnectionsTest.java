package io.github.usertcp.testsuite.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a connection costs that has nothing to do. */
class IdleConnectionsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int BURST = 250;
    private static final long MAX_BYTES_EACH = 4096;

    /** Both ends live in this heap, so what is measured is divided by twice the number of connections. */
    @Test
    void costLessThanFourKibibytesOfHeap() throws Exception {
        try (TwoStacks stacks = new TwoStacks(TcpConfig.defaults(), new Silent())) {
            Bootstrap bootstrap = stacks.bootstrap(new Silent());
            connect(bootstrap, BURST); // loads classes, fills pools
            long before = Heap.usedBytes();

            List<Channel> channels = new ArrayList<>(CONNECTIONS);
            while (channels.size() < CONNECTIONS) {
                channels.addAll(connect(bootstrap, BURST));
            }

            long bytesEach = (Heap.usedBytes() - before) / (2L * CONNECTIONS);
            assertEquals(CONNECTIONS, channels.stream().filter(Channel::isActive).count());
            assertTrue(bytesEach < MAX_BYTES_EACH, () -> "an idle connection costs " + bytesEach + " bytes of heap");
            System.out.println("an idle connection costs " + bytesEach + " bytes of heap, channel and pipeline included");
        }
    }

    private static List<Channel> connect(Bootstrap bootstrap, int count) throws Exception {
        List<ChannelFuture> connects = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            connects.add(bootstrap.connect());
        }
        List<Channel> channels = new ArrayList<>(count);
        for (ChannelFuture connect : connects) {
            connect.get(30, TimeUnit.SECONDS);
            channels.add(connect.channel());
        }
        return channels;
    }
}
