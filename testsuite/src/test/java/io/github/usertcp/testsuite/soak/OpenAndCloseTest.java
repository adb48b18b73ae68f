package io.github.usertcp.testsuite.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections that come and go leave nothing behind. */
class OpenAndCloseTest {
    /** The number the project promises; {@code -Dusertcp.soak.connections} for more. */
    private static final int CONNECTIONS = Integer.getInteger("usertcp.soak.connections", 100_000);
    private static final int WARM_UP = 5_000;
    private static final int AT_ONCE = 64;
    /** What class loading, compiled code's metadata and grown tables may add; a leak of one object a connection would be more. */
    private static final long HEAP_SLACK_BYTES = 1_500_000;

    @Test
    void leaveHeapDirectMemoryTablesAndTimersAsTheyWere() throws Exception {
        // TIME-WAIT of 20 ms: the test wants to see it end, and 100,000 connections to find a port.
        TcpConfig config = TcpConfig.builder().maxSegmentLifetimeNanos(Duration.ofMillis(10).toNanos()).build();
        try (TwoStacks stacks = new TwoStacks(config, new Silent())) {
            run(stacks, WARM_UP);
            long heapBefore = Heap.usedBytes();
            long directBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

            run(stacks, CONNECTIONS);

            long heapGrowth = Heap.usedBytes() - heapBefore;
            long directGrowth = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - directBefore;
            assertTrue(heapGrowth < HEAP_SLACK_BYTES, () -> CONNECTIONS + " connections left " + heapGrowth + " bytes of heap");
            assertTrue(directGrowth <= 0, () -> CONNECTIONS + " connections left " + directGrowth + " bytes of direct memory");
        }
    }

    private static void run(TwoStacks stacks, int connections) throws Exception {
        Visits visits = new Visits(stacks, connections);
        visits.start();
        assertTrue(visits.done.await(5, TimeUnit.MINUTES), () -> visits.left.get() + " connections never came to an end");
        assertEquals(0, visits.failed.get(), "failed connects");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!stacks.isEmpty()) {
            assertTrue(System.nanoTime() < deadline, () -> "still there: " + stacks.client.connectionCount() + " and "
                + stacks.server.connectionCount() + " connections, " + stacks.client.timeWaitCount() + " and " + stacks.server.timeWaitCount()
                + " in TIME-WAIT");
        }
    }

    /** A number of clients, each of which connects, closes, and starts over. */
    private static final class Visits {
        private final Bootstrap bootstrap;
        private final AtomicInteger toStart;
        private final AtomicInteger left;
        private final AtomicInteger failed = new AtomicInteger();
        private final CountDownLatch done;

        private Visits(TwoStacks stacks, int connections) {
            bootstrap = stacks.bootstrap(new Silent());
            toStart = new AtomicInteger(connections);
            left = new AtomicInteger(connections);
            done = new CountDownLatch(connections);
        }

        private void start() {
            for (int i = 0; i < AT_ONCE; i++) {
                visit();
            }
        }

        private void visit() {
            if (toStart.getAndDecrement() <= 0) {
                return;
            }
            ChannelFuture connect = bootstrap.connect();
            connect.addListener(connected -> {
                if (connected.isSuccess()) {
                    connect.channel().close();
                } else {
                    failed.incrementAndGet();
                }
            });
            Channel channel = connect.channel();
            channel.closeFuture().addListener(closed -> {
                left.decrementAndGet();
                done.countDown();
                channel.eventLoop().execute(this::visit);
            });
        }
    }
}
