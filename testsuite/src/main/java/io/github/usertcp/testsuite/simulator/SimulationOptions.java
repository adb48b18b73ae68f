package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;

/**
 * What the command line of {@link Simulation} asks for.
 *
 * @param from       the first seed
 * @param seeds      how many
 * @param ends       what is at the ends of the paths
 * @param algorithm  {@code null} for one of each scenario's own choice
 * @param replay     one seed, with all its packets
 * @param traceFile  where to write the trace of a replay, {@code null} for nowhere
 */
record SimulationOptions(long from, long seeds, SimulatedRun.Ends ends, CongestionControlFactory algorithm, boolean replay,
                         String traceFile) {
    static final String USAGE = """
        Usage: Simulation [--channels] [--seeds N] [--from SEED] [--algorithm NAME]
               Simulation --replay SEED [--channels | --trace FILE] [--algorithm NAME]""";

    private static final long DEFAULT_SEEDS = 10_000;

    /** @throws IllegalArgumentException naming what is wrong */
    static SimulationOptions parse(String... args) {
        SimulationOptions options = new SimulationOptions(1, DEFAULT_SEEDS, SimulatedRun.Ends.ENGINES, null, false, null);
        int next = 0;
        while (next < args.length) {
            if (args[next].equals("--channels")) {
                options = options.withChannels();
                next++;
            } else if (next + 1 == args.length) {
                throw new IllegalArgumentException(args[next] + " (expected: an option and its value)");
            } else {
                options = options.with(args[next], args[next + 1]);
                next += 2;
            }
        }
        if (options.ends == SimulatedRun.Ends.CHANNELS && options.traceFile != null) {
            throw new IllegalArgumentException("--trace (expected: without --channels)");
        }
        return options;
    }

    private SimulationOptions withChannels() {
        return new SimulationOptions(from, seeds, SimulatedRun.Ends.CHANNELS, algorithm, replay, traceFile);
    }

    private SimulationOptions with(String name, String value) {
        return switch (name) {
            case "--seeds" -> new SimulationOptions(from, number(name, value), ends, algorithm, replay, traceFile);
            case "--from" -> new SimulationOptions(number(name, value), seeds, ends, algorithm, replay, traceFile);
            case "--algorithm" -> new SimulationOptions(from, seeds, ends, Algorithms.named(value), replay, traceFile);
            case "--replay" -> new SimulationOptions(number(name, value), 1, ends, algorithm, true, traceFile);
            case "--trace" -> new SimulationOptions(from, seeds, ends, algorithm, replay, value);
            default -> throw new IllegalArgumentException("unknown option: " + name);
        };
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a number)");
        }
    }
}
