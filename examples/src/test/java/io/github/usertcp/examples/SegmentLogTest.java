package io.github.usertcp.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.TcpSegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentLogTest {
    private final SegmentLog log = new SegmentLog();

    @Test
    void linesCountTimeAndSequenceNumbersFromTheStart() {
        log.onSent(TcpSegment.parse("S 1000:1000(0) win 65535 <mss 1460>"), 5_000_000);
        log.onReceived(TcpSegment.parse("S. 7000:7000(0) ack 1001 win 65535 <mss 1460>"), 5_250_000);
        log.onSent(TcpSegment.parse("P. 1001:1006(5) ack 7001 win 65535"), 5_500_000);

        assertEquals(List.of(
            "0.000000 > S 0:0(0) win 65535 <mss 1460>",
            "0.000250 < S. 0:0(0) ack 1 win 65535 <mss 1460>",
            "0.000500 > P. 1:6(5) ack 1 win 65535"), log.lines());
    }

    @Test
    void middleIsLeftOut() {
        for (int i = 0; i < 25; i++) {
            log.onSent(TcpSegment.parse(". " + i + ":" + i + "(0) ack 0 win 1"), i);
        }

        List<String> lines = log.lines();

        assertEquals(21, lines.size());
        assertEquals("0.000000 > . 9:9(0) ack 0 win 1", lines.get(9));
        assertEquals("... 5 more ...", lines.get(10));
        assertEquals("0.000000 > . 15:15(0) ack 0 win 1", lines.get(11));
        assertEquals("0.000000 > . 24:24(0) ack 0 win 1", lines.get(20));
    }
}
