package io.github.usertcp.testsuite.house;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Code that a document shows: its lines without indentation, in pieces between lines that say {@code ...}.
 *
 * @param where   the document and the line the code starts at
 * @param pieces  consecutive lines, blank ones left out
 */
record ShownCode(String where, List<List<String>> pieces) {
    private static final Pattern MARKDOWN = Pattern.compile("^```(?:java|diff)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\\s*\\n(.*?)\\}</pre>", Pattern.DOTALL);

    static List<ShownCode> inMarkdown(String name, String text) {
        return find(MARKDOWN, name, text);
    }

    static List<ShownCode> inJavadoc(String name, String text) {
        return find(JAVADOC, name, text);
    }

    /** True if every piece stands in one of the sources, line for line. */
    boolean standsIn(List<String> sources) {
        List<List<String>> lines = sources.stream().map(ShownCode::significantLines).toList();
        return pieces.stream().allMatch(piece -> lines.stream().anyMatch(source -> indexOf(source, piece) >= 0));
    }

    private static int indexOf(List<String> source, List<String> piece) {
        return Collections.indexOfSubList(source, piece);
    }

    private static List<ShownCode> find(Pattern block, String name, String text) {
        List<ShownCode> found = new ArrayList<>();
        Matcher matcher = block.matcher(text);
        while (matcher.find()) {
            long line = 1 + text.substring(0, matcher.start()).chars().filter(c -> c == '\n').count();
            found.add(new ShownCode(name + ":" + line, pieces(matcher.group(1))));
        }
        return found;
    }

    private static List<List<String>> pieces(String code) {
        List<List<String>> pieces = new ArrayList<>();
        List<String> piece = new ArrayList<>();
        for (String line : significantLines(code)) {
            if (line.equals("...")) {
                pieces.add(piece);
                piece = new ArrayList<>();
            } else {
                piece.add(line);
            }
        }
        pieces.add(piece);
        return pieces;
    }

    /** Indentation, Javadoc's asterisks, a diff's plus signs and removed lines, and blank lines are the document's own. */
    private static List<String> significantLines(String code) {
        return Arrays.stream(code.split("\n"))
            .filter(line -> !line.startsWith("-"))
            .map(line -> line.strip().replaceFirst("^[*+] ?", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    }
}
