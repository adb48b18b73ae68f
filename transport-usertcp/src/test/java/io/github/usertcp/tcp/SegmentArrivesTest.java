package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpFlags;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of RFC 9293 section 3.10.7: state, arriving segment, answer, next state. Sequence number 256 of our side is 0 on the wire. */
@TraceTest
@Tag("RFC9293-3.10.7")
class SegmentArrivesTest {
    @ParameterizedTest(name = "{0}: {1} -> {2}, {3}")
    @CsvSource(delimiter = '|', textBlock = """
        CLOSED       | R 1:1(0)                   |                        | CLOSED
        CLOSED       | R. 1:1(0) ack 77           |                        | CLOSED
        CLOSED       | . 1:1(0) ack 77            | R 77:77(0)             | CLOSED
        CLOSED       | SFP. 0:10(10) ack 77       | R 77:77(0)             | CLOSED
        CLOSED       | S 0:0(0)                   | R. 256:256(0) ack 1    | CLOSED
        CLOSED       | FP 1:11(10)                | R. 256:256(0) ack 12   | CLOSED
        LISTEN       | R 0:0(0)                   |                        | LISTEN
        LISTEN       | R. 0:0(0) ack 1            |                        | LISTEN
        LISTEN       | . 1:1(0) ack 77            | R 77:77(0)             | LISTEN
        LISTEN       | S. 0:0(0) ack 77           | R 77:77(0)             | LISTEN
        LISTEN       | FP. 1:11(10) ack 77        | R 77:77(0)             | LISTEN
        LISTEN       | F 1:1(0)                   |                        | LISTEN
        LISTEN       | P 1:11(10)                 |                        | LISTEN
        LISTEN       | S 0:0(0) <mss 1460>        | S. 0:0(0) ack 1        | SYN_RECEIVED
        SYN_SENT     | . 1:1(0) ack 0             | R 0:0(0)               | SYN_SENT
        SYN_SENT     | . 1:1(0) ack 2             | R 2:2(0)               | SYN_SENT
        SYN_SENT     | . 1:1(0) ack 1             |                        | SYN_SENT
        SYN_SENT     | FP. 1:11(10) ack 1         |                        | SYN_SENT
        SYN_SENT     | F 1:1(0)                   |                        | SYN_SENT
        SYN_SENT     | R. 1:1(0) ack 2            |                        | SYN_SENT
        SYN_SENT     | R. 1:1(0) ack 1            |                        | CLOSED
        SYN_SENT     | R 1:1(0)                   |                        | SYN_SENT
        SYN_SENT     | S. 0:0(0) ack 0 <mss 1460> | R 0:0(0)               | SYN_SENT
        SYN_SENT     | S. 0:0(0) ack 2 <mss 1460> | R 2:2(0)               | SYN_SENT
        SYN_SENT     | S. 0:0(0) ack 1 <mss 1460> | . 1:1(0) ack 1         | ESTABLISHED
        SYN_SENT     | S 0:0(0) <mss 1460>        | S. 0:0(0) ack 1        | SYN_RECEIVED
        SYN_RECEIVED | . 1:1(0) ack 1             |                        | ESTABLISHED
        SYN_RECEIVED | . 1:1(0) ack 0             | R 0:0(0)               | SYN_RECEIVED
        SYN_RECEIVED | . 1:1(0) ack 2             | R 2:2(0)               | SYN_RECEIVED
        SYN_RECEIVED | P 1:11(10)                 |                        | SYN_RECEIVED
        SYN_RECEIVED | R 1:1(0)                   |                        | LISTEN
        SYN_RECEIVED | R 2:2(0)                   | . 1:1(0) ack 1         | SYN_RECEIVED
        SYN_RECEIVED | R 99999:99999(0)           |                        | SYN_RECEIVED
        SYN_RECEIVED | . 99999:99999(0) ack 1     | . 1:1(0) ack 1         | SYN_RECEIVED
        SYN_RECEIVED | F. 1:1(0) ack 1            | . 1:1(0) ack 2         | CLOSE_WAIT
        ESTABLISHED  | . 1:1(0) ack 1             |                        | ESTABLISHED
        ESTABLISHED  | P. 1:11(10) ack 1          | . 1:1(0) ack 11        | ESTABLISHED
        ESTABLISHED  | F. 1:1(0) ack 1            | . 1:1(0) ack 2         | CLOSE_WAIT
        FIN_WAIT_1   | . 1:1(0) ack 1             |                        | FIN_WAIT_1
        FIN_WAIT_1   | . 1:1(0) ack 2             |                        | FIN_WAIT_2
        FIN_WAIT_1   | P. 1:11(10) ack 1          | . 2:2(0) ack 11        | FIN_WAIT_1
        FIN_WAIT_1   | P. 1:11(10) ack 2          | . 2:2(0) ack 11        | FIN_WAIT_2
        FIN_WAIT_1   | F. 1:1(0) ack 1            | . 2:2(0) ack 2         | CLOSING
        FIN_WAIT_1   | F. 1:1(0) ack 2            | . 2:2(0) ack 2         | TIME_WAIT
        FIN_WAIT_2   | . 1:1(0) ack 2             |                        | FIN_WAIT_2
        FIN_WAIT_2   | P. 1:11(10) ack 2          | . 2:2(0) ack 11        | FIN_WAIT_2
        FIN_WAIT_2   | F. 1:1(0) ack 2            | . 2:2(0) ack 2         | TIME_WAIT
        CLOSING      | . 2:2(0) ack 1             |                        | CLOSING
        CLOSING      | . 2:2(0) ack 2             |                        | TIME_WAIT
        CLOSING      | F. 1:1(0) ack 1            | . 2:2(0) ack 2         | CLOSING
        CLOSE_WAIT   | . 2:2(0) ack 1             |                        | CLOSE_WAIT
        CLOSE_WAIT   | F. 1:1(0) ack 1            | . 1:1(0) ack 2         | CLOSE_WAIT
        LAST_ACK     | . 2:2(0) ack 1             |                        | LAST_ACK
        LAST_ACK     | . 2:2(0) ack 2             |                        | CLOSED
        LAST_ACK     | F. 1:1(0) ack 1            | . 2:2(0) ack 2         | LAST_ACK
        TIME_WAIT    | F. 1:1(0) ack 2            | . 2:2(0) ack 2         | TIME_WAIT
        """)
    void arrivingSegmentIsAnsweredAsTheRfcSays(TcpState state, String segment, String answer, TcpState next) {
        Script t = States.in(state).receive(segment);
        if (answer != null) {
            t.expect(answer);
        }
        t.expectSilence().expectState(next);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED"})
    void synchronizedStatesAnswerUnacceptableSegmentsByAnAckAndStay(TcpState state) {
        int nxt = States.sndNxt(state);
        int rcv = States.rcvNxt(state);
        String ack = ". " + nxt + ":" + nxt + "(0) ack " + rcv;
        for (String unacceptable : new String[] {
            "P. 99999:100009(10) ack " + nxt,
            "F. 99999:99999(0) ack " + nxt,
            ". 99999:99999(0) ack " + nxt,
            ". " + rcv + ":" + rcv + "(0) ack " + (nxt + 1),
        }) {
            States.in(state).receive(unacceptable).expect(ack).expectSilence().expectState(state).expectReadable(0);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED"})
    void synchronizedStatesDropSilentlyWhatHasNoAckOrResetsFromOutsideTheWindow(TcpState state) {
        int rcv = States.rcvNxt(state);
        for (String dropped : new String[] {
            "P " + rcv + ":" + (rcv + 10) + "(10)",
            "F " + rcv + ":" + rcv + "(0)",
            "- " + rcv + ":" + rcv + "(0)",
            "R 99999:99999(0)",
            "R. 99999:99999(0) ack 1",
        }) {
            States.in(state).receive(dropped).expectSilence().expectState(state).expectReadable(0);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED", "TIME_WAIT"})
    void exactResetClosesAtOnceAndAnInexactOneIsChallenged(TcpState state) {
        int nxt = States.sndNxt(state);
        int rcv = States.rcvNxt(state);
        Script t = States.in(state).receive("R " + (rcv + 1) + ":" + (rcv + 1) + "(0)");
        t.expect(". " + nxt + ":" + nxt + "(0) ack " + rcv).expectSilence().expectState(state);
        t.receive("R " + rcv + ":" + rcv + "(0)").expectSilence().expectState(TcpState.CLOSED);
        assertEquals(Long.MAX_VALUE, t.connection().deadlineNanos(), "no timer is left");
    }

    @Test @Tag("RFC9293-3.10.7.4") void acksOfAPeerThatHasFilledOurWindowAreTakenWhileItsDataIsMissing() {
        Script t = Script.established().mss(1000).cwnd(2000).config(c -> c.receiveBufferBytes(4000)).send(5000);
        t.expect(". 1:1001(1000) ack 1 win 4000", ". 1001:2001(1000) ack 1");
        t.receive(". 4001:4001(0) ack 2001").expect(". 2001:3001(1000) ack 1", ". 3001:4001(1000) ack 1").expectSilence();
    }

    @Test @Tag("RFC1337-3") void resetDoesNotAssassinateTimeWait() {
        States.in(TcpState.TIME_WAIT).receive("R 2:2(0)").receive("R. 2:2(0) ack 2").receive("R 3:3(0)").expectSilence().expectState(TcpState.TIME_WAIT);
    }

    static IntStream everyFlagCombination() {
        return IntStream.rangeClosed(0, TcpFlags.ALL);
    }

    @ParameterizedTest
    @MethodSource("everyFlagCombination")
    void everyFlagCombinationInEveryStateIsAnsweredByOneSegmentAtMost(int flags) {
        String letters = TcpFlags.toString(flags);
        String ack = (flags & TcpFlags.ACK) != 0 ? " ack " : "";
        for (TcpState state : TcpState.values()) {
            for (int seq : new int[] {0, 1, 2, 3, 65_536, 99_999}) {
                for (int acked : new int[] {0, 1, 2, 3}) {
                    Script t = States.in(state).receive(letters + " " + seq + ":" + (seq + 5) + "(5)" + (ack.isEmpty() ? "" : ack + acked));
                    var sent = t.takeSent();
                    assertTrue(sent.size() <= 1, () -> letters + " in " + state + " answered by " + sent);
                    boolean resetForReset = (flags & TcpFlags.RST) != 0 && sent.stream().anyMatch(e -> e.segment().isRst());
                    assertTrue(!resetForReset, () -> letters + " in " + state + " answered by a RST");
                }
            }
        }
    }
}
