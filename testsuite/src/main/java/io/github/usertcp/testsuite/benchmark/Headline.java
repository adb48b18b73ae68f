package io.github.usertcp.testsuite.benchmark;

import io.netty.util.Version;
import java.time.LocalDate;

/** What stands above a table of results: when, where and how long was measured. */
public final class Headline {
    private Headline() {
    }

    public static String of(BenchmarkOptions options, AwakeCores cores) {
        return LocalDate.now() + ", " + System.getProperty("os.name") + ' ' + System.getProperty("os.version")
            + ", Java " + Runtime.version().feature() + ", Netty " + Version.identify().get("netty-transport").artifactVersion()
            + ", " + Runtime.getRuntime().availableProcessors() + " cores" + (cores.areAwake() ? " kept awake, " : ", ")
            + options.rounds() + " rounds of " + options.duration().toSeconds() + " s.";
    }
}
