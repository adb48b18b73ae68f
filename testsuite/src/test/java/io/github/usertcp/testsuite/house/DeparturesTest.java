package io.github.usertcp.testsuite.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every departure from an RFC that a source admits is listed in the README, and none that has gone. */
class DeparturesTest {
    private static final Pattern ADMITTED = Pattern.compile("Departs from (RFC \\d+ [\\d.]*\\d(?:(?:,| and| or) RFC \\d+ [\\d.]*\\d)*)");
    private static final Pattern LISTED = Pattern.compile("^\\| (RFC \\d+ [\\d.]*\\d) +\\|", Pattern.MULTILINE);
    private static final Pattern SECTION = Pattern.compile("RFC \\d+ [\\d.]*\\d");

    @Test
    void readmeListsTheDeparturesOfTheSources() throws IOException {
        Set<String> admitted = new TreeSet<>();
        for (SourceFile source : SourceFile.mainSources(House.ROOT, House.MODULES)) {
            admitted.addAll(departures(source.text()));
        }
        assertFalse(admitted.isEmpty());
        assertEquals(admitted, matches(LISTED, Files.readString(House.ROOT.resolve("README.md"))));
    }

    @Test
    void departuresAreFoundInComments() {
        String source = """
            // Departs from RFC 9293 3.10.7.4: because.
            /** Departs from RFC 5681 3.1 and RFC 3465 2.3: because. */
            """;
        assertEquals(Set.of("RFC 9293 3.10.7.4", "RFC 5681 3.1", "RFC 3465 2.3"), departures(source));
    }

    @Test
    void departuresAreFoundAcrossLines() {
        assertEquals(Set.of("RFC 7323 3.2"), departures("     * Departs from RFC\n     * 7323 3.2: because.\n"));
    }

    private static Set<String> departures(String source) {
        String prose = source.replaceAll("\\s*\\n\\s*(?:\\*|//)?\\s*", " ");
        return matches(ADMITTED, prose).stream().flatMap(found -> matches(SECTION, found).stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results()
            .map((MatchResult match) -> match.group(match.groupCount() > 0 ? 1 : 0))
            .collect(Collectors.toCollection(TreeSet::new));
    }
}
