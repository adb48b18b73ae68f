package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import java.net.BindException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SourcePortsTest {
    private static final IpAddress HERE = IpAddress.parse("192.0.2.1");
    private static final IpAddress THERE = IpAddress.parse("192.0.2.2");

    private TwoStacks stacks = new TwoStacks(TcpStackConfig.builder().ephemeralPorts(40_000, 40_009).build(), TcpStackConfig.defaults()).echoing();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void everyPortOfTheRangeIsUsedAndThenNone() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            ports.add(stacks.connect().connection.tcp().tuple().localPort());
        }
        assertEquals(10, ports.size());
        assertTrue(ports.stream().allMatch(port -> port >= 40_000 && port <= 40_009), ports.toString());
        BindException full = assertThrows(BindException.class, () -> stacks.tryConnect(0, TcpConfig.defaults()));
        assertTrue(full.getMessage().contains("40000 to 40009"), full.getMessage());
    }

    @Test
    @Tag("RFC6191")
    void whenAllPortsAreInTimeWaitOneIsReusedAfterAFewTries() {
        stacks.close();
        stacks = new TwoStacks(TcpStackConfig.builder().ephemeralPorts(40_000, 40_999).build(), TcpStackConfig.defaults()).echoing();
        int last = 0;
        for (int i = 0; i < 1_000; i++) {
            Application user = stacks.connect();
            last = user.connection.tcp().tuple().localPort();
            stacks.advance(Duration.ofMillis(1));
            user.close();
        }
        stacks.advance(Duration.ofMillis(1));
        assertEquals(1_000, stacks.client.timeWaitCount());
        int reused = stacks.connect().connection.tcp().tuple().localPort();
        assertEquals(1, stacks.client.stats().get(StackCounter.TIME_WAITS_REUSED));
        // Ports to one peer are asked for in order, so the distance tells how many were.
        assertEquals(65, Math.floorMod(reused - last, 1_000));
    }

    @Test
    void aPortTakenForThatPeerIsRefused() {
        stacks.connect(1234, TcpConfig.defaults());
        BindException taken = assertThrows(BindException.class, () -> stacks.tryConnect(1234, TcpConfig.defaults()));
        assertTrue(taken.getMessage().startsWith("Address already in use"), taken.getMessage());
    }

    @Test
    void aPortTakenForAnotherPeerIsNot() throws Exception {
        stacks.connect(1234, TcpConfig.defaults());
        StackConnection other = stacks.client.connect(IpAddress.ANY_V4, 1234, THERE, 80, 80, TcpConfig.defaults(), progressed -> { });
        assertEquals(1234, other.tcp().tuple().localPort());
    }

    @Test
    void aListenersPortIsTakenForOtherListeners() {
        assertThrows(BindException.class,
            () -> stacks.server.listen(IpAddress.ANY_V6, TwoStacks.PORT, 1, TcpConfig.defaults(), () -> { }));
        assertThrows(BindException.class,
            () -> stacks.server.listen(IpAddress.parse(TwoStacks.SERVER), TwoStacks.PORT, 1, TcpConfig.defaults(), () -> { }));
    }

    @Test
    void aListenerOnPortZeroGetsOne() throws Exception {
        TcpListener listener = stacks.client.listen(IpAddress.ANY_V4, 0, 1, TcpConfig.defaults(), () -> { });
        assertTrue(listener.port() >= 40_000 && listener.port() <= 40_009, listener.toString());
    }

    @Test
    @Tag("RFC6056-3.3.3")
    void portsToOnePeerFollowEachOtherAndThoseToAnotherAreUnrelated() {
        EphemeralPorts ports = new EphemeralPorts(new SipHash(3, 4), TcpStackConfig.defaults());
        int first = ports.choose(HERE, THERE, 80, port -> true);
        int second = ports.choose(HERE, THERE, 80, port -> true);
        assertEquals(first == 60_999 ? 32_768 : first + 1, second);
        int elsewhere = ports.choose(HERE, THERE, 81, port -> true);
        assertNotEquals(second + 1, elsewhere);
        EphemeralPorts otherSecret = new EphemeralPorts(new SipHash(5, 6), TcpStackConfig.defaults());
        assertNotEquals(first, otherSecret.choose(HERE, THERE, 80, port -> true));
    }

    @Test
    void theSearchIsBounded() {
        int[] asked = {0};
        EphemeralPorts ports = new EphemeralPorts(new SipHash(3, 4), TcpStackConfig.defaults());
        assertEquals(EphemeralPorts.NONE, ports.choose(HERE, THERE, 80, port -> asked[0]++ < 0));
        assertEquals(60_999 - 32_768 + 1, asked[0]);
    }
}
