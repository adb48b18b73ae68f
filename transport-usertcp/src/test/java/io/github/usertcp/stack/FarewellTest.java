package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import io.netty.buffer.Unpooled;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a stack: everybody is told, on both sides, and nothing is left. */
class FarewellTest {
    private final TwoStacks stacks = new TwoStacks().echoing();

    @AfterEach
    void close() {
        stacks.close();
        assertEquals(0, stacks.client.connectionCount());
        assertEquals(0, stacks.client.memory.usedBytes());
        assertEquals(0, stacks.server.connectionCount());
    }

    @Test
    void closingTheStackResetsItsPeers() {
        Application user = stacks.connect();
        stacks.server.close();
        stacks.network.run();
        assertEquals(CloseCause.RESET, user.connection.tcp().closeCause());
        Application served = stacks.accepted.get(0);
        assertTrue(served.events.contains(TcpEvent.CLOSED));
        assertEquals(CloseCause.ABORTED, served.connection.tcp().closeCause());
        assertTrue(stacks.server.closeFuture().isSuccess());
    }

    @Test
    void aLinkTakenAwaySaysFinWhereEverythingIsDelivered() {
        Application user = stacks.connect();
        stacks.serverLink().takeAway();
        stacks.network.run();
        assertTrue(user.events.contains(TcpEvent.END_OF_INPUT), user.events.toString());
        assertEquals(CloseCause.ABORTED, stacks.accepted.get(0).connection.tcp().closeCause());
    }

    @Test
    void andResetWhereSomethingIsNot() {
        stacks.network.delay(Duration.ofMillis(5));
        Application user = stacks.connect();
        stacks.advance(Duration.ofMillis(20));
        user.send(Unpooled.buffer(10_000).writeZero(10_000));
        stacks.clientLink().takeAway();
        stacks.advance(Duration.ofMillis(20));
        assertEquals(CloseCause.RESET, stacks.accepted.get(0).connection.tcp().closeCause());
        assertTrue(user.events.contains(TcpEvent.CLOSED));
    }

    @Test
    void connectionsInTheAcceptQueueAndHalfOpenOnesGoToo() {
        TwoStacks unaccepted = new TwoStacks().listeningOnly(8);
        Application user = unaccepted.connect();
        unaccepted.network.inject(unaccepted.stranger("S 1:1(0) win 9", 99));
        unaccepted.serverLink().takeAway();
        unaccepted.network.run();
        assertTrue(user.events.contains(TcpEvent.CLOSED));
        assertEquals(0, unaccepted.server.synQueue.size());
        unaccepted.close();
    }

    @Test
    void aClosedStackOpensNothing() {
        stacks.client.close();
        stacks.client.close();
        stacks.network.run();
        assertThrows(BindException.class, () -> stacks.tryConnect(0, TcpConfig.defaults()));
        assertEquals(List.of(), stacks.network.log());
    }

    @Test
    void noTimerIsLeftBehind() {
        stacks.connect().send("x");
        stacks.close();
        stacks.network.log().clear();
        stacks.advance(Duration.ofHours(3));
        assertEquals(List.of(), stacks.network.log());
    }
}
