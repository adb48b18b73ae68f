package io.github.usertcp.testsuite.packetdrill;

import io.github.usertcp.testsuite.packetdrill.run.ScriptRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The project's own scripts, each of which names the section of an RFC or the rule of Linux that it tests. With all stricter
 * switches on.
 */
class OwnScriptsTest {
    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        return PacketdrillTests.below(Path.of("src/test/packetdrill"), new ScriptRunner().strict());
    }
}
