package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.testsuite.benchmark.Rounds;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All that was measured, and what there is to compare of it. */
final class ComparisonTable {
    private static final Rounds NOT_MEASURED = new Rounds();

    private final List<Comparison> comparisons;
    private final Map<String, Map<Figure, Rounds>> values = new HashMap<>();

    ComparisonTable(List<Comparison> comparisons) {
        this.comparisons = comparisons;
    }

    void add(String contender, Figure figure, double value) {
        values.computeIfAbsent(contender, name -> new EnumMap<>(Figure.class)).computeIfAbsent(figure, f -> new Rounds()).add(value);
    }

    /** A Markdown table: a line for each comparison both sides of which were measured, with medians and their ratio. */
    String toMarkdown() {
        StringBuilder table = new StringBuilder("| median | usertcp | | beside | | ratio | to reach |\n|---|---|---:|---|---:|---:|---|\n");
        for (Comparison line : comparisons) {
            double subject = median(line.subject(), line.figure());
            double rival = median(line.rival(), line.figure());
            if (!Double.isNaN(subject / rival)) {
                table.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %.2f | %s |%n", line.figure().title(), line.subject(),
                    format(subject), line.rival(), format(rival), subject / rival, line.goal()));
            }
        }
        return table.toString();
    }

    private double median(String contender, Figure figure) {
        return values.getOrDefault(contender, Map.of()).getOrDefault(figure, NOT_MEASURED).median();
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }
}
