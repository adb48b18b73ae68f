package io.github.usertcp.testsuite.packetdrill.code;

import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Runs the code blocks of one script, one after the other: {@code assert}, assignments and {@code print}. */
public final class Interpreter {
    private final Map<String, Long> variables = new HashMap<>();

    /**
     * Runs a block.
     *
     * @param snapshot  variables it finds, besides those that blocks before have set
     * @throws AssertionFailedException     if an assertion is false
     * @throws UnsupportedFeatureException  if it is more Python than this understands, or uses a variable nobody has set
     */
    public void run(String text, Map<String, Long> snapshot) {
        variables.putAll(snapshot);
        Lexemes lexemes = new Lexemes(text);
        while (!lexemes.isAtEnd()) {
            if (!lexemes.takeIf(Lexemes.END_OF_STATEMENT)) {
                statement(lexemes);
                lexemes.expect(Lexemes.END_OF_STATEMENT);
            }
        }
    }

    private void statement(Lexemes lexemes) {
        if (lexemes.takeIf("assert")) {
            check(lexemes);
        } else if (lexemes.takeIf("print")) {
            skipStatement(lexemes);
        } else if (lexemes.takeIf("pass")) {
            return;
        } else {
            assign(lexemes);
        }
    }

    private void check(Lexemes lexemes) {
        int start = lexemes.position();
        Map<String, Long> used = new TreeMap<>();
        boolean holds = evaluate(lexemes, used) != 0;
        String condition = lexemes.since(start);
        String message = "";
        if (lexemes.takeIf(",")) {
            message = ": " + message(lexemes);
        }
        if (!holds) {
            throw new AssertionFailedException("assert " + condition + " is false " + used + message);
        }
    }

    /** The text of a message; what it is formatted with is among the values shown anyway. */
    private static String message(Lexemes lexemes) {
        String text = lexemes.peek();
        skipStatement(lexemes);
        return text;
    }

    private static void skipStatement(Lexemes lexemes) {
        while (!lexemes.peek().equals(Lexemes.END_OF_STATEMENT)) {
            lexemes.take();
        }
    }

    private void assign(Lexemes lexemes) {
        String name = lexemes.take();
        String operator = lexemes.take();
        if (!Character.isJavaIdentifierStart(name.charAt(0))) {
            throw new UnsupportedFeatureException("code: statement " + name);
        }
        switch (operator) {
            case "=" -> variables.put(name, evaluate(lexemes, new TreeMap<>()));
            case "+=" -> variables.put(name, value(name) + evaluate(lexemes, new TreeMap<>()));
            case "-=" -> variables.put(name, value(name) - evaluate(lexemes, new TreeMap<>()));
            default -> throw new UnsupportedFeatureException("code: " + name + ' ' + operator.strip());
        }
    }

    private long evaluate(Lexemes lexemes, Map<String, Long> used) {
        return new Formula(lexemes, name -> {
            long value = value(name);
            used.put(name, value);
            return value;
        }).value();
    }

    private long value(String name) {
        Long value = variables.get(name);
        if (value == null) {
            throw new UnsupportedFeatureException(name);
        }
        return value;
    }
}
