package io.github.usertcp.testsuite.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Draws a trace as one HTML page that needs nothing else: sequence numbers over time with what was sent again, acknowledged and reported by
 * SACK, and below it, on the same time axis, windows, bytes in flight and round-trip time.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@plot -Dplot.arguments="trace.jsonl page.html"
 * </pre>
 */
public final class Plot {
    private static final String TEMPLATE = "page.html";
    private static final String PLACE = "/*CONNECTIONS*/";

    private Plot() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("Usage: Plot TRACE.jsonl PAGE.html");
            System.exit(2);
            return;
        }
        try (BufferedReader trace = Files.newBufferedReader(Path.of(args[0]))) {
            Files.writeString(Path.of(args[1]), page(trace));
        }
    }

    /**
     * The page of a trace.
     *
     * @throws IllegalArgumentException if a line is none of a trace
     */
    static String page(BufferedReader trace) throws IOException {
        Map<String, ConnectionEvents> connections = new LinkedHashMap<>();
        for (String text = trace.readLine(); text != null; text = trace.readLine()) {
            TraceLine line = new TraceLine(text);
            connections.computeIfAbsent(line.string("c"), ConnectionEvents::new).add(line);
        }
        StringBuilder json = new StringBuilder("[");
        connections.values().forEach(connection -> {
            json.append(json.length() == 1 ? "" : ",\n");
            connection.appendTo(json);
        });
        return template().replace(PLACE, json.append(']'));
    }

    private static String template() throws IOException {
        try (InputStream in = Plot.class.getResourceAsStream(TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
