package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.usertcp.codec.TcpSegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a compact TIME-WAIT entry answers, and which SYN may end it early (RFC 6191). The peer's next number is 1000, its last timestamp 500. */
class TimeWaitTest {
    private static final int RCV_NXT = 1000;

    private static TimeWait entry(boolean timestamps) {
        return new TimeWait(0xFFFF_FFF0, RCV_NXT, 4321, timestamps, 500, 7, 60_000_000_000L);
    }

    @ParameterizedTest @Tag("RFC6191-2")
    @CsvSource(delimiter = '|', textBlock = """
        true  | S 1:1(0) win 1 <TS val 501 ecr 0>          | true
        true  | S 5000:5000(0) win 1 <TS val 501 ecr 0>    | true
        true  | S 5000:5000(0) win 1 <TS val 500 ecr 0>    | true
        true  | S 1000:1000(0) win 1 <TS val 500 ecr 0>    | false
        true  | S 1:1(0) win 1 <TS val 500 ecr 0>          | false
        true  | S 5000:5000(0) win 1 <TS val 499 ecr 0>    | false
        true  | S 5000:5000(0) win 1                       | true
        true  | S 1:1(0) win 1                             | false
        false | S 5000:5000(0) win 1                       | true
        false | S 5000:5000(0) win 1 <TS val 1 ecr 0>      | true
        false | S 1:1(0) win 1 <TS val 4000 ecr 0>         | true
        false | S 1000:1000(0) win 1                       | false
        true  | S. 5000:5000(0) ack 1 win 1                | false
        true  | . 5000:5000(0) ack 1 win 1                 | false
        true  | R 5000:5000(0) win 1                       | false
        """)
    void onlyANewerSynReuses(boolean timestamps, String segment, boolean reuses) {
        assertEquals(reuses, entry(timestamps).permitsReuse(TcpSegment.parse(segment)));
    }

    @Test @Tag("RFC9293-3.10.7.4") void lastAckIsRepeatedWithItsNumbersAndWindow() {
        TcpSegment plain = entry(false).toAck(Setup.TUPLE, 0);
        assertEquals(". 4294967280:4294967280(0) ack 1000 win 4321", plain.toString());
        assertEquals(Setup.TUPLE.remotePort(), plain.destinationPort());
        assertEquals(Setup.TUPLE.localAddress(), plain.source());
        TcpSegment stamped = entry(true).toAck(Setup.TUPLE, 2_000_000_000L);
        assertEquals(". 4294967280:4294967280(0) ack 1000 win 4321 <TS val 2007 ecr 500>", stamped.toString());
    }

    @Test void onlyTimeWaitHasAnEntry() {
        TcpConnection connection = TcpConnection.create(Setup.TUPLE, TcpConfig.defaults(), InitialNumbers.fixed(1, 1), 1460);
        assertThrows(IllegalStateException.class, connection::timeWait);
    }
}
