package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import io.github.usertcp.tcp.TcpState;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections through two stacks, from connect to the last table entry. */
class ConnectionsTest {
    private final TwoStacks stacks = new TwoStacks().echoing();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void whatIsSentComesBack() {
        Application user = stacks.connect();
        user.send("hello");
        stacks.network.run();
        assertEquals(TcpEvent.CONNECTED, user.events.get(0));
        assertEquals("hello", user.text.toString());
    }

    @Test
    void bulkDataComesBackWhole() {
        stacks.network.delay(Duration.ofMillis(5));
        Application user = stacks.connect();
        user.send(Unpooled.buffer(3_000_000).writeZero(3_000_000));
        stacks.advance(Duration.ofSeconds(20));
        assertEquals(3_000_000, user.bytesRead);
    }

    @Test
    void lossIsRepairedByTheTimer() {
        stacks.network.delay(Duration.ofMillis(5));
        Application user = stacks.connect();
        stacks.advance(Duration.ofMillis(100));
        int[] seen = {0};
        stacks.network.losing(segment -> segment.payloadLength() > 0 && seen[0]++ == 0);
        user.send("once more");
        stacks.advance(Duration.ofMillis(199));
        assertEquals("", user.text.toString());
        stacks.advance(Duration.ofSeconds(2));
        assertEquals("once more", user.text.toString());
    }

    @Test
    void aThousandConnectionsAreToldApart() {
        List<Application> users = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            users.add(stacks.connect());
        }
        for (int i = 0; i < 1000; i++) {
            users.get(i).send("I am " + i);
        }
        stacks.network.run();
        for (int i = 0; i < 1000; i++) {
            assertEquals("I am " + i, users.get(i).text.toString());
        }
        assertEquals(1000, stacks.client.connectionCount());
    }

    @Test
    void afterCloseOnlyTheCloserRemembers() {
        Application user = stacks.connect();
        user.close();
        stacks.network.run();
        assertEquals(0, stacks.client.connectionCount());
        assertEquals(1, stacks.client.timeWaitCount());
        assertEquals(0, stacks.server.connectionCount());
        assertEquals(0, stacks.server.timeWaitCount());
        stacks.advance(Duration.ofSeconds(61));
        assertEquals(0, stacks.client.timeWaitCount());
    }

    @Test
    void connectToADeadPortIsRefused() {
        stacks.listener.close();
        Application user = stacks.connect();
        assertEquals(List.of(TcpEvent.CLOSED), user.events);
        assertEquals(CloseCause.REFUSED, user.connection.tcp().closeCause());
        assertEquals(0, stacks.client.connectionCount());
    }

    @Test
    void connectToADeadHostIsProbedOnceAndRefusedWhenTheNetworkSaysSo() {
        stacks.network.losing(segment -> true);
        Application user = stacks.connect();
        stacks.advance(Duration.ofMillis(99));
        assertEquals(0, stacks.clientLink().probes());
        stacks.advance(Duration.ofMillis(1));
        assertEquals(1, stacks.clientLink().probes());
        stacks.clientLink().unreachable(TwoStacks.SERVER, TwoStacks.PORT);
        assertEquals(List.of(TcpEvent.CLOSED), user.events);
        assertEquals(CloseCause.REFUSED, user.connection.tcp().closeCause());
    }

    @Test
    void anUnreachableMessageAboutAnEstablishedConnectionIsIgnored() {
        Application user = stacks.connect();
        stacks.clientLink().unreachable(TwoStacks.SERVER, TwoStacks.PORT);
        user.send("still here");
        stacks.network.run();
        assertEquals("still here", user.text.toString());
    }

    @Test
    void anOrphanDeliversWhatItWasGiven() {
        stacks.network.delay(Duration.ofMillis(5));
        stacks.listener.close();
        stacks.listeningOnly(1);
        Application user = stacks.connect();
        stacks.advance(Duration.ofMillis(50));
        stacks.accepted.add(Application.sink().own(stacks.listener.accept()));
        user.connection.tcp().write(Unpooled.buffer(100_000).writeZero(100_000), stacks.client.nowNanos());
        user.close();
        assertEquals(1, stacks.client.orphanCount());
        stacks.advance(Duration.ofMillis(200));
        assertEquals(100_000, stacks.accepted.get(0).bytesRead);
        assertEquals(0, stacks.client.orphanCount());
    }

    @Test
    void anOrphanTooManyIsReset() {
        TwoStacks few = new TwoStacks(TcpStackConfig.builder().maxOrphans(2).build(), TcpStackConfig.defaults()).echoing();
        few.network.delay(Duration.ofMillis(5));
        List<Application> users = List.of(few.connect(), few.connect(), few.connect());
        few.advance(Duration.ofMillis(50));
        users.forEach(Application::close);
        assertEquals(2, few.client.orphanCount());
        few.advance(Duration.ofMillis(100));
        assertEquals(1, few.client.stats().get(StackCounter.ORPHANS_RESET));
        assertEquals(1, few.accepted.stream().filter(a -> a.connection.tcp().closeCause() == CloseCause.RESET).count());
        assertEquals(0, few.client.orphanCount());
        few.close();
    }

    @Test
    void tenThousandConnectionsInARowLeaveNothingBehind() {
        for (int i = 0; i < 10_000; i++) {
            stacks.connect(0, TcpConfig.builder().maxSegmentLifetimeNanos(Duration.ofMillis(10).toNanos()).build()).close();
            stacks.network.run();
            stacks.advance(Duration.ofMillis(1));
        }
        stacks.advance(Duration.ofMillis(100));
        stacks.accepted.clear();
        for (TcpStack stack : List.of(stacks.client, stacks.server)) {
            assertEquals(0, stack.connectionCount());
            assertEquals(0, stack.timeWaitCount());
            assertEquals(0, stack.synQueue.size());
            assertEquals(0, stack.memory.usedBytes());
            assertEquals(Long.MAX_VALUE, stack.connections.earliestNanos());
        }
        assertEquals(10_000, stacks.count(StackCounter.PASSIVE_OPENS));
    }

    @Test
    void idleConnectionsWakeNobody() {
        stacks.connect();
        stacks.advance(Duration.ofSeconds(5));
        int flushes = stacks.clientLink().flushes();
        stacks.advance(Duration.ofHours(1));
        assertEquals(flushes, stacks.clientLink().flushes());
    }

    @Test
    void aStackClosesOnceItIsIdle() {
        Application user = stacks.connect();
        stacks.server.closeWhenIdle();
        stacks.listener.close();
        user.send("served to the end");
        stacks.network.run();
        assertEquals("served to the end", user.text.toString());
        assertFalse(stacks.server.closeFuture().isDone());
        user.close();
        stacks.network.run();
        assertTrue(stacks.server.closeFuture().isSuccess());
    }

    @Test
    void aDetachedConnectionInEstablishedIsClosedInOrder() {
        Application user = stacks.connect();
        user.connection.detach();
        stacks.network.run();
        assertTrue(stacks.accepted.get(0).events.contains(TcpEvent.END_OF_INPUT));
        assertEquals(TcpState.CLOSED, user.connection.tcp().state());
    }
}
