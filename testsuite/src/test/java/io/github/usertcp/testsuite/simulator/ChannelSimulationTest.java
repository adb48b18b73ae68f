package io.github.usertcp.testsuite.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.congestion.CongestionControls;
import io.github.usertcp.testsuite.simulator.Scenario.Incident;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What {@link SimulationTest} shows of connections, of channels on stacks on event loops: streams arrive whole and in order or an error is
 * reported, both channels close, buffers are freed, and no connection outlives its TIME-WAIT.
 *
 * <p>{@code -Dusertcp.channelSeeds=N} runs so many scenarios.
 */
class ChannelSimulationTest {
    private static final int SEEDS = Integer.getInteger("usertcp.channelSeeds", 200);
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    @Test
    void streamsArriveWholeAndBothChannelsCloseWhateverHappensOnTheWay() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.runChannels(seed, null);
        }
    }

    @Test
    void sameSeedIsTheSameRunToThePacket() {
        assertEquals(packets(42), packets(42));
        assertTrue(packets(42).size() > 10);
    }

    @Test
    void connectionThatMustFailIsNoticed() {
        Scenario scenario = Scenario.of(3, CongestionControls.newReno());
        Scenario cut = new Scenario(scenario.seed(), scenario.client(), scenario.server(), scenario.there(), scenario.back(),
            List.of(new Incident(Incident.Kind.BLACK_OUT, 200_000_000, HOUR_NANOS, 0)), false, FastOpenPlan.NONE);
        try (ChannelRun run = new ChannelRun(cut)) {
            AssertionError failure = assertThrows(AssertionError.class, run::run);
            assertTrue(failure.getMessage().contains("failed: "), failure.getMessage());
        }
    }

    @Test
    void optionsAskForChannels() {
        assertEquals(SimulatedRun.Ends.ENGINES, SimulationOptions.parse("--seeds", "5").ends());
        SimulationOptions options = SimulationOptions.parse("--replay", "7", "--channels");
        assertEquals(SimulatedRun.Ends.CHANNELS, options.ends());
        assertEquals(7, options.from());
        assertThrows(IllegalArgumentException.class, () -> SimulationOptions.parse("--channels", "--replay", "7", "--trace", "file"));
    }

    private static List<String> packets(long seed) {
        PacketLog log = new PacketLog(Integer.MAX_VALUE);
        try (ChannelRun run = new ChannelRun(Scenario.of(seed, null))) {
            log.attach(run);
            run.run();
        }
        return log.lines();
    }
}
