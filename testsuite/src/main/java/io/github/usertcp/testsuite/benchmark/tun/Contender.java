package io.github.usertcp.testsuite.benchmark.tun;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/** Something whose figures are compared. It sets up everything that a measurement takes, and takes it down again. */
interface Contender {
    String name();

    /** Whether it is Java code, which has to run a while before it is compiled. */
    boolean needsWarmUp();

    /** What it can be measured at. */
    Set<Work> works();

    /**
     * Measures for {@code duration}, from the beginning of a connection: some are fast only at first.
     *
     * @throws UnavailableException  if this machine lacks something that only this contender needs
     */
    void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException;
}
