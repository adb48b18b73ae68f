package io.github.usertcp.testsuite.benchmark;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All that was measured: for each transport and measure one value a round. */
final class Results {
    private static final Rounds NOT_MEASURED = new Rounds();

    private final Map<String, Map<Measure, Rounds>> values = new LinkedHashMap<>();

    void add(String transport, Measure measure, double value) {
        values.computeIfAbsent(transport, name -> new EnumMap<>(Measure.class)).computeIfAbsent(measure, m -> new Rounds()).add(value);
    }

    /** Median over the rounds, NaN if the transport was not measured. */
    double median(String transport, Measure measure) {
        return values.getOrDefault(transport, Map.of()).getOrDefault(measure, NOT_MEASURED).median();
    }

    /**
     * A Markdown table: a line for each measure, a column for each transport,
     * and the subject's value divided by that of each rival.
     * A column whose name starts with the subject's is the subject in another setting, and no rival.
     */
    String toMarkdown(String subject) {
        List<String> transports = new ArrayList<>(values.keySet());
        List<String> rivals = transports.stream().filter(name -> transports.contains(subject) && !name.startsWith(subject)).toList();
        StringBuilder table = new StringBuilder("| median |");
        transports.forEach(name -> table.append(' ').append(name).append(" |"));
        rivals.forEach(name -> table.append(' ').append(subject).append(" : ").append(name).append(" |"));
        table.append("\n|---|").append("---:|".repeat(transports.size() + rivals.size())).append('\n');
        for (Measure measure : Measure.values()) {
            if (transports.stream().allMatch(name -> Double.isNaN(median(name, measure)))) {
                continue;
            }
            table.append("| ").append(measure.title()).append(", ").append(measure.unit()).append(" |");
            transports.forEach(name -> table.append(' ').append(format(median(name, measure))).append(" |"));
            rivals.forEach(name -> table.append(' ').append(ratio(median(subject, measure), median(name, measure))).append(" |"));
            table.append('\n');
        }
        return table.toString();
    }

    private static String format(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String ratio(double subject, double rival) {
        double ratio = subject / rival;
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio);
    }
}
