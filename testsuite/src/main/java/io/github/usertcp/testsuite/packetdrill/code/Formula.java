package io.github.usertcp.testsuite.packetdrill.code;

import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.Map;
import java.util.Set;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

/**
 * An integer expression by Python's rules of precedence: or, and, not, chained comparisons, {@code | ^ &}, shifts, sums, products,
 * signs. True is 1.
 */
final class Formula {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    /** From loosest to tightest. */
    private static final String[][] LEVELS = {{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "//", "%"}};
    private static final Map<String, LongBinaryOperator> OPERATORS = Map.of(
        "|", (a, b) -> a | b, "^", (a, b) -> a ^ b, "&", (a, b) -> a & b, "<<", (a, b) -> a << b, ">>", (a, b) -> a >> b,
        "+", Long::sum, "-", (a, b) -> a - b, "*", (a, b) -> a * b, "//", Formula::floorDivide, "%", Formula::floorModulo);

    private final Lexemes lexemes;
    private final ToLongFunction<String> variables;

    Formula(Lexemes lexemes, ToLongFunction<String> variables) {
        this.lexemes = lexemes;
        this.variables = variables;
    }

    long value() {
        long value = conjunction();
        while (lexemes.takeIf("or")) {
            long right = conjunction();
            value = value != 0 ? value : right;
        }
        return value;
    }

    private long conjunction() {
        long value = negation();
        while (lexemes.takeIf("and")) {
            long right = negation();
            value = value == 0 ? value : right;
        }
        return value;
    }

    private long negation() {
        return lexemes.takeIf("not") ? negation() == 0 ? 1 : 0 : comparison();
    }

    /** {@code a < b <= c} means both. */
    private long comparison() {
        long left = binary(0);
        if (!COMPARISONS.contains(lexemes.peek())) {
            return left;
        }
        boolean holds = true;
        while (COMPARISONS.contains(lexemes.peek())) {
            String operator = lexemes.take();
            long right = binary(0);
            holds &= compare(left, operator, right);
            left = right;
        }
        return holds ? 1 : 0;
    }

    private static boolean compare(long left, String operator, long right) {
        return switch (operator) {
            case "==" -> left == right;
            case "!=" -> left != right;
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
        };
    }

    private long binary(int level) {
        if (level == LEVELS.length) {
            return signed();
        }
        long value = binary(level + 1);
        while (Set.of(LEVELS[level]).contains(lexemes.peek())) {
            String operator = lexemes.take();
            LongBinaryOperator operation = OPERATORS.get(operator);
            if (operation == null) {
                throw new UnsupportedFeatureException("code: operator " + operator);
            }
            value = operation.applyAsLong(value, binary(level + 1));
        }
        return value;
    }

    private static long floorDivide(long a, long b) {
        return Math.floorDiv(a, nonZero(b));
    }

    private static long floorModulo(long a, long b) {
        return Math.floorMod(a, nonZero(b));
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new AssertionFailedException("division by zero");
        }
        return divisor;
    }

    private long signed() {
        if (lexemes.takeIf("-")) {
            return -signed();
        }
        return lexemes.takeIf("~") ? ~signed() : lexemes.takeIf("+") ? signed() : atom();
    }

    private long atom() {
        if (lexemes.takeIf("(")) {
            long value = value();
            lexemes.expect(")");
            return value;
        }
        String word = lexemes.take();
        char first = word.charAt(0);
        if (Character.isDigit(first)) {
            return Long.decode(word);
        }
        if (!Character.isJavaIdentifierStart(first) || lexemes.peek().equals("(")) {
            throw new UnsupportedFeatureException("code: " + word.strip());
        }
        return switch (word) {
            case "True" -> 1;
            case "False" -> 0;
            default -> variables.applyAsLong(word);
        };
    }
}
