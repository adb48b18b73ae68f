package io.github.usertcp.testsuite.benchmark;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the command line says.
 *
 * @param words     what may be chosen from
 * @param rounds    how often everything is measured, 1 to 1000
 * @param duration  how long each measurement takes, warm-up not included, 1 s to 10 min
 * @param only      words that the name of a workload or transport must contain; empty for all
 */
public record BenchmarkOptions(Words words, int rounds, Duration duration, Set<String> only) {
    private static final int DEFAULT_ROUNDS = 5;
    private static final int DEFAULT_SECONDS = 2;

    /** What a benchmark calls its workloads and transports, in small letters, in the order of its usage. */
    public record Words(List<String> workloads, List<String> transports) {
    }

    /** The options, or the end of the program with its usage if there is an argument it does not understand. */
    public static BenchmarkOptions parseOrExit(String program, Words words, String... args) {
        try {
            return parse(words, args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(usage(program, words));
            System.exit(2);
            throw e;
        }
    }

    /** @throws IllegalArgumentException  naming the argument that is wrong */
    static BenchmarkOptions parse(Words words, String... args) {
        int rounds = DEFAULT_ROUNDS;
        int seconds = DEFAULT_SECONDS;
        Set<String> only = Set.of();
        for (Iterator<String> arguments = List.of(args).iterator(); arguments.hasNext();) {
            String option = arguments.next();
            switch (option) {
                case "--rounds" -> rounds = number(option, value(option, arguments), 1000);
                case "--seconds" -> seconds = number(option, value(option, arguments), 600);
                case "--only" -> only = chosen(words, value(option, arguments));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new BenchmarkOptions(words, rounds, Duration.ofSeconds(seconds), only);
    }

    static String usage(String program, Words words) {
        return "Usage: " + program + " [--rounds N] [--seconds N] [--only WORD,...]"
            + "\n  --rounds N     how often everything is measured (default " + DEFAULT_ROUNDS + ")"
            + "\n  --seconds N    length of one measurement (default " + DEFAULT_SECONDS + ")"
            + "\n  --only WORDS   only these workloads (" + String.join(", ", words.workloads()) + ") and transports ("
            + String.join(", ", words.transports()) + ")";
    }

    public boolean includes(String transport, String workload) {
        return allows(words.workloads(), workload) && allows(words.transports(), transport.toLowerCase(Locale.ROOT));
    }

    /** Words of another kind than {@code kind} do not narrow the choice. */
    private boolean allows(List<String> kind, String name) {
        return only.stream().noneMatch(kind::contains) || only.stream().filter(kind::contains).anyMatch(name::contains);
    }

    private static String value(String option, Iterator<String> arguments) {
        if (!arguments.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments.next();
    }

    private static int number(String option, String text, int max) {
        int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(option + ": " + text + " (expected: 1 to " + max + ")");
        }
        return number;
    }

    private static Set<String> chosen(Words words, String list) {
        Set<String> only = Set.of(list.toLowerCase(Locale.ROOT).split(","));
        for (String word : only) {
            if (!words.workloads().contains(word) && !words.transports().contains(word)) {
                throw new IllegalArgumentException("--only: " + word + " is neither a workload nor a transport");
            }
        }
        return only;
    }
}
