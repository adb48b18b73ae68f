package io.github.usertcp.testsuite.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java source as the rules see it.
 *
 * @param name      what a violation calls it
 * @param text      all of it
 * @param code      the same lines with comments blanked and literals emptied, so that a rule does not trip over prose
 * @param component the package below {@code io.github.usertcp}, such as {@code tcp}: what the direction of imports is about
 */
record SourceFile(String name, String text, String code, String component) {
    private static final Pattern COMPONENT = Pattern.compile("^package io\\.github\\.usertcp\\.(\\w+)[\\w.]*;", Pattern.MULTILINE);

    private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(
        "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'", Pattern.DOTALL);

    static SourceFile of(String name, String text) {
        String code = stripped(text);
        Matcher matcher = COMPONENT.matcher(code);
        if (!matcher.find()) {
            throw new IllegalArgumentException(name + " is in no package below io.github.usertcp");
        }
        return new SourceFile(name, text, code, matcher.group(1));
    }

    /** Every Java source below {@code root/module/src/main/java} of each module, in the order of their paths. */
    static List<SourceFile> mainSources(Path root, List<String> modules) {
        return modules.stream().flatMap(module -> javaSources(root, module + "/src/main/java").stream()).toList();
    }

    /** Every Java source below a directory of the project, in the order of their paths. */
    static List<SourceFile> javaSources(Path root, String below) {
        Path directory = root.resolve(below);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(".java"))
                .sorted()
                .map(path -> of(root.relativize(path).toString().replace('\\', '/'), read(path)))
                .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isPackageInfo() {
        return name.endsWith("package-info.java");
    }

    /** The place of an offset into the text, for messages. */
    String at(int offset) {
        return name + ":" + (1 + text.substring(0, offset).chars().filter(c -> c == '\n').count());
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blanks comments and literals character by character, so that offsets stay those of the text. */
    private static String stripped(String text) {
        return COMMENT_OR_LITERAL.matcher(text).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    }
}
