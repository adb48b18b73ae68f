package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.congestion.CongestionControlFactory;

/**
 * What the command line of {@link Simulation} asks for.
 *
 * @param from       the first seed
 * @param seeds      how many
 * @param algorithm  {@code null} for one of each scenario's own choice
 * @param replay     one seed, with all its packets
 * @param traceFile  where to write the trace of a replay, {@code null} for nowhere
 */
record SimulationOptions(long from, long seeds, CongestionControlFactory algorithm, boolean replay, String traceFile) {
    static final String USAGE = """
        Usage: Simulation [--seeds N] [--from SEED] [--algorithm NAME]
               Simulation --replay SEED [--algorithm NAME] [--trace FILE]""";

    private static final long DEFAULT_SEEDS = 10_000;

    /** @throws IllegalArgumentException naming what is wrong */
    static SimulationOptions parse(String... args) {
        SimulationOptions options = new SimulationOptions(1, DEFAULT_SEEDS, null, false, null);
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " (expected: an option and its value)");
            }
            options = options.with(args[i], args[i + 1]);
        }
        return options;
    }

    private SimulationOptions with(String name, String value) {
        return switch (name) {
            case "--seeds" -> new SimulationOptions(from, number(name, value), algorithm, replay, traceFile);
            case "--from" -> new SimulationOptions(number(name, value), seeds, algorithm, replay, traceFile);
            case "--algorithm" -> new SimulationOptions(from, seeds, Algorithms.named(value), replay, traceFile);
            case "--replay" -> new SimulationOptions(number(name, value), 1, algorithm, true, traceFile);
            case "--trace" -> new SimulationOptions(from, seeds, algorithm, replay, value);
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
