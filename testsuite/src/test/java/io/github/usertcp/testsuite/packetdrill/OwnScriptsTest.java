package io.github.usertcp.testsuite.packetdrill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.testsuite.packetdrill.run.ScriptRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The project's own scripts, with all stricter switches on. */
class OwnScriptsTest {
    private static final Path SCRIPTS = Path.of("src/test/packetdrill");
    /** What a script may test: a section of an RFC, a rule of Linux, or a function of the socket interface. */
    private static final String SOURCE = "// .*(RFC \\d+ (section|table)|Linux|POSIX|\\w+\\(2\\)|tcp\\(7\\)).*";

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        return PacketdrillTests.below(SCRIPTS, new ScriptRunner().strict());
    }

    @Test
    void everyScriptNamesWhereItsExpectationsComeFrom() throws IOException {
        for (Path script : ScriptFiles.below(SCRIPTS)) {
            String first = Files.readAllLines(script).get(0);
            assertTrue(first.matches(SOURCE), () -> script + ": " + first);
        }
    }
}
