package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The algorithms by name, and the fixed window, which is too little for a test of its own. */
class CongestionControlsTest {
    @ParameterizedTest
    @ValueSource(strings = {"reno", "cubic", "bbr", "dctcp"})
    void areFoundByName(String name) {
        CongestionControlFactory factory = CongestionControls.named(name);
        assertEquals(name, factory.name());
        assertEquals(name, factory.toString());
        assertEquals(name, factory.create().name());
        assertNotSame(factory.create(), factory.create(), "a connection has its own");
        assertSame(factory, CongestionControls.named(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vegas", "CUBIC", "", "fixed"})
    void unknownNameIsRefusedWithTheKnownOnes(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> CongestionControls.named(name)).getMessage();
        assertTrue(message.startsWith("congestion control: " + name) && message.contains("cubic"), message);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, (1L << 30) + 1, Long.MAX_VALUE})
    void fixedWindowOutOfRangeIsRefused(long bytes) {
        assertThrows(IllegalArgumentException.class, () -> CongestionControls.fixedWindow(bytes));
    }

    @Test void fixedWindowNeverMoves() {
        CongestionControl fixed = CongestionControls.fixedWindow(5000).create();
        fixed.onEstablished(1000, 10_000, Long.MAX_VALUE, 0);
        fixed.onAck(new AckSample().start(0, 5000, 0).limits(true, false));
        fixed.onEnterRecovery(5000, 0);
        fixed.onRetransmissionTimeout(5000, true, 0);
        fixed.onIdleRestart(1000);
        assertEquals(5000, fixed.cwndBytes());
        assertEquals(Long.MAX_VALUE, fixed.ssthreshBytes());
        fixed.onSmssChanged(9000);
        assertEquals(9000, fixed.cwndBytes(), "a window below one segment would stall for ever");
    }
}
