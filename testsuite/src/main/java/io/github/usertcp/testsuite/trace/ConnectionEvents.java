package io.github.usertcp.testsuite.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a trace tells of one connection, as the page wants it: for each kind of event one row of numbers, time in microseconds first in each
 * group.
 */
final class ConnectionEvents {
    private static final long NANOS_PER_MICRO = 1_000;

    private final String name;
    private final Map<String, List<Object>> rows = new LinkedHashMap<>();
    private String lastKnown = "";

    ConnectionEvents(String name) {
        this.name = name;
        for (String row : List.of("send", "resend", "recv", "ack", "sack", "mark", "loss", "state", "known")) {
            rows.put(row, new ArrayList<>());
        }
    }

    void add(TraceLine line) {
        String kind = line.string("k");
        double micros = line.number("t") / (double) NANOS_PER_MICRO;
        switch (kind) {
            case "send", "resend", "recv" -> put(kind, micros, line.number("seq"), line.number("end"));
            case "ack" -> put(kind, micros, line.number("ack"), line.number("edge"));
            case "sack" -> sack(line, micros);
            case "mark" -> put(kind, micros);
            case "loss" -> put(kind, micros, line.number("lost"));
            case "state" -> put(kind, micros, line.string("state"));
            case "cwnd" -> { } // in every line
            default -> throw new IllegalArgumentException("unknown kind: " + kind);
        }
        known(line, micros);
    }

    private void sack(TraceLine line, double micros) {
        List<Long> edges = line.pairs();
        for (int i = 0; i < edges.size(); i += 2) {
            put("sack", micros, edges.get(i), edges.get(i + 1));
        }
    }

    /** Only when something of it is another than before. */
    private void known(TraceLine line, double micros) {
        long cwnd = line.number("cwnd");
        long ssthresh = line.number("ssthresh");
        long srtt = line.number("srtt");
        long flight = line.number("flight");
        String known = cwnd + " " + ssthresh + " " + srtt + " " + flight;
        if (cwnd >= 0 && !known.equals(lastKnown)) {
            lastKnown = known;
            put("known", micros, cwnd, ssthresh, srtt, flight);
        }
    }

    private void put(String row, Object... values) {
        rows.get(row).addAll(List.of(values));
    }

    /** As a JSON object that may stand inside of an HTML script element. */
    void appendTo(StringBuilder json) {
        json.append("{\"name\":").append(quoted(name));
        rows.forEach((row, values) -> {
            json.append(",\n\"").append(row).append("\":[");
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                json.append(i == 0 ? "" : ",").append(value instanceof Double micros ? number(micros) : value instanceof String text
                    ? quoted(text) : value.toString());
            }
            json.append(']');
        });
        json.append('}');
    }

    private static String number(double micros) {
        return micros == Math.rint(micros) ? Long.toString((long) micros) : Double.toString(micros);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("<", "\\u003c") + '"';
    }
}
