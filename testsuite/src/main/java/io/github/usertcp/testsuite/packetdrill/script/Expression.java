package io.github.usertcp.testsuite.packetdrill.script;

import java.util.List;

/** An argument or a result of a system call. */
public sealed interface Expression {
    /** {@code ...}: whatever fits. */
    record Ellipsis() implements Expression {
    }

    record Number(long value) implements Expression {
    }

    /** A symbol such as {@code SOCK_STREAM}. */
    record Name(Position position, String name) implements Expression {
    }

    record Text(String value) implements Expression {
    }

    /** {@code a|b}. */
    record Or(List<Expression> terms) implements Expression {
    }

    /** {@code name=value} in a structure. */
    record Field(String name, Expression value) implements Expression {
    }

    /** {@code [...]}. */
    record ListOf(List<Expression> items) implements Expression {
    }

    /** {@code {...}}. */
    record Structure(List<Expression> items) implements Expression {
        /** The value of a field, or {@code null}. */
        public Expression field(String name) {
            return items.stream().filter(item -> item instanceof Field field && field.name().equals(name))
                .map(item -> ((Field) item).value()).findFirst().orElse(null);
        }
    }

    /** {@code inet_addr("...")}, {@code htons(...)}. */
    record Function(String name, List<Expression> arguments) implements Expression {
    }
}
