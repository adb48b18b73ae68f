package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.testsuite.packetdrill.script.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads a system call from its name on. */
final class CallParser {
    private final Tokens tokens;

    CallParser(Tokens tokens) {
        this.tokens = tokens;
    }

    SystemCall call(long endMicros) {
        Token name = tokens.expect(Kind.WORD);
        tokens.expect('(');
        List<Expression> arguments = list(')');
        tokens.expect('=');
        Expression result = tokens.takeIf('?') ? new Expression.Ellipsis() : expression();
        String errno = tokens.is(Kind.WORD) ? tokens.take().text() : "";
        while (tokens.is('(')) {
            note();
        }
        return new SystemCall(name.position(), endMicros, name.text(), arguments, result, errno);
    }

    /** What strace would print behind the result: for the reader only. */
    private void note() {
        tokens.expect('(');
        while (!tokens.takeIf(')')) {
            if (tokens.is(Kind.END)) {
                tokens.fail("')'");
            }
            tokens.take();
        }
    }

    private List<Expression> list(char close) {
        List<Expression> items = new ArrayList<>();
        if (tokens.takeIf(close)) {
            return items;
        }
        do {
            items.add(expression());
        } while (tokens.takeIf(','));
        tokens.expect(close);
        return List.copyOf(items);
    }

    private Expression expression() {
        Expression first = term();
        if (!tokens.is('|')) {
            return first;
        }
        List<Expression> terms = new ArrayList<>(List.of(first));
        while (tokens.takeIf('|')) {
            terms.add(term());
        }
        return new Expression.Or(List.copyOf(terms));
    }

    private Expression term() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case ELLIPSIS -> {
                tokens.take();
                yield new Expression.Ellipsis();
            }
            case INTEGER, HEX -> number();
            case STRING -> text();
            case WORD -> name();
            default -> {
                if (tokens.takeIf('[')) {
                    yield new Expression.ListOf(list(']'));
                }
                if (tokens.takeIf('{')) {
                    yield new Expression.Structure(list('}'));
                }
                tokens.fail("an expression");
                yield null;
            }
        };
    }

    private Expression number() {
        Token token = tokens.take();
        try {
            boolean hex = token.kind() == Kind.HEX;
            return new Expression.Number(hex ? Long.parseLong(token.text().substring(2), 16) : Long.parseLong(token.text()));
        } catch (NumberFormatException e) {
            throw new ScriptSyntaxException(token.position(), "number out of range: " + token.text());
        }
    }

    private Expression text() {
        StringBuilder text = new StringBuilder();
        while (tokens.is(Kind.STRING)) {
            text.append(tokens.take().text());
        }
        if (tokens.is(Kind.ELLIPSIS)) {
            tokens.take(); // "abc"...: the rest of a longer string
        }
        return new Expression.Text(text.toString());
    }

    private Expression name() {
        Token token = tokens.take();
        Expression expression = new Expression.Name(token.position(), token.text());
        if (tokens.takeIf('(')) {
            expression = new Expression.Function(token.text(), list(')'));
        }
        return tokens.takeIf('=') ? new Expression.Field(token.text(), expression()) : expression;
    }
}
