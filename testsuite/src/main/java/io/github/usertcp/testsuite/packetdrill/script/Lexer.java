package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.testsuite.packetdrill.script.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a script into {@link Token}s: free-form whitespace, C comments, the longest match wins, so that {@code 0...0.300} is 0, an
 * ellipsis and 0.300.
 */
final class Lexer {
    private static final Pattern BLANK = Pattern.compile("(?:\\s+|//[^\\n]*|/\\*(?s:.*?)\\*/)+");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile("-?\\d*\\.\\d+");
    private static final Pattern INTEGER = Pattern.compile("-?\\d+");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern OPTION = Pattern.compile("--[A-Za-z0-9_]+(?:=(?:[A-Za-z0-9_]+=)?(?:\"[^\"]*\"|`[^`]*`|[^\\s\"`]*))?");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-fA-F]{1,2}|.)");
    private static final Pattern BACKQUOTED = Pattern.compile("`([^`]*)`");
    private static final Pattern CODE = Pattern.compile("%\\{(?s:(.*?))\\}%");
    private static final Map<Kind, Pattern> PLAIN =
        Map.of(Kind.OPTION, OPTION, Kind.HEX, HEX, Kind.FLOAT, FLOAT, Kind.INTEGER, INTEGER, Kind.WORD, WORD);
    private static final String SYMBOLS = "+*~<>()[]{}:,=|-./?&!";

    private final String file;
    private final String text;
    private final Map<String, String> defines;
    private final List<Token> tokens = new ArrayList<>();
    private int index;
    private int line = 1;
    private int lineStart;

    /** @param defines  symbols to replace, with their values as they were written after {@code --define=NAME=} */
    Lexer(String file, String text, Map<String, String> defines) {
        this.file = file;
        this.text = text;
        this.defines = defines;
    }

    List<Token> tokens() {
        Matcher matcher = matcher(BLANK);
        if (matcher.lookingAt()) {
            advance(matcher.end());
        }
        while (index < text.length()) {
            tokens.add(next());
            matcher = matcher(BLANK);
            if (matcher.lookingAt()) {
                advance(matcher.end());
            }
        }
        tokens.add(new Token(Kind.END, "", position(), index, index));
        return tokens;
    }

    private Token next() {
        char first = text.charAt(index);
        return switch (first) {
            case '"' -> quoted(Kind.STRING, STRING, "a string that ends with \"");
            case '`' -> quoted(Kind.BACKQUOTED, BACKQUOTED, "a command that ends with `");
            case '%' -> quoted(Kind.CODE, CODE, "a code block that ends with }%");
            default -> plain(first);
        };
    }

    private Token quoted(Kind kind, Pattern pattern, String expected) {
        Matcher matcher = matcher(pattern);
        if (!matcher.lookingAt()) {
            throw new ScriptSyntaxException(position(), "expected " + expected);
        }
        String content = matcher.group(1);
        return token(kind, kind == Kind.STRING ? unescape(content) : content.strip(), matcher.end());
    }

    private Token plain(char first) {
        if (text.startsWith("...", index)) {
            return token(Kind.ELLIPSIS, "...", index + 3);
        }
        Kind longest = null;
        int end = index;
        for (Kind kind : List.of(Kind.OPTION, Kind.HEX, Kind.FLOAT, Kind.INTEGER, Kind.WORD)) {
            Matcher matcher = matcher(PLAIN.get(kind));
            if (matcher.lookingAt() && matcher.end() > end) {
                longest = kind;
                end = matcher.end();
            }
        }
        if (longest == Kind.OPTION) {
            return option(end);
        }
        if (longest == Kind.WORD) {
            return word(text.substring(index, end), end);
        }
        if (longest != null) {
            return token(longest, text.substring(index, end), end);
        }
        if (SYMBOLS.indexOf(first) < 0) {
            throw new ScriptSyntaxException(position(), "unexpected character '" + first + '\'');
        }
        return token(Kind.SYMBOL, String.valueOf(first), index + 1);
    }

    private Token option(int end) {
        Token option = token(Kind.OPTION, text.substring(index + 2, end), end);
        ScriptOption parsed = ScriptOption.parse(option.text(), option.position());
        if (parsed.isDefine()) {
            defines.putIfAbsent(parsed.definedName(), parsed.definedValue()); // the command line's came first and win
        }
        return option;
    }

    private Token word(String word, int end) {
        String value = defines.get(word);
        if (value == null) {
            return token(Kind.WORD, word, end);
        }
        if (STRING.matcher(value).matches()) {
            return token(Kind.STRING, unescape(value.substring(1, value.length() - 1)), end);
        }
        if (BACKQUOTED.matcher(value).matches()) {
            return token(Kind.BACKQUOTED, value.substring(1, value.length() - 1).strip(), end);
        }
        return token(INTEGER.matcher(value).matches() ? Kind.INTEGER : HEX.matcher(value).matches() ? Kind.HEX : Kind.WORD, value, end);
    }

    private Token token(Kind kind, String content, int end) {
        Token token = new Token(kind, content, position(), index, end);
        advance(end);
        return token;
    }

    private void advance(int end) {
        for (int i = index; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        index = end;
    }

    private Position position() {
        return new Position(file, line, index - lineStart + 1);
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(index, text.length());
    }

    private static String unescape(String content) {
        return ESCAPE.matcher(content).replaceAll(match -> Matcher.quoteReplacement(unescaped(match.group(1))));
    }

    private static String unescaped(String escape) {
        return switch (escape.charAt(0)) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'f' -> "\f";
            case 'v' -> "\u000B";
            case 'x' -> escape.length() > 1 ? String.valueOf((char) Integer.parseInt(escape.substring(1), 16)) : "x";
            default -> escape;
        };
    }
}
