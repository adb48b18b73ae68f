package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.testsuite.simulator.host.SimulatedHost;
import io.github.usertcp.testsuite.simulator.network.CoDelQueue;
import io.github.usertcp.testsuite.simulator.network.CrossTraffic;
import io.github.usertcp.testsuite.simulator.network.IcmpSource;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.LossModel;
import io.github.usertcp.testsuite.simulator.network.PacketQueue;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.github.usertcp.testsuite.simulator.network.Router;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.util.List;
import java.util.SplittableRandom;

/** The links of a {@link Scenario}, the routers before them, who else is there, and what happens to them on the way. */
final class ScenarioPath {
    private static final long MAX_ERROR_DELAY_NANOS = 50_000_000;
    private static final double ERROR_LOSS = 0.1;
    private static final double ERROR_CORRUPTION = 0.05;

    private final VirtualTime time;
    private final Scenario scenario;
    private final SplittableRandom random;
    private final SimulatedLink there;
    private final SimulatedLink back;
    private IcmpSource.Listener errorsToClient = (kind, mtu, segment) -> { };
    private IcmpSource.Listener errorsToServer = errorsToClient;

    ScenarioPath(VirtualTime time, Scenario scenario, SplittableRandom random) {
        this.time = time;
        this.scenario = scenario;
        there = link(scenario.there(), random);
        back = link(scenario.back(), random);
        this.random = random.split();
    }

    private SimulatedLink link(Scenario.PathPlan plan, SplittableRandom random) {
        PacketQueue queue = switch (plan.queue()) {
            case TAIL_DROP -> new TailDropQueue(plan.queueBytes());
            case MARKING -> new TailDropQueue(plan.queueBytes(), plan.queueBytes() / 4);
            case CODEL -> new CoDelQueue(plan.queueBytes());
        };
        return new SimulatedLink(time, plan.conditions(), queue, random.split());
    }

    SimulatedLink there() {
        return there;
    }

    SimulatedLink back() {
        return back;
    }

    /** Tells these of errors on their way; to be told before it begins. */
    void errorListeners(IcmpSource.Listener toClient, IcmpSource.Listener toServer) {
        errorsToClient = toClient;
        errorsToServer = toServer;
    }

    /** From now on there are routers, others, and the scenario's incidents. */
    void begin(SimulatedHost client, SimulatedHost server) {
        IcmpSource toClient = new IcmpSource(errorRoute(client), TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, errorsToClient);
        IcmpSource toServer = new IcmpSource(errorRoute(server), TwoHosts.SERVER_ADDRESS, TwoHosts.CLIENT_ADDRESS, errorsToServer);
        Router.before(there, scenario.there().router(), toClient);
        Router.before(back, scenario.back().router(), toServer);
        startCrossTraffic(there, scenario.there().cross());
        startCrossTraffic(back, scenario.back().cross());
        List<OffPathAttacker> attackers = List.of(
            new OffPathAttacker(time, toClient, TwoHosts.CLIENT_PORT, TwoHosts.SERVER_PORT, random.split()),
            new OffPathAttacker(time, toServer, TwoHosts.SERVER_PORT, TwoHosts.CLIENT_PORT, random.split()));
        for (Scenario.Incident incident : scenario.incidents()) {
            time.after(incident.atNanos(), () -> happen(incident, client, server, attackers));
        }
    }

    /** Errors come from the middle of the path, and have their own way, which black-outs spare: they would tell of none otherwise. */
    private Route errorRoute(SimulatedHost host) {
        LinkConditions conditions = LinkConditions.of(0, random.nextLong(MAX_ERROR_DELAY_NANOS)).loss(LossModel.random(ERROR_LOSS))
            .corruption(ERROR_CORRUPTION);
        return new Route(host, List.of(new SimulatedLink(time, conditions, new TailDropQueue(0), random.split())));
    }

    private void startCrossTraffic(SimulatedLink link, Scenario.CrossPlan plan) {
        if (plan != null) {
            long endNanos = time.nowNanos() + plan.endNanos();
            new CrossTraffic(time, link, plan.bitsPerSecond(), plan.meanOnNanos(), endNanos, random.split()).start();
        }
    }

    private void happen(Scenario.Incident incident, SimulatedHost client, SimulatedHost server, List<OffPathAttacker> attackers) {
        switch (incident.kind()) {
            case BLACK_OUT -> {
                blackOut(true);
                time.after(incident.forNanos(), () -> blackOut(false));
            }
            case PATH_CHANGE -> {
                LinkConditions now = there.conditions();
                there.conditions(now.rateAndDelay(now.bitsPerSecond() / 2, incident.amount()));
            }
            case MTU_CHANGE -> {
                there.conditions(there.conditions().mtu((int) incident.amount()));
                back.conditions(back.conditions().mtu((int) incident.amount()));
            }
            case ICMP_ATTACK -> attackers.forEach(attacker -> attacker.attack(incident.forNanos()));
            case CLIENT_CLOCK_STEP -> client.stepClock(incident.amount());
            case SERVER_CLOCK_STEP -> server.stepClock(incident.amount());
        }
    }

    private void blackOut(boolean on) {
        there.conditions(there.conditions().blackOut(on));
        back.conditions(back.conditions().blackOut(on));
    }
}
