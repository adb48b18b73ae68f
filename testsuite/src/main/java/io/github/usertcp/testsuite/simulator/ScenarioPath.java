package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.testsuite.simulator.network.CoDelQueue;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.PacketQueue;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** The links of a {@link Scenario}, and what happens to them on the way. */
final class ScenarioPath {
    private final VirtualTime time;
    private final Scenario scenario;
    private final SimulatedLink there;
    private final SimulatedLink back;

    ScenarioPath(VirtualTime time, Scenario scenario, SplittableRandom random) {
        this.time = time;
        this.scenario = scenario;
        there = link(scenario.there(), random);
        back = link(scenario.back(), random);
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

    /**
     * Schedules the scenario's incidents.
     *
     * @param clientClock  makes the client's clock jump
     * @param serverClock  and the server's
     */
    void scheduleIncidents(LongConsumer clientClock, LongConsumer serverClock) {
        for (Scenario.Incident incident : scenario.incidents()) {
            switch (incident.kind()) {
                case BLACK_OUT -> {
                    time.at(incident.atNanos(), () -> blackOut(true));
                    time.at(incident.atNanos() + incident.forNanos(), () -> blackOut(false));
                }
                case PATH_CHANGE -> time.at(incident.atNanos(), () -> {
                    LinkConditions now = there.conditions();
                    there.conditions(now.rateAndDelay(now.bitsPerSecond() / 2, incident.amount()));
                });
                case CLIENT_CLOCK_STEP -> time.at(incident.atNanos(), () -> clientClock.accept(incident.amount()));
                case SERVER_CLOCK_STEP -> time.at(incident.atNanos(), () -> serverClock.accept(incident.amount()));
            }
        }
    }

    private void blackOut(boolean on) {
        there.conditions(there.conditions().blackOut(on));
        back.conditions(back.conditions().blackOut(on));
    }
}
