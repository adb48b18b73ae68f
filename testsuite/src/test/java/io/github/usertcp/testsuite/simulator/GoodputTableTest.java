package io.github.usertcp.testsuite.simulator;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of {@link GoodputTable} as it was written last, {@code goodput.txt}: that it is still true, so that nobody moves it without
 * seeing it; and that it says what it must. All of it takes minutes; some of its lines are measured again here.
 */
class GoodputTableTest {
    /** RFC 9438 section 5.2: what CUBIC reaches at a loss of 1 %, in segments; the Reno-friendly region, so that Reno does too. */
    private static final double RESPONSE_AT_ONE_PERCENT = 12;

    private static final List<String> TABLE = readTable();

    static Stream<Goodput> measuredAgain() {
        return GoodputTable.measurements().stream().filter(m -> m.rttMillis() == 10 && m.reorderingMillis() == 0 && m.loss() == 0.001
            || m.rttMillis() == 50 && m.reorderingMillis() == 5 && m.loss() == 0.0
            || m.rttMillis() == 100 && m.reorderingMillis() == 0 && m.loss() == 0.01
            || m.rttMillis() == 200 && m.reorderingMillis() == 0 && m.loss() == 0.0);
    }

    @ParameterizedTest
    @MethodSource("measuredAgain")
    void lineIsStillTrue(Goodput measurement) {
        String line = measurement.line();
        assertTrue(TABLE.contains(line), () -> "now: " + line + "\nthe table: " + like(line) + "\nexec:exec@goodput writes it anew");
    }

    @Test
    void tableIsWhole() {
        assertAll(GoodputTable.measurements().stream().map(m -> () -> assertEquals(1, lines(m).count(), m::toString)));
    }

    @Test
    void cubicAndBbrFillAPathThatLosesNothing() {
        assertShares(0.95, m -> m.loss() == 0 && m.reorderingMillis() == 0 && !m.algorithm().name().equals("reno"));
    }

    @Test
    void cubicAndBbrHardlyMindReordering() {
        assertShares(0.90, m -> m.loss() == 0 && m.reorderingMillis() > 0 && !m.algorithm().name().equals("reno"));
    }

    @Test
    void bbrWithstandsRandomLoss() {
        assertShares(0.80, m -> m.algorithm().name().equals("bbr") && m.loss() == 0.01 && m.reorderingMillis() == 0 && m.rttMillis() == 100);
    }

    @Test
    void cubicFollowsItsResponseFunction() {
        assertAll(GoodputTable.measurements().stream()
            .filter(m -> m.algorithm().name().equals("cubic") && m.loss() == 0.01 && m.reorderingMillis() == 0)
            .map(m -> () -> {
                double expected = RESPONSE_AT_ONE_PERCENT * Goodput.PAYLOAD_BYTES * 1000 / m.rttMillis() / Goodput.capacityBytesPerSecond();
                assertEquals(expected, share(m), 0.15 * expected, m::toString);
            }));
    }

    @Test
    void flowsShareFairly() {
        assertAll(Algorithms.GENERAL.stream().map(algorithm -> () -> {
            String line = TABLE.stream().filter(l -> l.matches(algorithm.name() + " +[\\d.]+")).findFirst().orElseThrow();
            assertTrue(lastNumber(line) >= 0.95, line);
        }));
    }

    private static void assertShares(double least, Predicate<Goodput> which) {
        assertAll(GoodputTable.measurements().stream().filter(which).map(m -> () -> assertTrue(share(m) >= least, () -> m + ": " + share(m))));
    }

    private static double share(Goodput measurement) {
        return lastNumber(lines(measurement).findFirst().orElseThrow());
    }

    private static Stream<String> lines(Goodput measurement) {
        return TABLE.stream().filter(line -> line.startsWith(measurement.columns() + " "));
    }

    private static String like(String line) {
        String columns = line.substring(0, line.lastIndexOf(' ')).stripTrailing();
        return TABLE.stream().filter(l -> l.startsWith(columns + " ")).findFirst().orElse("has no such line");
    }

    private static double lastNumber(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static List<String> readTable() {
        try (InputStream in = GoodputTableTest.class.getResourceAsStream("/goodput.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
