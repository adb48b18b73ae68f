package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import java.util.List;
import java.util.SplittableRandom;

/** The congestion controls that are simulated. */
final class Algorithms {
    private static final List<CongestionControlFactory> ALL = List.of(CongestionControls.newReno());

    private Algorithms() {
    }

    static List<CongestionControlFactory> all() {
        return ALL;
    }

    static CongestionControlFactory random(SplittableRandom random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static CongestionControlFactory named(String name) {
        return ALL.stream().filter(algorithm -> algorithm.name().equals(name)).findFirst().orElseThrow(
            () -> new IllegalArgumentException("algorithm: " + name + " (expected: one of " + ALL + ")"));
    }
}
