package io.github.usertcp.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final String USAGE = "Download [--plain] [--port PORT] [--size BYTES] [--server | --client HOST:PORT]";

    @Test
    void defaultsStandInForWhatIsNotGiven() {
        Arguments none = Arguments.parse(USAGE);
        assertFalse(none.has("--plain"));
        assertEquals(8443, none.port(8443));
        assertEquals(1000, none.size(1000));
        assertEquals("localhost", none.client("localhost:8443").getHostString());
    }

    @Test
    void valuesAreTaken() {
        Arguments given = Arguments.parse(USAGE, "--plain", "--port", "7", "--client", "[::1]:9", "--size", "5");
        assertTrue(given.has("--plain"));
        assertEquals(7, given.port(8443));
        assertEquals(5, given.size(1));
        assertEquals("::1", given.client("localhost:1").getHostString());
        assertEquals(9, given.client("localhost:1").getPort());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 1000", "2K, 2048", "256M, 268435456", "3G, 3221225472"})
    void sizesMayHaveAUnit(String text, long bytes) {
        assertEquals(bytes, Arguments.parse(USAGE, "--size", text).size(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--nonsense", "plain", "--", "-p", "--pla", ".*", "--port", "--port x", "--port -1", "--port 65536", "--size", "--size -1", "--size M",
        "--size 9999999999G", "--client localhost", "--client :80", "--client localhost:http", "--server --client localhost:1",
    })
    void badArgumentIsNamed(String line) {
        String[] args = line.split(" ");
        String message = assertThrows(IllegalArgumentException.class, () -> Arguments.parse(USAGE, args)).getMessage();
        assertTrue(message.contains(args[0]), message);
    }

    @Test
    void argumentOfAnotherProgramIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Arguments.parse("EchoServer [--port PORT]", "--plain"));
    }
}
