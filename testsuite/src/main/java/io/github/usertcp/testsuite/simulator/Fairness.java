package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import java.util.Locale;

/**
 * Eight flows of one algorithm share 100 Mbit/s with 50 ms of round trip and a queue of one bandwidth-delay product for 60 s; they
 * begin 10 ms after each other.
 */
record Fairness(CongestionControlFactory algorithm) {
    private static final int FLOWS = 8;
    private static final int RTT_MILLIS = 50;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long SECONDS = 60;
    private static final long START_NANOS = 10 * NANOS_PER_MILLI;
    private static final long SEED = 4711;

    /** Jain's index of what the flows have delivered: 1 if all got the same, 1/8 if one got everything. */
    double jainsIndex() {
        Dumbbell path = new Dumbbell(LinkConditions.of(Goodput.BITS_PER_SECOND, RTT_MILLIS * NANOS_PER_MILLI / 2),
            new TailDropQueue(Goodput.bandwidthDelayProduct(RTT_MILLIS)), SEED);
        for (int i = 0; i < FLOWS; i++) {
            path.addFlow(Goodput.config(algorithm), 0, i * START_NANOS);
        }
        path.time().runUntil(SECONDS * 1000 * NANOS_PER_MILLI);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < FLOWS; i++) {
            double bytes = path.receivedBytes(i);
            sum += bytes;
            squares += bytes * bytes;
        }
        path.release();
        return sum * sum / (FLOWS * squares);
    }

    /** Runs it and says so in a line of the table. */
    String line() {
        return String.format(Locale.ROOT, "%-8s %8.3f", algorithm.name(), jainsIndex());
    }
}
