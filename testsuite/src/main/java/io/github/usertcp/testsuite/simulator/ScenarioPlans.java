package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.testsuite.simulator.host.StreamPlan;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.LossModel;
import io.github.usertcp.testsuite.simulator.network.RouterManners;
import java.util.SplittableRandom;

/** Random parts of a {@link Scenario}: what users do and what links are like. */
final class ScenarioPlans {
    private static final long MILLI = 1_000_000;
    /** So that a run stays short: no more packets than this in one direction, whatever their size. */
    private static final int MAX_PACKETS = 600;
    private static final int ETHERNET_BYTES = 1460;
    private static final int SMALLEST_MTU = 576;
    private static final int LARGEST_MTU = 9000;
    /** So that a run does not consist of it. */
    private static final long MAX_CROSS_BITS_PER_SECOND = 20_000_000;

    private ScenarioPlans() {
    }

    static StreamPlan stream(SplittableRandom random, int linkMss, StreamPlan.Ending ending) {
        boolean rests = random.nextInt(4) == 0;
        boolean pauses = random.nextInt(4) == 0;
        int maxWrite = random.nextInt(4) == 0 ? random.nextInt(1, 500) : random.nextInt(500, 60_000);
        long bytes = Math.min(length(random), (long) Math.min(linkMss, ETHERNET_BYTES) * MAX_PACKETS);
        bytes = Math.min(bytes, maxWrite * 200L);
        return new StreamPlan(bytes, maxWrite, pauses ? random.nextLong(1, 50 * MILLI) : 0, random.nextInt(1, 100_000),
            rests ? random.nextLong(1_000, 100_000) : Long.MAX_VALUE, random.nextLong(1, 1_000 * MILLI), ending);
    }

    /** Two who wait for each other would wait for ever. */
    static StreamPlan.Ending ending(SplittableRandom random, boolean breaksOff, boolean peerWaits) {
        boolean first = random.nextBoolean();
        if (breaksOff) {
            return first ? StreamPlan.Ending.ABORT : StreamPlan.Ending.CLOSE_EARLY;
        }
        return first && !peerWaits ? StreamPlan.Ending.WAIT_FOR_PEER : StreamPlan.Ending.HALF_CLOSE;
    }

    private static long length(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1, 100);
            case 2 -> random.nextInt(1, 10_000);
            default -> random.nextInt(10_000, 500_000);
        };
    }

    /** From nothing at all to hardly usable. */
    static LinkConditions conditions(SplittableRandom random, boolean checksums) {
        long rate = random.nextInt(8) == 0 ? 0 : (long) Math.pow(10, random.nextDouble(5.5, 9));
        LinkConditions conditions = LinkConditions.of(rate, random.nextLong(100 * MILLI)).loss(loss(random));
        if (random.nextBoolean()) {
            conditions = conditions.jitter(random.nextLong(20 * MILLI));
        }
        if (random.nextBoolean()) {
            conditions = conditions.reordering(random.nextDouble(), random.nextLong(40 * MILLI));
        }
        if (random.nextInt(3) == 0) {
            conditions = conditions.duplication(random.nextDouble(0.2));
        }
        if (checksums) {
            conditions = conditions.corruption(random.nextDouble(0.05));
        }
        return random.nextInt(3) == 0 ? conditions.mtu(mtu(random)) : conditions;
    }

    /** No smaller than connections believe of a path, whatever they are told; small ones more often than large ones. */
    static int mtu(SplittableRandom random) {
        return (int) (SMALLEST_MTU * Math.pow((double) LARGEST_MTU / SMALLEST_MTU, random.nextDouble()));
    }

    /** @param filtered  errors may get lost without a trace: then connections have to help themselves */
    static MtuProbing mtuProbing(SplittableRandom random, boolean filtered) {
        return random.nextInt(3) == 0 ? MtuProbing.ALWAYS : filtered || random.nextBoolean() ? MtuProbing.ON_BLACK_HOLE : MtuProbing.OFF;
    }

    static RouterManners router(SplittableRandom random, boolean filtered) {
        if (filtered && random.nextBoolean()) {
            return RouterManners.SILENT;
        }
        RouterManners.TooBig tooBig = switch (random.nextInt(4)) {
            case 0 -> RouterManners.TooBig.ZERO;
            case 1 -> RouterManners.TooBig.SMALLEST;
            default -> RouterManners.TooBig.MTU;
        };
        IcmpErrorKind unreachable = switch (random.nextInt(4)) {
            case 0 -> IcmpErrorKind.HOST_UNREACHABLE;
            case 1 -> IcmpErrorKind.NETWORK_UNREACHABLE;
            default -> null;
        };
        return new RouterManners(tooBig, unreachable);
    }

    /** Up to a fifth more than the link carries, for some seconds; {@code null} for nobody. */
    static Scenario.CrossPlan cross(SplittableRandom random, long bitsPerSecond) {
        if (bitsPerSecond == 0 || random.nextInt(4) > 0) {
            return null;
        }
        long rate = (long) (Math.min(bitsPerSecond, MAX_CROSS_BITS_PER_SECOND) * random.nextDouble(0.1, 1.2));
        return new Scenario.CrossPlan(rate, random.nextLong(10 * MILLI, 500 * MILLI), random.nextLong(5_000 * MILLI));
    }

    static FastOpenPlan fastOpen(SplittableRandom random) {
        FastOpenPlan[] plans = FastOpenPlan.values();
        return random.nextInt(3) > 0 ? FastOpenPlan.NONE : plans[random.nextInt(plans.length)];
    }

    private static LossModel loss(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> LossModel.random(random.nextDouble(0.2));
            case 1 -> LossModel.bursts(random.nextDouble(1.5, 10), random.nextDouble(0.15));
            default -> LossModel.NONE;
        };
    }
}
