package io.github.usertcp.testsuite.soak;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use after everything unreachable has gone. */
final class Heap {
    private static final int MAX_COLLECTIONS = 20;
    private static final long STEADY_BYTES = 64 * 1024;

    private Heap() {
    }

    /** Collects until two collections in a row leave the same: reference queues and finalizable objects take more than one. */
    static long usedBytes() throws InterruptedException {
        long before = Long.MAX_VALUE;
        for (int i = 0; i < MAX_COLLECTIONS; i++) {
            System.gc();
            long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (Math.abs(before - now) < STEADY_BYTES) {
                return now;
            }
            before = now;
        }
        return before;
    }
}
