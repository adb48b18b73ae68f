package io.github.usertcp.testsuite.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.leakguard.LeakGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The leak guard would fail a run that leaks: otherwise its silence everywhere else would mean nothing. */
class LeakGuardTest {
    @Test
    void bufferLeftToTheGarbageCollectorIsReportedWithItsTrace() throws InterruptedException {
        leak();

        List<String> leaks = LeakGuard.collectLeaks();

        assertEquals(1, leaks.size(), leaks::toString);
        assertTrue(leaks.get(0).contains("LeakGuardTest.leak"), leaks.get(0));
    }

    @Test
    void releasedAndStillReachableBuffersAreNotReported() throws InterruptedException {
        ByteBuf held = Unpooled.directBuffer(16);
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();

        assertEquals(List.of(), LeakGuard.collectLeaks());

        held.release();
    }

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
