package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.host.StreamPlan;
import io.github.usertcp.testsuite.simulator.host.StreamUser;
import io.github.usertcp.testsuite.simulator.network.CrossTraffic;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.PacketQueue;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Any number of bulk flows through one bottleneck, the classic figure of congestion control.
 *
 * <pre>
 *   client 1 --\                          /-- server 1
 *   client 2 ----- queue, rate, loss ------- server 2
 *   cross traffic -/      bottleneck      \-- nobody
 * </pre>
 *
 * <p>Data goes through the bottleneck, ACKs come back over a link that is never full and only delays.
 */
public final class Dumbbell {
    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random;
    private final SimulatedLink bottleneck;
    private final SimulatedLink wayBack;
    private final List<TwoHosts> flows = new ArrayList<>();
    private final List<StreamUser> receivers = new ArrayList<>();

    /**
     * A bottleneck that nobody uses yet.
     *
     * @param conditions  of the bottleneck; the way back has the same delay and nothing else
     */
    public Dumbbell(LinkConditions conditions, PacketQueue queue, long seed) {
        random = new SplittableRandom(seed);
        bottleneck = new SimulatedLink(time, conditions, queue, random.split());
        wayBack = new SimulatedLink(time, LinkConditions.of(0, conditions.delayNanos()), new TailDropQueue(0), random.split());
    }

    /** A bulk flow for ever, with its own additional delay in each direction, that connects at the given time. */
    public TwoHosts addFlow(TcpConfig config, long accessDelayNanos, long startNanos) {
        StreamUser sender = new StreamUser(StreamPlan.bulk(Long.MAX_VALUE), 1, 2, random.split());
        StreamUser receiver = new StreamUser(StreamPlan.sink(), 2, 1, random.split());
        TwoHosts flow = TwoHosts.of(time, TwoHosts.End.of(config, sender), TwoHosts.End.of(config, receiver),
            List.of(accessLink(accessDelayNanos), bottleneck), List.of(wayBack, accessLink(accessDelayNanos)), random);
        flows.add(flow);
        receivers.add(receiver);
        time.at(startNanos, flow::connect);
        return flow;
    }

    private SimulatedLink accessLink(long delayNanos) {
        return new SimulatedLink(time, LinkConditions.of(0, delayNanos), new TailDropQueue(0), random.split());
    }

    /** Others use the bottleneck too, from now until {@code endNanos}. */
    public void addCrossTraffic(long bitsPerSecond, long meanOnNanos, long endNanos) {
        new CrossTraffic(time, bottleneck, bitsPerSecond, meanOnNanos, endNanos, random.split()).start();
    }

    public VirtualTime time() {
        return time;
    }

    public SimulatedLink bottleneck() {
        return bottleneck;
    }

    /** Bytes that the receiver of a flow has read so far. */
    public long receivedBytes(int flow) {
        return receivers.get(flow).received();
    }

    /** Frees everything. */
    public void release() {
        flows.forEach(TwoHosts::release);
    }
}
