package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.testsuite.simulator.host.HostTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs random scenarios, one a seed, until one fails.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@simulate -Dsimulate.arguments="--seeds 100000"
 *   mvn ... -Dsimulate.arguments="--replay 4711"
 *   mvn ... -Dsimulate.arguments="--channels --seeds 1000"
 * </pre>
 *
 * <p>With {@code --channels} the ends are the channels that ship, on stacks and event loops in virtual time; else they are connections
 * alone, whose invariants are checked after every step.
 *
 * <p>A seed that fails is told with the command that replays it and its last packets. Exit status 1 if one has failed.
 */
public final class Simulation {
    private static final int LAST_PACKETS = 60;
    private static final long REPORT_EVERY = 10_000;

    private Simulation() {
    }

    public static void main(String[] args) {
        SimulationOptions options;
        try {
            options = SimulationOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(SimulationOptions.USAGE);
            System.exit(2);
            return;
        }
        try {
            if (options.replay()) {
                replay(options);
            } else {
                runAll(options);
            }
        } catch (AssertionError e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void replay(SimulationOptions options) {
        PacketLog log = new PacketLog(Integer.MAX_VALUE);
        String file = options.traceFile();
        try (SimulatedRun run = options.ends().begin(Scenario.of(options.from(), options.algorithm()));
             Writer trace = file == null ? Writer.nullWriter() : Files.newBufferedWriter(Path.of(file))) {
            log.attach(run);
            if (run instanceof ScenarioRun engines) {
                HostTrace.attach(engines.hosts().client(), trace, "client");
                HostTrace.attach(engines.hosts().server(), trace, "server");
            }
            try {
                run.run();
            } finally {
                log.lines().forEach(System.out::println);
                System.out.println(run);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void runAll(SimulationOptions options) {
        long start = System.nanoTime();
        Totals totals = new Totals();
        for (long i = 0; i < options.seeds(); i++) {
            run(options.from() + i, options.algorithm(), options.ends(), totals);
            if ((i + 1) % REPORT_EVERY == 0) {
                System.out.println(i + 1 + " scenarios, " + (System.nanoTime() - start) / 1_000_000_000 + " s");
            }
        }
        System.out.println(options.seeds() + " scenarios, " + totals.packets + " packets, " + totals.bytes + " bytes delivered in "
            + totals.virtualNanos / 1_000_000_000 + " virtual seconds: no violation");
    }

    /**
     * Runs one seed's scenario.
     *
     * @param algorithm  the congestion control of both ends, or {@code null} for one of the seed's choice
     * @throws AssertionError if anything is not as it must be; the message says what, how to see it again, and shows the last packets
     */
    public static void run(long seed, CongestionControlFactory algorithm) {
        run(seed, algorithm, SimulatedRun.Ends.ENGINES, new Totals());
    }

    /** The same with the channels that ship at both ends. */
    static void runChannels(long seed, CongestionControlFactory algorithm) {
        run(seed, algorithm, SimulatedRun.Ends.CHANNELS, new Totals());
    }

    private static void run(long seed, CongestionControlFactory algorithm, SimulatedRun.Ends ends, Totals totals) {
        Scenario scenario = Scenario.of(seed, algorithm);
        try (SimulatedRun run = ends.begin(scenario)) {
            run.run();
            totals.add(run);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(report(scenario, algorithm, ends, e), e);
        }
    }

    /** The same once more, now with a log: the same seed fails in the same way. */
    private static String report(Scenario scenario, CongestionControlFactory algorithm, SimulatedRun.Ends ends, Throwable failure) {
        PacketLog log = new PacketLog(LAST_PACKETS);
        String secondFailure = "none: the run is not deterministic";
        String end;
        try (SimulatedRun again = ends.begin(scenario)) {
            log.attach(again);
            try {
                again.run();
            } catch (AssertionError | RuntimeException e) {
                secondFailure = e.toString();
            }
            end = again.toString();
        }
        String replay = "mvn -q -pl testsuite -am -DskipTests compile exec:exec@simulate -Dsimulate.arguments=\"--replay " + scenario.seed()
            + (ends == SimulatedRun.Ends.CHANNELS ? " --channels" : "")
            + (algorithm == null ? "" : " --algorithm " + algorithm.name()) + '"';
        return String.join(System.lineSeparator(), List.of("seed " + scenario.seed() + ": " + failure, replay,
            secondFailure.equals(failure.toString()) ? "second run: the same" : "second run: " + secondFailure,
            String.join(System.lineSeparator(), log.lines()), end));
    }

    /** So that nobody mistakes scenarios in which nothing happens for success. */
    private static final class Totals {
        private long packets;
        private long bytes;
        private long virtualNanos;

        void add(SimulatedRun run) {
            packets += run.packets();
            bytes += run.deliveredBytes();
            virtualNanos += run.nowNanos();
        }
    }
}
