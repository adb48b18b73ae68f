package io.github.usertcp.testsuite.benchmark.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProgramsTest {
    @Test
    void whatAProgramPrintsIsReturned() throws Exception {
        try (Programs programs = new Programs("sh", "-c")) {
            assertEquals("one two", programs.run("echo one two"));
        }
    }

    @Test
    void failureSaysWhatTheProgramSaid() {
        try (Programs programs = new Programs()) {
            IOException failure = assertThrows(IOException.class, () -> programs.run("sh", "-c", "echo no such device >&2; exit 3"));

            assertEquals("sh failed: no such device", failure.getMessage());
        }
    }

    @Test
    void closingEndsWhatStillRuns() throws Exception {
        Programs programs = new Programs();
        Process process = programs.start("cat");
        assertTrue(process.isAlive());

        programs.close();

        assertFalse(process.isAlive());
    }

    @Test
    void interruptedWaitLeavesTheProgramToClose() throws Exception {
        Programs programs = new Programs();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> programs.run("cat"));

        programs.close();

        assertFalse(Thread.interrupted());
    }

    @Test
    void programsAreLookedForWhereRootHasThem() {
        assertTrue(Programs.isInstalled("sh"));
        assertFalse(Programs.isInstalled("no-such-program"));
    }
}
