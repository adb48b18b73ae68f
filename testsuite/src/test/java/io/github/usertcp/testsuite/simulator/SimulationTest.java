package io.github.usertcp.testsuite.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.congestion.CongestionControls;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.testsuite.simulator.Scenario.Incident;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.RouterManners;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever the network does short of losing everything, both streams arrive whole and in order, both ends come to CLOSED, every buffer is
 * given back, and the invariants hold after every single step.
 *
 * <p>{@code -Dusertcp.seeds=N} runs so many scenarios; {@link Simulation} runs many more, and replays one.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("usertcp.seeds", 3000);
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    @Test
    void streamsArriveWholeAndBothEndsCloseWhateverHappensOnTheWay() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.run(seed, null);
        }
    }

    @Test
    void sameSeedIsTheSameRunToThePacket() {
        assertEquals(packets(42), packets(42));
        assertTrue(packets(42).size() > 10);
    }

    @Test
    void scenarioThatMustFailIsNoticed() {
        Scenario scenario = Scenario.of(3, CongestionControls.newReno());
        Scenario cut = new Scenario(scenario.seed(), scenario.client(), scenario.server(), scenario.there(), scenario.back(),
            List.of(new Incident(Incident.Kind.BLACK_OUT, 200_000_000, HOUR_NANOS, 0)), false, FastOpenPlan.NONE);
        try (ScenarioRun run = new ScenarioRun(cut)) {
            AssertionError failure = assertThrows(AssertionError.class, run::run);
            assertTrue(failure.getMessage().contains("TIMED_OUT"), failure.getMessage());
        }
    }

    @Test
    void everythingThatMayHappenDoesInSomeScenario() {
        Set<Object> seen = new HashSet<>();
        for (long seed = 1; seed <= 500; seed++) {
            Scenario scenario = Scenario.of(seed, null);
            scenario.incidents().forEach(incident -> seen.add(incident.kind()));
            seen.add(scenario.fastOpen());
            seen.add(scenario.client().config().mtuProbing());
            for (Scenario.PathPlan path : List.of(scenario.there(), scenario.back())) {
                seen.add(path.queue());
                seen.add(path.router().tooBig());
                seen.add(path.router().unreachable() == null ? "silent" : path.router().unreachable());
                seen.add(path.cross() == null ? "alone" : "among others");
                seen.add(path.conditions().mtuBytes() == LinkConditions.MAX_MTU ? "takes all" : "takes small packets only");
            }
        }
        assertTrue(seen.containsAll(List.of(Incident.Kind.values())), seen::toString);
        assertTrue(seen.containsAll(List.of(FastOpenPlan.values())), seen::toString);
        assertTrue(seen.containsAll(List.of(MtuProbing.values())), seen::toString);
        assertTrue(seen.containsAll(List.of(Scenario.PathPlan.QueueKind.values())), seen::toString);
        assertTrue(seen.containsAll(List.of(RouterManners.TooBig.values())), seen::toString);
        assertTrue(seen.containsAll(List.of("silent", IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.NETWORK_UNREACHABLE)), seen::toString);
        assertTrue(seen.containsAll(List.of("alone", "among others", "takes all", "takes small packets only")), seen::toString);
    }

    @Test
    void errorsOfTheNetworkAreInTheLog() {
        List<String> errors = packets(29).stream().filter(line -> line.contains(" icmp ")).toList();
        assertTrue(errors.stream().anyMatch(line -> line.contains("PACKET_TOO_BIG mtu ")), errors::toString);
    }

    private static List<String> packets(long seed) {
        PacketLog log = new PacketLog(Integer.MAX_VALUE);
        try (ScenarioRun run = new ScenarioRun(Scenario.of(seed, null))) {
            log.attach(run);
            run.run();
        }
        return log.lines();
    }
}
