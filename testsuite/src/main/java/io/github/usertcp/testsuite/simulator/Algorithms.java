package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import java.util.List;
import java.util.SplittableRandom;

/** The congestion controls that are simulated. */
final class Algorithms {
    /** Those for paths of any kind: the table's. DCTCP is for networks that mark. */
    static final List<CongestionControlFactory> GENERAL = List.of(CongestionControls.newReno(), CongestionControls.cubic(),
        CongestionControls.bbr());

    private static final List<CongestionControlFactory> ALL =
        List.of(CongestionControls.newReno(), CongestionControls.cubic(), CongestionControls.dctcp(), CongestionControls.bbr());

    private Algorithms() {
    }

    static CongestionControlFactory random(SplittableRandom random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static CongestionControlFactory named(String name) {
        return CongestionControls.named(name);
    }
}
