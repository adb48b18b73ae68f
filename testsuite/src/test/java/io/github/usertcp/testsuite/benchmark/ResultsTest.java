package io.github.usertcp.testsuite.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ResultsTest {
    private final Results results = new Results();

    @Test
    void medianOfOddAndEvenRounds() {
        results.add("a", Measure.CONNECTS, 30);
        results.add("a", Measure.CONNECTS, 10);
        assertEquals(20, results.median("a", Measure.CONNECTS));

        results.add("a", Measure.CONNECTS, 1000);
        assertEquals(30, results.median("a", Measure.CONNECTS));
    }

    @Test
    void tableHasTheMeasuredLinesAndTheSubjectsRatios() {
        results.add("ours", Measure.BULK_GOODPUT, 2000);
        results.add("theirs", Measure.BULK_GOODPUT, 4000);
        results.add("theirs", Measure.PING_PONG_P50, 34.06);

        assertEquals("""
            | median | ours | theirs | ours : theirs |
            |---|---:|---:|---:|
            | bulk goodput, 64 KiB writes, MB/s | 2,000 | 4,000 | 0.50 |
            | 64 B ping-pong, median, us |  | 34.1 |  |
            """, results.toMarkdown("ours"));
    }

    @Test
    void subjectInAnotherSettingIsNoRival() {
        results.add("ours", Measure.BULK_GOODPUT, 2000);
        results.add("ours, slow", Measure.BULK_GOODPUT, 1000);

        assertTrue(results.toMarkdown("ours").startsWith("| median | ours | ours, slow |\n"));
    }

    @Test
    void withoutTheSubjectThereAreNoRatios() {
        results.add("theirs", Measure.BULK_GOODPUT, 4000);

        assertTrue(results.toMarkdown("ours").startsWith("| median | theirs |\n"));
    }
}
