package io.github.usertcp.testsuite.benchmark;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the command line says.
 *
 * @param rounds    how often everything is measured, 1 to 1000
 * @param duration  how long each measurement takes, warm-up not included, 1 s to 10 min
 * @param only      words that the name of a workload or transport must contain; empty for all
 */
record BenchmarkOptions(int rounds, Duration duration, Set<String> only) {
    static final String USAGE = """
        Usage: Benchmark [--rounds N] [--seconds N] [--only WORD,...]
          --rounds N     how often everything is measured (default 5)
          --seconds N    length of one measurement (default 2)
          --only WORDS   only these workloads (bulk, pingpong, connects, many) and transports (usertcp, epoll, quic, udp)""";

    private static final Set<String> WORKLOAD_WORDS = Set.of("bulk", "pingpong", "connects", "many");
    private static final Set<String> TRANSPORT_WORDS = Set.of("usertcp", "epoll", "quic", "udp");

    /** @throws IllegalArgumentException  naming the argument that is wrong */
    static BenchmarkOptions parse(String... args) {
        int rounds = 5;
        int seconds = 2;
        Set<String> only = Set.of();
        for (Iterator<String> words = List.of(args).iterator(); words.hasNext();) {
            String option = words.next();
            switch (option) {
                case "--rounds" -> rounds = number(option, value(option, words), 1000);
                case "--seconds" -> seconds = number(option, value(option, words), 600);
                case "--only" -> only = words(value(option, words));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new BenchmarkOptions(rounds, Duration.ofSeconds(seconds), only);
    }

    boolean includes(String transport, String workload) {
        return allows(WORKLOAD_WORDS, workload) && allows(TRANSPORT_WORDS, transport.toLowerCase(Locale.ROOT));
    }

    /** Words of another kind than {@code kind} do not narrow the choice. */
    private boolean allows(Set<String> kind, String name) {
        return only.stream().noneMatch(kind::contains) || only.stream().filter(kind::contains).anyMatch(name::contains);
    }

    private static String value(String option, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return words.next();
    }

    private static int number(String option, String text, int max) {
        int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(option + ": " + text + " (expected: 1 to " + max + ")");
        }
        return number;
    }

    private static Set<String> words(String list) {
        Set<String> words = Set.of(list.toLowerCase(Locale.ROOT).split(","));
        for (String word : words) {
            if (!WORKLOAD_WORDS.contains(word) && !TRANSPORT_WORDS.contains(word)) {
                throw new IllegalArgumentException("--only: " + word + " is neither a workload nor a transport");
            }
        }
        return words;
    }
}
