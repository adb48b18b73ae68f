package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maximum segment sizes (RFC 9293 section 3.7.1). */
@TraceTest
@Tag("RFC9293-3.7.1")
class SegmentSizeTest {
    private static final TcpTuple V6 = new TcpTuple(IpAddress.parse("2001:db8::1"), 40_000, IpAddress.parse("2001:db8::2"), 80);

    private static int firstSegment(Script t) {
        return t.send(20_000).takeSent().get(0).segment().payloadLength();
    }

    @ParameterizedTest
    @CsvSource({"1460, 1000, 1000", "1000, 1460, 1000", "1460, 1460, 1460", "1460, 65535, 1460", "1460, 48, 48", "1460, 47, 48", "1460, 1, 48", "1460, 0, 48", "9000, 8000, 8000"})
    void smallerOfBothIsSent(int ours, int theirs, int used) {
        Script t = Script.established().mss(ours).peerMss(theirs);
        assertEquals(used, firstSegment(t));
        assertEquals(used, t.info().sndMss());
        assertEquals(ours, t.info().advmss());
    }

    @Test void peerThatAnnouncesNoneGets536() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").receive("S. 0:0(0) ack 1").expect(". 1:1(0) ack 1");
        assertEquals(536, firstSegment(t));
        Script passive = Script.listening().receive("S 0:0(0)");
        passive.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>").receive(". 1:1(0) ack 1");
        assertEquals(536, firstSegment(passive));
    }

    @Test void peerThatAnnouncesNoneOnIpv6Gets1220() {
        Script t = Script.closed().tuple(V6);
        t.connect().expect("S 0:0(0)").receive("S. 0:0(0) ack 1").expect(". 1:1(0) ack 1");
        assertEquals(1220, firstSegment(t));
    }

    @Test void settingLimitsWhatIsAnnouncedAndSent() {
        Script t = Script.closed().config(c -> c.maxSegmentSize(700));
        t.connect().expect("S 0:0(0) win 65535 <mss 700>").receive("S. 0:0(0) ack 1 <mss 1460>").expect(". 1:1(0) ack 1");
        assertEquals(700, firstSegment(t));
    }

    @Test void settingAboveTheLinkDoesNotWidenIt() {
        Script t = Script.closed().config(c -> c.maxSegmentSize(9000));
        t.connect().expect("S 0:0(0) win 65535 <mss 1460>").receive("S. 0:0(0) ack 1 <mss 9000>").expect(". 1:1(0) ack 1");
        assertEquals(1460, firstSegment(t));
    }

    @ParameterizedTest
    @ValueSource(ints = {48, 536, 1000, 1460, 8960})
    void noPieceIsLargerThanTheSegmentSize(int mss) {
        Script t = Script.established().mss(mss).cwnd(60_000);
        t.send(50_000);
        int sum = 0;
        for (EmissionLog.Emission emission : t.takeSent()) {
            assertTrue(emission.segment().payloadLength() <= mss);
            sum += emission.segment().payloadLength();
        }
        assertTrue(sum > 50_000 - mss && sum <= 50_000, "sent: " + sum); // Nagle may hold the tail
    }

    @Test void segmentLargerThanOurMssIsTakenNevertheless() {
        Script t = Script.established().mss(1000);
        t.receive("P. 1:1401(1400) ack 1").expect(". 1:1(0) ack 1401").read(1400);
    }

    @Test void mssOnASegmentWithoutSynIsIgnored() {
        Script t = Script.established().mss(1000);
        t.receive(". 1:1(0) ack 1 win 65535 <mss 100>");
        assertEquals(1000, firstSegment(t));
    }
}
