package io.github.usertcp.testsuite.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.host.FastOpenListener;
import io.github.usertcp.testsuite.simulator.host.HostConditions;
import io.github.usertcp.testsuite.simulator.host.StreamPlan;
import io.github.usertcp.testsuite.simulator.host.StreamUser;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the hosts of a scenario do with TCP Fast Open what its plan says: the data comes with the SYN, or a round trip later. */
class FastOpenPlanTest {
    private static final long ONE_WAY_NANOS = 50_000_000;
    private static final int BYTES = 500;

    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest @Tag("RFC7413-4.2.2")
    @CsvSource({"NONE, 3", "REQUEST, 3", "COOKIE, 1", "EXPERIMENTAL_COOKIE, 1", "FORGOTTEN_COOKIE, 3", "WITHOUT_COOKIE, 1"})
    void dataArrivesAfterSoManyTimesTheDelay(FastOpenPlan plan, int delays) {
        TcpConfig config = TcpConfig.defaults();
        StreamUser receiver = new StreamUser(StreamPlan.sink(), 2, 1, random.split());
        TwoHosts hosts = TwoHosts.of(time, TwoHosts.End.of(config, new StreamUser(StreamPlan.bulk(BYTES), 1, 2, random.split())),
            TwoHosts.End.of(config, receiver), List.of(link()), List.of(link()), random);
        FastOpenListener listener = plan.listener(new Scenario.Party(config, InitialNumbers.fixed(1, 0), 1460, HostConditions.FAST, null));
        hosts.server().fastOpen(listener);

        hosts.connect(plan.offer(config, 1460));

        time.runUntil(delays * ONE_WAY_NANOS - 1);
        assertEquals(0, receiver.received());
        time.runUntil(delays * ONE_WAY_NANOS);
        assertEquals(BYTES, receiver.received());
        hosts.release();
    }

    private SimulatedLink link() {
        return new SimulatedLink(time, LinkConditions.of(0, ONE_WAY_NANOS), new TailDropQueue(0), random.split());
    }
}
