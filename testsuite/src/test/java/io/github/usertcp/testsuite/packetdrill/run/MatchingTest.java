package io.github.usertcp.testsuite.packetdrill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script gets wrong is found, rule by rule: a runner that lets things through is worth nothing. */
class MatchingTest {
    private static final String SETUP = """
        0 `sysctl -q net.ipv4.tcp_sack=0`
        +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 bind(3, ..., ...) = 0
        +0 listen(3, 1) = 0
        +0 < S 0:0(0) win 65535 <mss 1000,nop,nop,TS val 100 ecr 0,nop,wscale 7>
        """;
    private static final String SYN_ACK = "+0 > S. 0:0(0) ack 1 win 65535 <mss 1460,nop,nop,TS val 50 ecr 100,nop,wscale 8>\n";
    private static final String ESTABLISHED = SETUP + SYN_ACK + """
        +.1 < . 1:1(0) ack 1 win 512 <nop,nop,TS val 200 ecr 50>
        +0 accept(3, ..., ...) = 4
        """;
    private static final String WRITE = ESTABLISHED + "+0 write(4, ..., 2500) = 2500\n";
    private static final String WRITTEN = "+0 > P. 1:2501(2500) ack 1 <nop,nop,TS val 150 ecr 200>\n";

    private static Verdict run(String script, String... options) {
        ScriptRunner runner = new ScriptRunner();
        for (String option : options) {
            runner.option(option);
        }
        return runner.run("test.pkt", script);
    }

    private static void assertPasses(String script, String... options) {
        assertEquals(new Verdict(Verdict.Kind.PASS, ""), run(script, options));
    }

    private static void assertFails(String headline, String script, String... options) {
        Verdict verdict = run(script, options);
        assertEquals(Verdict.Kind.FAIL, verdict.kind(), verdict::message);
        assertTrue(verdict.headline().contains(headline), verdict::message);
    }

    @Test
    void aRightScriptPassesWithEveryStricterSwitch() {
        assertPasses(WRITE + WRITTEN, "--check_ts_ecr", "--check_checksum", "--no_surplus", "--tcp_ts_tick_usecs=1000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        wrong flag      | +0 > . 1:2501(2500) ack 1 <nop,nop,TS val 150 ecr 200>    | flags: expected ., was P.
        wrong seq       | +0 > P. 2:2502(2500) ack 1 <nop,nop,TS val 150 ecr 200>   | sequence number: expected 2, was 1
        wrong length    | +0 > P. 1:2001(2000) ack 1 <nop,nop,TS val 150 ecr 200>   | payload length: expected 2000, was 2500
        wrong ack       | +0 > P. 1:2501(2500) ack 2 <nop,nop,TS val 150 ecr 200>   | acknowledgment number: expected 2, was 1
        wrong window    | +0 > P. 1:2501(2500) ack 1 win 1 <nop,nop,TS val 150 ecr 200> | window: expected 1, was
        wrong urgent    | +0 > P. 1:2501(2500) ack 1 urg 1 <nop,nop,TS val 150 ecr 200> | urgent pointer: expected 1, was 0
        wrong ECN bits  | +0 > [ect0] P. 1:2501(2500) ack 1 <...>                   | IP ECN: expected 2, was 0
        wrong ECN flags | +0 > P.5 1:2501(2500) ack 1 <...>                         | flags: expected PEA., was P.
        wrong tos       | +0 > [tos 0x10] P. 1:2501(2500) ack 1 <...>               | IP tos: expected 16, was 0
        wrong ttl       | +0 > [ttl 1] P. 1:2501(2500) ack 1 <...>                  | IP ttl: expected 1, was 64
        no options      | +0 > P. 1:2501(2500) ack 1                                | number of TCP options: expected 0, was 3
        other kind      | +0 > P. 1:2501(2500) ack 1 <nop,nop,sack 1:9>             | TCP option 3: other SACK blocks
        fast open       | +0 > P. 1:2501(2500) ack 1 <nop,nop,FO a1b2c3d4e5f60718>  | TCP option 3: expected 0x220aa1b2c3d4e5f60718, was kind 8
        accurate ECN    | +0 > P. 1:2501(2500) ack 1 <nop,ECN e0b 1 ceb 2 e1b 3> | number of TCP options: expected 2, was 3
        other option    | +0 > P. 1:2501(2500) ack 1 <mss 1460>                     | number of TCP options: expected 1, was 3
        option order    | +0 > P. 1:2501(2500) ack 1 <nop,TS val 150 ecr 200,nop>   | TCP option 2: expected timestamps
        early           | +.5 > P. 1:2501(2500) ack 1 <...>                         | too early: sent at 0.100000 s
        early for range | +.5~+.6 > P. 1:2501(2500) ack 1 <...>                     | too early: sent at 0.100000 s
        extra packet    | +0 > P. 1:2501(2500) ack 1 <...> +0 > . 2501:2501(0) ack 1 <...> | sequence number: expected 2501, was 1
        false assertion | +0 > P. 1:2501(2500) ack 1 <...> +0 %{ assert tcpi_unacked == 2 }% | assert tcpi_unacked == 2 is false
        """)
    void aWrongExpectationFails(String rule, String line, String headline) {
        assertFails(headline, WRITE + line + "\n");
    }

    @Test
    void aWrongOptionValueFails() {
        assertFails("TCP option 1: expected 0x020405b5, was kind 2 0x05b4",
            SETUP + "+0 > S. 0:0(0) ack 1 <mss 1461,nop,nop,TS val 50 ecr 100,nop,wscale 8>\n");
    }

    @Test
    void aLatePacketFails() {
        // The SYN-ACK comes again after a second; half of it is what the script allows.
        assertFails("too late: sent at 1.000000 s", SETUP + SYN_ACK + "+.5 > S. 0:0(0) ack 1 <...>\n");
    }

    @Test
    void aPacketWithinTheToleranceIsInTime() {
        assertPasses(SETUP + SYN_ACK + "+.9 > S. 0:0(0) ack 1 <...>\n");
        assertFails("too late", SETUP + SYN_ACK + "+.8 > S. 0:0(0) ack 1 <...>\n");
        assertPasses(SETUP + SYN_ACK + "+.8 > S. 0:0(0) ack 1 <...>\n", "--tolerance_usecs=200000");
    }

    @Test
    void aMissingPacketFails() {
        assertFails("timed out waiting for a packet", ESTABLISHED + "+0 > . 1:1(0) ack 1 <...>\n");
        assertFails("timed out waiting for a packet", ESTABLISHED + "* > . 1:1(0) ack 1 <...>\n");
    }

    @Test
    void anUnexpectedPacketFailsAtTheNextExpectedOne() {
        assertFails("flags: expected F., was .", WRITE + "+0 close(4) = 0\n+0 > F. 2501:2501(0) ack 1 <...>\n");
    }

    @Test
    void aPacketLeftOverFailsOnlyWhenAsked() {
        assertPasses(WRITE);
        assertFails("a packet that no line expects", WRITE, "--no_surplus");
    }

    @Test
    void theEchoedTimestampIsCheckedOnlyWhenAsked() {
        String wrong = "+0 > P. 1:2501(2500) ack 1 <nop,nop,TS val 150 ecr 201>\n";
        assertPasses(WRITE + wrong);
        assertFails("TS ecr: expected 201, was 200", WRITE + wrong, "--check_ts_ecr");
    }

    @Test
    void theTimestampValueIsCheckedOnlyWithATick() {
        String wrong = "+0 > P. 1:2501(2500) ack 1 <nop,nop,TS val 250 ecr 200>\n";
        assertPasses(WRITE + wrong);
        assertFails("TS val is off by -100 ticks", WRITE + wrong, "--tcp_ts_tick_usecs=1000");
    }

    @Test
    void segmentsAreJoinedUnlessStrict() {
        assertFails("flags: expected P., was .", WRITE + WRITTEN, "--strict_segments");
        assertPasses(WRITE + """
            +0 > . 1:989(988) ack 1 <...>
            +0 > P. 989:1977(988) ack 1 <...>
            +0 > P. 1977:2501(524) ack 1 <...>
            """, "--strict_segments", "--no_surplus");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        +0 write(4, ..., 100) = 99            | write() returned 100, expected 99
        +0 shutdown(4, SHUT_WR) = -1 EINVAL   | shutdown() returned 0, expected -1 EINVAL
        +0 read(4, ..., 100) = 0              | read() would block
        +0 recv(4, ..., 100, MSG_DONTWAIT) = 0 | recv() returned -1 EAGAIN, expected 0
        +0 recv(4, ..., 100, MSG_DONTWAIT) = -1 EPIPE | recv() returned -1 EAGAIN, expected -1 EPIPE
        +0 getsockopt(4, SOL_SOCKET, SO_ERROR, [1], [4]) = 0 | getsockopt SO_ERROR: expected 1, was 0
        +0 ioctl(4, SIOCINQ, [1]) = 0         | ioctl SIOCINQ: expected 1, was 0
        +0 poll([{fd=4, events=POLLOUT, revents=POLLIN}], 1, 0) = 1 | poll: expected revents 0x1, was 0x4
        +0 close(5) = 0                       | no socket 5
        """)
    void aWrongResultFails(String line, String headline) {
        assertFails(headline, ESTABLISHED + line + "\n");
    }

    @Test
    void aBlockingCallReturnsInItsTime() {
        String data = "+.5 < P. 1:101(100) ack 1 win 512 <nop,nop,TS val 700 ecr 50>\n";
        assertPasses(ESTABLISHED + "+0...+.5 read(4, ..., 1000) = 100\n" + data);
        assertFails("read() returned at 0.600000 s, expected 0.400000 s", ESTABLISHED + "+0...+.3 read(4, ..., 1000) = 100\n" + data);
        assertFails("read() returned 100, expected 101", ESTABLISHED + "+0...+.5 read(4, ..., 1000) = 101\n" + data);
        assertFails("read() of line 9 has not returned", ESTABLISHED + "+0...+.5 read(4, ..., 1000) = 100\n");
    }

    @Test
    void anEchoOfATimestampNeverSentFails() {
        assertFails("\"ecr 51\"", SETUP + SYN_ACK + "+0 < . 1:1(0) ack 1 win 512 <nop,nop,TS val 200 ecr 51>\n");
    }

    @Test
    void anEventThatIsPastFails() {
        assertFails("too late: it is 1.000000 s", SETUP + SYN_ACK + "+1 > S. 0:0(0) ack 1 <...>\n.5 close(3) = 0\n");
    }

    @Test
    void aFailureShowsTheLineBothPacketsAndThoseBefore() {
        assertEquals("""
            test.pkt:10:1: flags: expected ., was P.
              expected: . 1:2501(2500) ack 1 <...>
              actual:   P. 1:2501(2500) ack 1 win 1054 <nop,nop,TS val 1000100 ecr 200> at 0.100000 s
              script:   +0 > . 1:2501(2500) ack 1 <...>
            last packets:
              0.000000 < S 0:0(0) win 65535 <mss 1000,nop,nop,TS val 100 ecr 0,nop,wscale 7>
              0.000000 > S. 0:0(0) ack 1 win 65535 <mss 1460,nop,nop,TS val 1000000 ecr 100,nop,wscale 8>
              0.100000 < . 1:1(0) ack 1 win 512 <nop,nop,TS val 200 ecr 50>
              0.100000 > . 1:989(988) ack 1 win 1054 <nop,nop,TS val 1000100 ecr 200>
              0.100000 > P. 989:1977(988) ack 1 win 1054 <nop,nop,TS val 1000100 ecr 200>
              0.100000 > P. 1977:2501(524) ack 1 win 1054 <nop,nop,TS val 1000100 ecr 200>""",
            run(WRITE + "+0 > . 1:2501(2500) ack 1 <...>\n").message());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3",
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3 +0 setsockopt(3, SOL_TCP, TCP_REPAIR, [1], 4) = 0",
        "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3 +0 connect(3, ..., ...) = -1 EINPROGRESS () +0 < icmp jumbo",
        "0 `sysctl -q net.ipv4.tcp_shrink_window=1`", "0 `launch_missiles`", "0 epoll_create(1) = 3",
        "--unknown_option 0 `true`", "0 `sysctl net.ipv4.tcp_wat=1`",
        "0 %{ assert tcpi_rcv_rtt_wat == 0 }%",
    })
    void whatIsNotThereIsSkippedAndNeverPasses(String script) {
        assertEquals(Verdict.Kind.SKIP, run(script).kind(), run(script)::message);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "`sysctl -q net.ipv4.tcp_sack=0`", // of the next handshake with the listener
        "close(3) = 0 +0 `sysctl -q net.ipv4.tcp_fin_timeout=5`",
        "close(3) = 0 +0 close(4) = 0 +0 `sysctl -q net.ipv4.tcp_orphan_retries=1`",
        "close(3) = 0 +0 `ip link set dev tun0 mtu 9000`",
    })
    void settingsThatWouldReachOpenSocketsAreSkipped(String change) {
        Verdict verdict = run(ESTABLISHED + "+0 " + change);
        assertEquals(Verdict.Kind.SKIP, verdict.kind(), verdict::message);
        assertTrue(verdict.message().startsWith("command that reaches an open socket: "), verdict::message);
    }

    @Test
    void settingsOfHandshakesDoNotReachConnections() {
        assertPasses(ESTABLISHED + "+0 close(3) = 0 +0 `sysctl -q net.ipv4.tcp_sack=0`");
    }

    @Test
    void aScriptThatIsNoneFails() {
        assertFails("test.pkt:1:10: expected '(', found the end of the script", "0 nothing");
    }
}
