package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.testsuite.packetdrill.script.Token.Kind;
import java.util.List;

/** The tokens of a script, read from front to back. */
final class Tokens {
    private static final long MAX_32_BITS = 0xFFFF_FFFFL;

    private final List<Token> tokens;
    private int next;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    Position position() {
        return peek().position();
    }

    boolean is(Kind kind) {
        return peek().kind() == kind;
    }

    boolean is(char symbol) {
        return peek().isSymbol(symbol);
    }

    boolean takeIf(char symbol) {
        boolean there = is(symbol);
        if (there) {
            next++;
        }
        return there;
    }

    boolean takeIf(String word) {
        boolean there = peek().isWord(word);
        if (there) {
            next++;
        }
        return there;
    }

    Token expect(Kind kind) {
        return is(kind) ? take() : fail(kind.description);
    }

    void expect(char symbol) {
        if (!takeIf(symbol)) {
            fail("'" + symbol + '\'');
        }
    }

    /** A decimal or hexadecimal integer from 0 to {@code max}. */
    long number(String what, long max) {
        Token token = peek().isNumber() ? take() : fail(what);
        long value;
        try {
            value = token.kind() == Kind.HEX ? Long.parseLong(token.text().substring(2), 16) : Long.parseLong(token.text());
        } catch (NumberFormatException e) {
            throw new ScriptSyntaxException(token.position(), what + " out of range: " + token.text());
        }
        if (value < 0 || value > max) {
            throw new ScriptSyntaxException(token.position(), what + " out of range: " + token.text() + " (expected: 0 to " + max + ')');
        }
        return value;
    }

    long number32(String what) {
        return number(what, MAX_32_BITS);
    }

    /** @return never */
    Token fail(String expected) {
        throw new ScriptSyntaxException(position(), "expected " + expected + ", found " + peek().describe());
    }
}
