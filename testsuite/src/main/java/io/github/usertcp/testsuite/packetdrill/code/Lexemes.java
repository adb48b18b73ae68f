package io.github.usertcp.testsuite.packetdrill.code;

import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a code block, read from front to back. A statement ends with {@link #END_OF_STATEMENT}. */
final class Lexemes {
    static final String END_OF_STATEMENT = "\n";
    private static final Pattern LEXEME = Pattern.compile(
        "(?<skip>[ \\t\\r]+|#[^\\n]*|\\\\\\n)|(?<end>[\\n;])"
            + "|(?<word>[A-Za-z_]\\w*|0[xX][0-9a-fA-F]+|\\d+|'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\""
            + "|//|<<|>>|==|!=|<=|>=|\\+=|-=|[-+*/%&|^~()<>=,])");

    private final List<String> words = new ArrayList<>();
    private int next;

    Lexemes(String text) {
        Matcher matcher = LEXEME.matcher(text);
        int index = 0;
        int depth = 0;
        while (index < text.length()) {
            if (!matcher.region(index, text.length()).lookingAt()) {
                throw new UnsupportedFeatureException("code: '" + text.charAt(index) + '\'');
            }
            index = matcher.end();
            String word = matcher.group("word");
            if (word != null) {
                depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
                words.add(word);
            } else if (matcher.group("end") != null && depth == 0) {
                words.add(END_OF_STATEMENT);
            }
        }
        words.add(END_OF_STATEMENT);
    }

    boolean isAtEnd() {
        return next >= words.size();
    }

    String peek() {
        return isAtEnd() ? END_OF_STATEMENT : words.get(next);
    }


    String take() {
        String word = peek();
        next++;
        return word;
    }

    boolean takeIf(String word) {
        boolean there = peek().equals(word);
        if (there) {
            next++;
        }
        return there;
    }

    void expect(String word) {
        if (!takeIf(word)) {
            throw new UnsupportedFeatureException("code: " + shown(peek()) + " instead of " + shown(word));
        }
    }

    /** The words from one position to the current one, for a message. */
    String since(int start) {
        return String.join(" ", words.subList(start, Math.min(next, words.size()))).replace("( ", "(").replace(" )", ")");
    }

    int position() {
        return next;
    }

    private static String shown(String word) {
        return word.equals(END_OF_STATEMENT) ? "end of line" : '\'' + word + '\'';
    }
}
