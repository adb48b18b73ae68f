package io.github.usertcp.testsuite.packetdrill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line: verdicts, summary, table and exit status. */
class PacketdrillTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Path script(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private int run(String... arguments) throws IOException {
        return Packetdrill.run(new PrintStream(out, true, UTF_8), arguments);
    }

    @Test
    void runsDirectoriesAndCounts() throws IOException {
        Path passing = script("a/pass.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3");
        Path skipped = script("a/skip.pkt", "0 epoll_create(1) = 3");
        Path failing = script("b/fail.pkt", "0 close(3) = 0");
        script("b/no_script.txt", "");
        Path table = directory.resolve("table.tsv");
        assertEquals(1, run("--tsv", table.toString(), directory.toString()));
        String text = out.toString(UTF_8);
        assertTrue(text.startsWith("PASS " + passing + "\nSKIP " + skipped + " (epoll_create())\nFAIL " + failing + "\n  " + failing
            + ":1:1: no socket 3"), text);
        assertTrue(text.endsWith("\n1 passed, 1 failed, 1 skipped\n"), text);
        assertEquals(List.of(passing + "\tPASS\t", skipped + "\tSKIP\tepoll_create()",
            failing + "\tFAIL\t" + failing + ":1:1: no socket 3"), Files.readAllLines(table));
    }

    @Test
    void succeedsIfNothingFails() throws IOException {
        Path skipped = script("skip.pkt", "0 NAME(1) = 3");
        assertEquals(0, run("-D", "NAME=epoll_create", skipped.toString()));
        assertEquals("SKIP " + skipped + " (epoll_create())\n0 passed, 0 failed, 1 skipped\n", out.toString(UTF_8));
    }

    @Test
    void aWrongCommandLineShowsTheRightOne() throws IOException {
        assertEquals(2, run());
        assertEquals(2, run("nowhere.pkt"));
        assertEquals(2, run("--define=x", "nowhere.pkt"));
        assertTrue(out.toString(UTF_8).contains("no such file: nowhere.pkt\nusage: usertcp-packetdrill"), out.toString(UTF_8));
    }
}
