package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.host.HostTrace;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.LossModel;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import java.util.Locale;

/**
 * One measurement of {@link GoodputTable}: a bulk flow in its first 30 s, handshake not counted, over 100 Mbit/s with a queue of one
 * bandwidth-delay product.
 *
 * @param algorithm         congestion control of the sender
 * @param rttMillis         round-trip time of the empty path
 * @param loss              random loss of data packets, as a probability
 * @param reorderingMillis  every data packet is held up for a random time between 0 and this, without regard to the others
 */
record Goodput(CongestionControlFactory algorithm, int rttMillis, double loss, int reorderingMillis) {
    static final long BITS_PER_SECOND = 100_000_000;
    /** With timestamps. */
    static final int PAYLOAD_BYTES = 1448;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long SECONDS = 30;
    /** More than window and queue of the longest path: buffers limit nobody here. */
    private static final int BUFFER_BYTES = 16 << 20;
    private static final long SEED = 4711;

    /** The path's payload capacity: what remains of its rate when every packet is full. */
    static double capacityBytesPerSecond() {
        return BITS_PER_SECOND / 8.0 * PAYLOAD_BYTES / TwoHosts.ETHERNET_MTU;
    }

    static TcpConfig config(CongestionControlFactory algorithm) {
        return TcpConfig.builder().sendBufferBytes(BUFFER_BYTES).receiveBufferBytes(BUFFER_BYTES).sack(true).congestionControl(algorithm)
            .build();
    }

    static long bandwidthDelayProduct(int rttMillis) {
        return BITS_PER_SECOND / 8 * rttMillis / 1000;
    }

    /** An empty path. */
    Dumbbell path() {
        LinkConditions conditions = LinkConditions.of(BITS_PER_SECOND, rttMillis * NANOS_PER_MILLI / 2).loss(LossModel.random(loss));
        if (reorderingMillis > 0) {
            conditions = conditions.reordering(1, reorderingMillis * NANOS_PER_MILLI);
        }
        return new Dumbbell(conditions, new TailDropQueue(bandwidthDelayProduct(rttMillis)), SEED);
    }

    /** Runs it. Payload delivered, as a share of what fits through the path in that time. */
    double ratio() {
        Dumbbell path = path();
        path.addFlow(config(algorithm), 0, 0);
        return ratio(path);
    }

    /** The same with a trace of the sender. */
    double ratio(Appendable trace) {
        Dumbbell path = path();
        HostTrace.attach(path.addFlow(config(algorithm), 0, 0).client(), trace, algorithm.name());
        return ratio(path);
    }

    private double ratio(Dumbbell path) {
        path.time().runUntil((SECONDS * 1000 + rttMillis) * NANOS_PER_MILLI);
        double ratio = path.receivedBytes(0) / (SECONDS * capacityBytesPerSecond());
        path.release();
        return ratio;
    }

    /** Runs it and says so in a line of the table. */
    String line() {
        return columns() + String.format(Locale.ROOT, " %8.3f", ratio());
    }

    /** The line's beginning: what is measured. */
    String columns() {
        return String.format(Locale.ROOT, "%-8s %6d %8.1f %10d", algorithm.name(), rttMillis, loss * 100, reorderingMillis);
    }
}
