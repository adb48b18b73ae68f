package io.github.usertcp.testsuite.benchmark;

import java.time.Duration;
import java.util.function.ObjDoubleConsumer;

/** Something to do with a transport, measured for a while. Starts and stops its own server and connections. */
interface Workload {
    /** Short name for {@code --only}. */
    String name();

    /** True if the work is to open connections, or to have many. */
    boolean needsConnections();

    /** Measures for {@code duration}, after a warm-up of its own, and hands each result over. */
    void run(Transport transport, Loops loops, Duration duration, ObjDoubleConsumer<Measure> results) throws InterruptedException;
}
