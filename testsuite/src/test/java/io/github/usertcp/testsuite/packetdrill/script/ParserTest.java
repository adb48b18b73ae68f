package io.github.usertcp.testsuite.packetdrill.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpFlags;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script's text means, and what is said about one that means nothing. */
class ParserTest {
    private static Script parse(String text) {
        return Parser.parse("t.pkt", text, Map.of());
    }

    private static TcpPacket packet(String line) {
        return (TcpPacket) parse("0 " + line).events().get(0).action();
    }

    private static SystemCall call(String line) {
        return (SystemCall) parse("0 " + line).events().get(0).action();
    }

    @Test
    void optionsCommandsAndEventsInTheirPlaces() {
        Script script = parse("""
            --tolerance_usecs=10000 // of time
            --local_ip=192.168.0.2
            `first`
            0 `inner` /* and
            a comment of two lines */ +.1 %{ assert 1 == 1 }%
            `last`
            """);
        assertEquals(List.of("tolerance_usecs", "local_ip"), script.options().stream().map(ScriptOption::name).toList());
        assertEquals(List.of("10000", "192.168.0.2"), script.options().stream().map(ScriptOption::text).toList());
        assertEquals("first", script.initial().text());
        assertEquals(2, script.events().size());
        assertEquals("assert 1 == 1", ((Code) script.events().get(1).action()).text());
        assertEquals(new Position("t.pkt", 5, 27), script.events().get(1).position());
        assertEquals("last", script.cleanup().text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0       | 0       | 0       | false | false
        +0      | 0       | 0       | true  | false
        +.1     | 100000  | 100000  | true  | false
        1.25    | 1250000 | 1250000 | false | false
        +.0000019 | 1     | 1       | true  | false
        0~1     | 0       | 1000000 | false | false
        +.1~+.2 | 100000  | 200000  | true  | false
        *       | 0       | 0       | false | true
        """)
    void times(String time, long start, long end, boolean relative, boolean any) {
        List<Event> events = parse("0 `x` " + time + " > . 1:1(0) ack 1").events();
        assertEquals(new EventTime(start, end, relative, any), events.get(1).time());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -    | 0
        .    | 0x010
        S    | 0x002
        S.   | 0x012
        FP.  | 0x019
        SEW  | 0x0C2
        SEWA | 0x1C2
        R.   | 0x014
        PU.  | 0x038
        .5   | 0x150
        S.5  | 0x152
        P.0  | 0x018
        .W   | 0x090
        """)
    void flags(String text, String mask) {
        assertEquals(Integer.decode(mask), packet("> " + text + " 1:1(0)").flags());
    }

    @Test
    void numbersOfAPacket() {
        TcpPacket packet = packet("< PU. 4294967295:99(100) ack 4294967290 win 0 urg 7");
        assertTrue(packet.isInbound());
        assertEquals(4_294_967_295L, packet.seq());
        assertEquals(100, packet.length());
        assertEquals(4_294_967_290L, packet.ack());
        assertEquals(0, packet.window());
        assertEquals(7, packet.urgent());
        assertEquals(List.of(), packet.options());
    }

    @Test
    void whatIsNotWritten() {
        TcpPacket packet = packet("> R 1:1(0) <...>");
        assertEquals(-1, packet.ack());
        assertEquals(-1, packet.window());
        assertEquals(IpInfo.NONE, packet.ip());
        assertNull(packet.options());
    }

    @Test
    void optionsOfAPacket() {
        assertEquals(List.of(new TcpOption.Mss(1460), new TcpOption.SackPermitted(), new TcpOption.Timestamps(100, 0),
            new TcpOption.Padding(1), new TcpOption.WindowScale(8)),
            packet("> S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 8>").options());
        assertEquals(List.of(new TcpOption.Padding(1), new TcpOption.Padding(1), new TcpOption.Sack(List.of(1L, 2L, 4L, 5L))),
            packet("> . 1:1(0) ack 1 <nop,nop,sack 1:2 4:5>").options());
        assertEquals(List.of(new TcpOption.FastOpen(false, "a1b2"), new TcpOption.FastOpen(true, "0123456789abcdef")),
            packet("> S 0:0(0) <FO a1b2,FOEXP 0123456789abcdef>").options());
        assertEquals(List.of(new TcpOption.FastOpen(false, ""), new TcpOption.Padding(1), new TcpOption.Padding(0)),
            packet("> S 0:0(0) <FO,nop,eol>").options());
        assertEquals(List.of(new TcpOption.AccurateEcn(174, List.of(1L, 0L)), new TcpOption.AccurateEcn(172, List.of(1L, 2L, 3L)),
            new TcpOption.Padding(1)), packet("> . 1:1(0) <ECN e1b 1 ceb 0,ECN e0b 1 ceb 2 e1b 3,nop>").options());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        [noecn]           | 0  | -1 | -1  | -1
        (ect0)            | 2  | -1 | -1  | -1
        [ect1]            | 1  | -1 | -1  | -1
        [ce]              | 3  | -1 | -1  | -1
        [ect01]           | 4  | -1 | -1  | -1
        [tos 0x10]        | -1 | 16 | -1  | -1
        [ttl 64]          | -1 | -1 | 64  | -1
        [flowlabel 0x123] | -1 | -1 | -1  | 291
        [tos 0x10,flowlabel 0x1] | -1 | 16 | -1 | 1
        """)
    void whatIsSaidOfTheIpHeader(String info, int ecn, int tos, int ttl, int flowLabel) {
        assertEquals(new IpInfo(ecn, tos, ttl, flowLabel), packet("> " + info + " . 1:1(0)").ip());
    }

    @Test
    void icmp() {
        assertEquals(new IcmpPacket("unreachable", "frag_needed", 1300, 2001),
            parse("0 < icmp unreachable frag_needed mtu 1300 [2001:3001(1000)]").events().get(0).action());
        assertEquals(new IcmpPacket("packet_too_big", "", 1300, 0), parse("0 < icmp packet_too_big mtu 1300").events().get(0).action());
    }

    @Test
    void systemCalls() {
        SystemCall socket = call("socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3");
        assertEquals("socket", socket.name());
        assertInstanceOf(Expression.Ellipsis.class, socket.arguments().get(0));
        assertEquals(2, ((Expression.Or) socket.arguments().get(1)).terms().size());
        assertEquals(new Expression.Number(3), socket.result());
        SystemCall failing = call("write(4, \"a\" \"\\n\"..., 0x10) = -1 EAGAIN (Resource temporarily unavailable)");
        assertEquals(new Expression.Text("a\n"), failing.arguments().get(1));
        assertEquals(new Expression.Number(16), failing.arguments().get(2));
        assertEquals(new Expression.Number(-1), failing.result());
        assertEquals("EAGAIN", failing.errno());
        Expression poll = call("poll([{fd=4, events=POLLIN|POLLOUT, revents=0}], 1, 0) = 0").arguments().get(0);
        Expression.Structure entry = (Expression.Structure) ((Expression.ListOf) poll).items().get(0);
        assertEquals(new Expression.Number(4), entry.field("fd"));
        assertEquals(new Expression.Number(0), entry.field("revents"));
        SystemCall message = call("sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 1000}], msg_flags=0}, 0) = 1000");
        assertEquals(3, message.arguments().size());
    }

    @Test
    void blockingCallsHaveTwoTimes() {
        Script script = parse("0...0.300 connect(3, ..., ...) = 0\n+.1...+.2 read(3, ..., 1) = 1");
        assertEquals(300_000, ((SystemCall) script.events().get(0).action()).endMicros());
        assertEquals(100_000, script.events().get(1).time().micros());
        assertEquals(200_000, ((SystemCall) script.events().get(1).action()).endMicros());
    }

    @Test
    void definedSymbolsAreReplacedAndTheCommandLineWins() {
        String text = "--define=N=7 --define=M=\"text\" 0 write(4, M, N) = N";
        assertEquals(List.of(new Expression.Number(4), new Expression.Text("text"), new Expression.Number(7)),
            call(text, Map.of()).arguments());
        assertEquals(new Expression.Number(9), call(text, Map.of("N", "9")).result());
    }

    private static SystemCall call(String text, Map<String, String> defines) {
        return (SystemCall) Parser.parse("t.pkt", text, defines).events().get(0).action();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1 `x`                                | t.pkt:1:1: the first event must be at time 0
        0 `x` 2 `y` 1 `z`                    | t.pkt:1:13: time goes backwards
        -1 `x`                               | t.pkt:1:1: negative time -1
        0 < . 1:1(0) ack 1                   | t.pkt:1:19: expected "win": a packet to inject needs a window, found the end of the script
        0 > . 1:5(3)                         | t.pkt:1:9: expected 4, the start plus 3, found 5
        0 > Q 1:1(0)                         | t.pkt:1:5: 'Q' in "Q" is no TCP flag (one of FSRP.UEWA)
        0 > E.1 1:1(0)                       | t.pkt:1:5: an ACE digit excludes the flags E, W and A
        0 > . 1:1(0) <mss 1460,nop>          | t.pkt:1:14: TCP options of 5 bytes (expected: a multiple of 4 up to 40)
        0 < . 1:1(0) win 1 <...>             | t.pkt:1:20: <...> is for packets the stack sends
        0 > . 1:1(0) <wat 3> | t.pkt:1:15: expected nop, eol, mss, wscale, sackOK, sack, TS, FO, FOEXP, md5 or ECN, found "wat"
        0 > . 1:1(0) <TS 3>                  | t.pkt:1:18: expected "val", found "3"
        0 > . 1:1(0) win 65536               | t.pkt:1:18: a window out of range: 65536 (expected: 0 to 65535)
        * < . 1:1(0) win 1                   | t.pkt:1:1: only a packet the stack sends can have any time
        0~1 `x`                              | t.pkt:1:1: only a packet the stack sends can have a range of times
        0 `x` +1~2 > . 1:1(0)                | t.pkt:1:10: expected both ends of the range to be relative
        0 `x` 2~1 > . 1:1(0)                 | t.pkt:1:9: the range ends before it starts
        0 close(3                            | t.pkt:1:10: expected ')', found the end of the script
        0 close(3) 0                         | t.pkt:1:12: expected '=', found "0"
        0 1...0 close(3) = 0                 | t.pkt:1:3: expected a packet, a system call, a command or a code block, found "1"
        0 @                                  | t.pkt:1:3: unexpected character '@'
        0 `x                                 | t.pkt:1:3: expected a command that ends with `
        0 %{ x                               | t.pkt:1:3: expected a code block that ends with }%
        0 < [wet] . 1:1(0) win 1             | t.pkt:1:6: expected noecn, ect0, ect1, ce, ect01, tos, ttl or flowlabel, found "wet"
        0 < [ect01] . 1:1(0) win 1           | t.pkt:1:13: ect01 is for packets the stack sends
        """)
    void mistakesAreNamedWithTheirPlace(String text, String message) {
        assertEquals(message, assertThrows(ScriptSyntaxException.class, () -> parse(text)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0 < udp (100)                | udp packets
        0 > icmp unreachable         | outbound icmp
        """)
    void whatIsBeyondTheRunnerIsNamed(String text, String feature) {
        assertEquals(feature, assertThrows(UnsupportedFeatureException.class, () -> parse(text)).getMessage());
    }

    @Test
    void flagsAreThoseOfTheCodec() {
        assertEquals(TcpFlags.SYN | TcpFlags.ACK, packet("> S. 0:0(0) ack 1").flags());
    }
}
