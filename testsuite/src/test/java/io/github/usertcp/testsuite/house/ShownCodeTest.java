package io.github.usertcp.testsuite.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code shown in README and Javadoc is code of the examples, so that it compiles and does what the text says. */
class ShownCodeTest {
    private static final List<String> EXAMPLES = SourceFile.javaSources(House.ROOT, "examples/src").stream().map(SourceFile::text).toList();

    @Test
    void codeInTheReadmeStandsInTheExamples() throws IOException {
        List<ShownCode> shown = ShownCode.inMarkdown("README.md", Files.readString(House.ROOT.resolve("README.md")));
        assertFalse(shown.isEmpty());
        assertEquals(List.of(), missing(shown.stream()));
    }

    @Test
    void codeInJavadocStandsInTheExamples() {
        List<SourceFile> sources = SourceFile.mainSources(House.ROOT, House.MODULES);
        assertEquals(List.of(), missing(sources.stream().flatMap(source -> ShownCode.inJavadoc(source.name(), source.text()).stream())));
    }

    @Test
    void codeThatDiffersIsNoticed() {
        List<String> sources = List.of("class Example {\n    int a = 1;\n\n    int b = 2;\n    int c = 3;\n}\n");
        assertTrue(markdown("int a = 1;\nint b = 2;").standsIn(sources));
        assertTrue(markdown("int a = 1;\n...\nint c = 3;").standsIn(sources));
        assertFalse(markdown("int a = 2;").standsIn(sources));
        assertFalse(markdown("int a = 1;\nint c = 3;").standsIn(sources));
    }

    @Test
    void diffShowsWhatItLeadsTo() {
        ShownCode shown = ShownCode.inMarkdown("README.md", "```diff\n int a = 1;\n-int b = 1;\n+int b = 2;\n```\n").get(0);
        assertTrue(shown.standsIn(List.of("int a = 1;\nint b = 2;\n")));
        assertFalse(shown.standsIn(List.of("int a = 1;\nint b = 1;\n")));
    }

    @Test
    void javadocIsReadLikeMarkdown() {
        String javadoc = "/**\n * Text.\n * <pre>{@code\n * int a = 1;\n *     int b = 2;\n * }</pre>\n */\n";
        List<ShownCode> shown = ShownCode.inJavadoc("Sample.java", javadoc);
        assertEquals(List.of(new ShownCode("Sample.java:3", List.of(List.of("int a = 1;", "int b = 2;")))), shown);
    }

    private static ShownCode markdown(String code) {
        return ShownCode.inMarkdown("README.md", "Text\n```java\n" + code + "\n```\n").get(0);
    }

    private static List<String> missing(Stream<ShownCode> shown) {
        return shown.filter(code -> !code.standsIn(EXAMPLES)).map(code -> code.where() + ": " + code.pieces()).toList();
    }
}
