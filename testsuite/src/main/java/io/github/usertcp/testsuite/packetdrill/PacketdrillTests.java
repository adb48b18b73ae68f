package io.github.usertcp.testsuite.packetdrill;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.usertcp.testsuite.packetdrill.run.ScriptRunner;
import io.github.usertcp.testsuite.packetdrill.run.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Scripts as tests of JUnit Jupiter, for a {@code @TestFactory} method to return. */
public final class PacketdrillTests {
    private PacketdrillTests() {
    }

    /**
     * A test for each script below a directory, named by its path there. A skipped script is an aborted test.
     *
     * @throws IOException  if the directory cannot be read
     */
    public static Stream<DynamicTest> below(Path directory, ScriptRunner runner) throws IOException {
        // Without a source URI, though there is one: Maven Surefire neither counts nor reports tests that have any.
        return ScriptFiles.below(directory).stream().map(file ->
            DynamicTest.dynamicTest(directory.relativize(file).toString(), () -> check(runner.run(file))));
    }

    private static void check(Verdict verdict) {
        switch (verdict.kind()) {
            case FAIL -> fail(verdict.message());
            case SKIP -> abort("not supported: " + verdict.message());
            case PASS -> {
                // as it should
            }
        }
    }
}
