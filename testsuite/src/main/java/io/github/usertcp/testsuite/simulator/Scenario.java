package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.tcp.EcnMode;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.host.HostConditions;
import io.github.usertcp.testsuite.simulator.host.StreamPlan;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.RouterManners;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Two ends, two links and what happens to them on the way, all made from a seed.
 *
 * @param seed           of this scenario, and of all chance while it runs
 * @param client         the end that connects first
 * @param server         the other
 * @param there          link from client to server
 * @param back           link from server to client
 * @param incidents      what happens on the way
 * @param simultaneous   both ends connect
 * @param fastOpen       what the client's SYN carries
 */
public record Scenario(long seed, Party client, Party server, PathPlan there, PathPlan back, List<Incident> incidents,
                       boolean simultaneous, FastOpenPlan fastOpen) {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final int MAX_INCIDENTS = 3;

    /** One end. */
    public record Party(TcpConfig config, InitialNumbers numbers, int linkMss, HostConditions conditions, StreamPlan plan) {
    }

    /** A link at the beginning, the queue and the router before it, and who else uses it, {@code null} for nobody. */
    public record PathPlan(LinkConditions conditions, QueueKind queue, long queueBytes, RouterManners router, CrossPlan cross) {
        /** What kind of queue. */
        public enum QueueKind { TAIL_DROP, MARKING, CODEL }
    }

    /** Traffic of others, see {@link io.github.usertcp.testsuite.simulator.network.CrossTraffic}. */
    public record CrossPlan(long bitsPerSecond, long meanOnNanos, long endNanos) {
    }

    /**
     * Something that happens once.
     *
     * @param atNanos   when
     * @param forNanos  how long until it is over, of kinds that end
     * @param amount    of the clock's jump in nanoseconds; of a path change the new delay; the MTU of both links
     */
    public record Incident(Kind kind, long atNanos, long forNanos, long amount) {
        /** What happens. */
        public enum Kind { BLACK_OUT, PATH_CHANGE, MTU_CHANGE, ICMP_ATTACK, CLIENT_CLOCK_STEP, SERVER_CLOCK_STEP }
    }

    /** The scenario of a seed, with one algorithm or, for {@code null}, with whatever the seed says. */
    public static Scenario of(long seed, CongestionControlFactory algorithm) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean checksums = random.nextInt(4) == 0;
        boolean breaksOff = random.nextInt(8) == 0;
        boolean filtered = random.nextInt(4) == 0;
        Party client = party(random, checksums, ScenarioPlans.ending(random, breaksOff, false), config(random, algorithm, filtered));
        boolean clientWaits = client.plan().ending() == StreamPlan.Ending.WAIT_FOR_PEER;
        Party server = party(random, checksums, ScenarioPlans.ending(random, breaksOff && random.nextBoolean(), clientWaits),
            config(random, algorithm, filtered));
        return new Scenario(seed, client, server, path(random, checksums, filtered), path(random, checksums, filtered),
            incidents(random), random.nextInt(10) == 0, ScenarioPlans.fastOpen(random));
    }

    /** One end may be missing bytes without anything being wrong, if an error is reported. */
    public boolean breaksOff() {
        return client.plan().breaksOff() || server.plan().breaksOff();
    }

    /** A connection that is not established yet may end because the network says that there is no way. */
    boolean mayBeRefused() {
        boolean told = there.router().unreachable() != null || back.router().unreachable() != null;
        return told && incidents.stream().anyMatch(incident -> incident.kind() == Incident.Kind.BLACK_OUT);
    }

    /** Packets may have to be as small as the smallest that a path MTU makes them. */
    boolean hasSmallPaths() {
        boolean small = there.conditions().mtuBytes() < LinkConditions.MAX_MTU || back.conditions().mtuBytes() < LinkConditions.MAX_MTU;
        return small || incidents.stream().anyMatch(incident -> incident.kind() == Incident.Kind.MTU_CHANGE);
    }

    private static Party party(SplittableRandom random, boolean checksums, StreamPlan.Ending ending, TcpConfig config) {
        int linkMss = random.nextInt(4) == 0 ? random.nextInt(88, 600) : random.nextInt(600, 9000);
        StreamPlan plan = ScenarioPlans.stream(random, linkMss, ending);
        InitialNumbers numbers = InitialNumbers.fixed(random.nextBoolean() ? 0xFFFF_FF00 : random.nextInt(), random.nextInt());
        HostConditions conditions = new HostConditions(random.nextBoolean() ? 0 : random.nextLong(2 * MILLI), random.nextBoolean(),
            random.nextBoolean() ? HostConditions.SUPER_SEGMENT_BYTES : random.nextInt(1000, 20_000), checksums,
            random.nextInt(3) == 0 ? random.nextLong(20 * MILLI) : 0, true);
        return new Party(config, numbers, linkMss, conditions, plan);
    }

    /**
     * From stingy to ample. Retries are plenty and dead peers are noticed soon: a scenario ends because it is over, not because
     * somebody gave up.
     */
    private static TcpConfig config(SplittableRandom random, CongestionControlFactory algorithm, boolean filtered) {
        return TcpConfig.builder()
            .sendBufferBytes(buffer(random)).receiveBufferBytes(buffer(random))
            .initialWindowSegments(random.nextInt(1, 11)).maxSegmentSize(random.nextInt(4) == 0 ? random.nextInt(48, 1500) : 0)
            .windowScaling(random.nextInt(4) > 0).timestamps(random.nextInt(4) > 0).sack(random.nextInt(4) > 0)
            .ecnOffered(ecn(random)).ecnAccepted(ecn(random))
            .noDelay(random.nextBoolean()).quickAck(random.nextInt(4) == 0)
            .mtuProbing(ScenarioPlans.mtuProbing(random, filtered)).mtuProbeBase(random.nextInt(512, 1461))
            .synRetries(100).synAckRetries(100).dataRetries(100).orphanRetries(100)
            .keepAlive(true).keepAliveIdleNanos(60 * SECOND).keepAliveIntervalNanos(10 * SECOND).keepAliveCount(100)
            .maxRtoNanos(2 * SECOND).maxSegmentLifetimeNanos(120 * SECOND)
            .congestionControl(algorithm == null ? Algorithms.random(random) : algorithm)
            .build();
    }

    private static EcnMode ecn(SplittableRandom random) {
        return EcnMode.values()[random.nextInt(EcnMode.values().length)];
    }

    private static int buffer(SplittableRandom random) {
        return random.nextInt(3) == 0 ? random.nextInt(1024, 5000) : random.nextInt(5000, 1 << 19);
    }

    private static PathPlan path(SplittableRandom random, boolean checksums, boolean filtered) {
        PathPlan.QueueKind[] kinds = PathPlan.QueueKind.values();
        PathPlan.QueueKind kind = kinds[random.nextInt(kinds.length)];
        LinkConditions conditions = ScenarioPlans.conditions(random, checksums);
        return new PathPlan(conditions, kind, random.nextLong(3_000, 300_000), ScenarioPlans.router(random, filtered),
            ScenarioPlans.cross(random, conditions.bitsPerSecond()));
    }

    private static List<Incident> incidents(SplittableRandom random) {
        List<Incident> incidents = new ArrayList<>();
        Incident.Kind[] kinds = Incident.Kind.values();
        for (int count = random.nextInt(MAX_INCIDENTS + 1); count > 0; count--) {
            Incident.Kind kind = kinds[random.nextInt(kinds.length)];
            long amount = kind == Incident.Kind.MTU_CHANGE ? ScenarioPlans.mtu(random) : random.nextLong(300 * MILLI);
            incidents.add(new Incident(kind, random.nextLong(3 * SECOND), random.nextLong(2 * SECOND), amount));
        }
        return incidents;
    }
}
