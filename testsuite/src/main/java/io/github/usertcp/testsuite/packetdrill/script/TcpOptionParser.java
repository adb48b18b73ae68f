package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.testsuite.packetdrill.script.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads the options of a packet line, behind {@code <} and including {@code >}. */
final class TcpOptionParser {
    private static final int KIND_NOP = 1;
    private static final int KIND_EOL = 0;
    private static final int KIND_ECN_E0B_FIRST = 172;
    private static final int KIND_ECN_E1B_FIRST = 174;
    private static final long MAX_24_BITS = 0xFF_FFFFL;
    private static final int MAX_SACK_EDGES = 8;

    private final Tokens tokens;

    TcpOptionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    List<TcpOption> options() {
        List<TcpOption> options = new ArrayList<>();
        do {
            options.add(option());
        } while (tokens.takeIf(','));
        tokens.expect('>');
        return List.copyOf(options);
    }

    private TcpOption option() {
        Token name = tokens.is(Kind.WORD) ? tokens.take() : tokens.fail("a TCP option");
        return switch (name.text()) {
            case "nop" -> new TcpOption.Padding(KIND_NOP);
            case "eol" -> new TcpOption.Padding(KIND_EOL);
            case "mss" -> new TcpOption.Mss((int) tokens.number("a maximum segment size", 0xFFFF));
            case "wscale" -> new TcpOption.WindowScale((int) tokens.number("a window scale", 0xFF));
            case "sackOK" -> new TcpOption.SackPermitted();
            case "sack" -> sack();
            case "TS" -> timestamps();
            case "FO" -> new TcpOption.FastOpen(false, hex());
            case "FOEXP" -> new TcpOption.FastOpen(true, hex());
            case "md5" -> new TcpOption.Md5(hex());
            case "ECN" -> accurateEcn();
            default -> throw new ScriptSyntaxException(name.position(),
                "expected nop, eol, mss, wscale, sackOK, sack, TS, FO, FOEXP, md5 or ECN, found " + name.describe());
        };
    }

    private TcpOption sack() {
        List<Long> edges = new ArrayList<>();
        Position position = tokens.position();
        while (tokens.peek().isNumber()) {
            edges.add(tokens.number32("the left edge of a SACK block"));
            tokens.expect(':');
            edges.add(tokens.number32("the right edge of a SACK block"));
        }
        if (edges.isEmpty() || edges.size() > MAX_SACK_EDGES) {
            throw new ScriptSyntaxException(position, "expected one to four SACK blocks");
        }
        return new TcpOption.Sack(List.copyOf(edges));
    }

    private TcpOption timestamps() {
        if (!tokens.takeIf("val")) {
            tokens.fail("\"val\"");
        }
        long val = tokens.number32("a timestamp");
        if (!tokens.takeIf("ecr")) {
            tokens.fail("\"ecr\"");
        }
        return new TcpOption.Timestamps(val, tokens.number32("a timestamp"));
    }

    private TcpOption accurateEcn() {
        int kind = tokens.peek().isWord("e1b") ? KIND_ECN_E1B_FIRST : KIND_ECN_E0B_FIRST;
        List<String> order = kind == KIND_ECN_E0B_FIRST ? List.of("e0b", "ceb", "e1b") : List.of("e1b", "ceb", "e0b");
        List<Long> counters = new ArrayList<>();
        for (String counter : order) {
            if (!tokens.takeIf(counter)) {
                break;
            }
            counters.add(tokens.number("a counter", MAX_24_BITS));
        }
        if (counters.isEmpty()) {
            tokens.fail("e0b or e1b");
        }
        return new TcpOption.AccurateEcn(kind, List.copyOf(counters));
    }

    /** Hexadecimal digits, which the lexer may have taken for a word, an integer or several of both; none at all is an empty cookie. */
    private String hex() {
        Position position = tokens.position();
        StringBuilder digits = new StringBuilder();
        while (tokens.is(Kind.WORD) || tokens.peek().isNumber()) {
            digits.append(tokens.take().text());
        }
        String text = digits.toString();
        if (text.length() % 2 != 0 || !text.matches("[0-9a-fA-F]*")) {
            throw new ScriptSyntaxException(position, "expected pairs of hexadecimal digits, found \"" + text + '"');
        }
        return text;
    }
}
