package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.Unpooled;
import java.net.BindException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final TwoStacks stacks = new TwoStacks(
        TcpStackConfig.builder().memoryBytes(50_000, 100_000, 200_000).maxConnections(3).build(), TcpStackConfig.defaults()).echoing();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void whatIsHeldIsChargedAndGivenBack() {
        Application user = stacks.connect();
        stacks.network.losing(segment -> true);
        user.send(Unpooled.buffer(30_000).writeZero(30_000));
        assertEquals(30_000, stacks.client.memory.usedBytes());
        user.connection.tcp().abort(stacks.client.nowNanos());
        user.close();
        assertEquals(0, stacks.client.memory.usedBytes());
    }

    @Test
    void pressureComesAtItsMarkAndGoesAtTheLowOne() {
        Application user = stacks.connect();
        stacks.network.losing(segment -> true);
        user.send(Unpooled.buffer(120_000).writeZero(120_000));
        assertTrue(stacks.client.memory.isUnderPressure());
        assertEquals(1, stacks.client.stats().get(StackCounter.MEMORY_PRESSURES));
        stacks.network.losing(segment -> false);
        stacks.advance(Duration.ofSeconds(5));
        assertFalse(stacks.client.memory.isUnderPressure());
        assertEquals(120_000, user.bytesRead);
    }

    @Test
    void atTheTopNobodyNewGetsIn() {
        Application user = stacks.connect();
        stacks.network.losing(segment -> true);
        user.send(Unpooled.buffer(250_000).writeZero(250_000));
        assertThrows(BindException.class, () -> stacks.tryConnect(0, TcpConfig.defaults()));
    }

    @Test
    void norBeyondTheNumberOfConnections() {
        stacks.connect();
        stacks.connect();
        stacks.connect();
        assertThrows(BindException.class, () -> stacks.tryConnect(0, TcpConfig.defaults()));
    }
}
