package io.github.usertcp.testsuite.benchmark.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
    private static final String HEAD = """
        | median | usertcp | | beside | | ratio | to reach |
        |---|---|---:|---|---:|---:|---|
        """;

    @Test
    void lineHasBothMediansTheirRatioAndTheGoal() {
        ComparisonTable table = new ComparisonTable(List.of(
            new Comparison(Figure.DOWNLOAD, "ours", "theirs", "at least 0.60"), new Comparison(Figure.PING_PONG, "ours", "theirs", "")));
        for (double value : new double[] {1500, 100, 1200}) {
            table.add("ours", Figure.DOWNLOAD, value);
            table.add("theirs", Figure.DOWNLOAD, 2 * value);
        }
        table.add("ours", Figure.PING_PONG, 33.44);
        table.add("theirs", Figure.PING_PONG, 30);

        assertEquals(HEAD + """
            | bulk, server to client, MB/s | ours | 1,200 | theirs | 2,400 | 0.50 | at least 0.60 |
            | 64 B ping-pong, median, us | ours | 33.4 | theirs | 30.0 | 1.11 |  |
            """, table.toMarkdown());
    }

    @Test
    void whatWasNotMeasuredOnBothSidesHasNoLine() {
        ComparisonTable table = new ComparisonTable(List.of(
            new Comparison(Figure.UPLOAD, "ours", "absent", ""), new Comparison(Figure.UPLOAD, "absent", "theirs", "")));
        table.add("ours", Figure.UPLOAD, 1);
        table.add("theirs", Figure.UPLOAD, 1);

        assertEquals(HEAD, table.toMarkdown());
    }
}
