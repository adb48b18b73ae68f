package io.github.usertcp.testsuite.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of a trace: a flat JSON object whose values are numbers, plain strings, null, and once pairs of numbers. */
final class TraceLine {
    private static final Pattern PAIR = Pattern.compile("\\[(-?\\d+),(-?\\d+)]");

    private final String text;

    /** @throws IllegalArgumentException if it is no JSON object */
    TraceLine(String text) {
        if (!text.startsWith("{") || !text.endsWith("}")) {
            throw new IllegalArgumentException("no line of a trace: " + text);
        }
        this.text = text;
    }

    /**
     * The value of a key.
     *
     * @return -1 if it is null
     * @throws IllegalArgumentException if there is none, or it is no integer
     */
    long number(String key) {
        String value = value(key);
        try {
            return value.equals("null") ? -1 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is no integer: " + text);
        }
    }

    /** The value of a key without its quotes; "null" for null. */
    String string(String key) {
        String value = value(key);
        return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
    }

    /** The pairs of numbers in the line, one after the other. */
    List<Long> pairs() {
        List<Long> numbers = new ArrayList<>();
        for (Matcher matcher = PAIR.matcher(text); matcher.find();) {
            numbers.add(Long.parseLong(matcher.group(1)));
            numbers.add(Long.parseLong(matcher.group(2)));
        }
        return numbers;
    }

    private String value(String key) {
        String quoted = '"' + key + "\":";
        int start = text.indexOf(quoted);
        if (start < 0) {
            throw new IllegalArgumentException("no " + key + ": " + text);
        }
        start += quoted.length();
        int end = start;
        while (text.charAt(end) != ',' && text.charAt(end) != '}') {
            end++;
        }
        return text.substring(start, end);
    }
}
