package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IpAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Path MTU discovery by what the network reports (RFC 1191, RFC 8201), and by what anybody forges (RFC 5927 section 7). */
@ExtendWith(FinishScripts.class)
class PathMtuTest {
    private static final TcpTuple TUPLE_V6 = new TcpTuple(IpAddress.parse("2001:db8::1"), 40_000, IpAddress.parse("2001:db8::2"), 80);
    private static final long TEN_MINUTES = 600_000;

    private static Script tooBig(Script t, long seq, long mtu) {
        return t.icmp(IcmpErrorKind.PACKET_TOO_BIG, seq, mtu);
    }

    @Test @Tag("RFC1191-6.5") void whatWasTooBigGoesAgainAtOnceInTheNewSize() {
        Script t = Script.established();
        t.send(2920).expect(". 1:1461(1460) ack 1", "P. 1461:2921(1460) ack 1");
        tooBig(t.at(10), 1, 1000);
        t.expectAt(10, ". 1:961(960) ack 1", ". 961:1921(960) ack 1", ". 1921:2881(960) ack 1", "P. 2881:2921(40) ack 1");
        t.at(20).receive(". 1:1(0) ack 2921").send(2000);
        t.expect(". 2921:3881(960) ack 1", ". 3881:4841(960) ack 1", "P. 4841:4921(80) ack 1");
    }

    @Test @Tag("RFC1191-6.5") void thatIsNoCongestion() {
        Script t = Script.established();
        t.send(2920).takeSent();
        long cwnd = t.info().sndCwnd();
        tooBig(t, 1, 1000);
        t.takeSent();
        assertEquals(cwnd / 1460 * 960, t.info().sndCwnd());
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
        t.receive(". 1:1(0) ack 2921").at(10_000).expectSilence();
    }

    /** A burst of several segments leaves a remainder when it is cut anew, which is not filled up from the next burst. */
    @Test void whatIsSentAgainFitsTheWindowInSegments() {
        Script t = Script.established();
        t.send(14_600);
        assertEquals(10, t.takeSent().size());
        tooBig(t, 1, 1000);
        t.expect(". 1:961(960) ack 1", ". 961:1921(960) ack 1", ". 1921:2881(960) ack 1", ". 2881:2921(40) ack 1");
        t.expect(". 2921:3881(960) ack 1", ". 3881:4841(960) ack 1", ". 4841:5801(960) ack 1", ". 5801:5841(40) ack 1");
        t.expect(". 5841:6801(960) ack 1", ". 6801:7761(960) ack 1", ". 7761:8721(960) ack 1", ". 8721:8761(40) ack 1");
        t.expectSilence();
        t.receive(". 1:1(0) ack 8761").takeSent();
        t.receive(". 1:1(0) ack 14601").at(10_000).expectSilence();
    }

    @Test void optionsCountToo() {
        Script t = Script.established().timestamps();
        t.send(1448).expect("P. 1:1449(1448) ack 1");
        tooBig(t, 1, 1000);
        t.expect(". 1:949(948) ack 1", "P. 949:1449(500) ack 1");
    }

    @ParameterizedTest @Tag("RFC5927-7")
    @CsvSource({"0, 512", "1, 512", "67, 512", "68, 512", "551, 512", "552, 512", "553, 513", "576, 536", "1499, 1459"})
    void noReportMakesSegmentsTiny(long mtu, int mss) {
        Script t = Script.established();
        t.send(1460).expect("P. 1:1461(1460) ack 1");
        tooBig(t, 1, mtu).takeSent();
        assertEquals(mss, t.info().sndMss());
    }

    @ParameterizedTest @Tag("RFC8201-4")
    @CsvSource({"0, 1440", "68, 1440", "1279, 1440", "1280, 1220", "1400, 1340", "1500, 1440", "4294967295, 1440"})
    void overIpv6AReportBelowTheMinimumIsDiscarded(long mtu, int mss) {
        Script t = Script.established().tuple(TUPLE_V6).mss(1440);
        t.send(1440).expect("P. 1:1441(1440) ack 1");
        tooBig(t, 1, mtu).takeSent();
        assertEquals(mss, t.info().sndMss());
    }

    @ParameterizedTest @Tag("RFC1191-3")
    @ValueSource(longs = {1500, 1501, 9000, 65_535})
    void noReportMakesSegmentsLarger(long mtu) {
        Script t = Script.established();
        t.send(1460).expect("P. 1:1461(1460) ack 1");
        tooBig(t, 1, mtu).expectSilence();
        assertEquals(1460, t.info().sndMss());
    }

    @ParameterizedTest @Tag("RFC5927-4.1")
    @ValueSource(longs = {0, 1461, 0x7000_0000})
    void aReportAboutNothingInFlightIsForged(long seq) {
        Script t = Script.established();
        t.send(1460).expect("P. 1:1461(1460) ack 1");
        tooBig(t, seq, 1000).expectSilence();
        assertEquals(1460, t.info().sndMss());
        t.receive(". 1:1(0) ack 1461");
        tooBig(t, 1, 1000);
        assertEquals(1460, t.info().sndMss());
    }

    @Test void aSecondReportMayGoFurtherDownAndNoneUp() {
        Script t = Script.established();
        t.send(1460).takeSent();
        tooBig(t, 1, 1200).takeSent();
        assertEquals(1160, t.info().sndMss());
        tooBig(t, 1, 1400).expectSilence();
        assertEquals(1160, t.info().sndMss());
        tooBig(t, 1, 600).takeSent();
        assertEquals(560, t.info().sndMss());
    }

    @Test @Tag("RFC1191-6.3") void afterTenMinutesTheOldSizeIsTriedAgain() {
        Script t = Script.established();
        t.send(1460).takeSent();
        tooBig(t, 1, 1000).takeSent();
        t.receive(". 1:1(0) ack 1461").at(TEN_MINUTES - 1).send(1460).expect(". 1461:2421(960) ack 1", "P. 2421:2921(500) ack 1");
        t.receive(". 1:1(0) ack 2921").at(TEN_MINUTES).send(1460).expect("P. 2921:4381(1460) ack 1").receive(". 1:1(0) ack 4381");
    }

    @Test @Tag("RFC1191-3") void aReportAboutTheSynCountsForTheData() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)");
        tooBig(t, 0, 1000).receive("S. 0:0(0) ack 1 win 65535 <mss 1460>").expect(". 1:1(0) ack 1");
        t.send(1000).expect(". 1:961(960) ack 1", "P. 961:1001(40) ack 1").receive(". 1:1(0) ack 1001");
    }

    @Test void theMssWeAnnounceIsTheLinks() {
        Script t = Script.closed();
        t.connection().pathMtu(1000, Long.MAX_VALUE - 1);
        t.connect().expect("S 0:0(0) win 65535 <mss 1460>").receive("S. 0:0(0) ack 1 win 65535 <mss 1460>").expect(". 1:1(0) ack 1");
        assertEquals(960, t.info().sndMss());
    }

    @Test void whoDoesNotDiscoverKeepsTheSize() {
        Script t = Script.established().config(c -> c.pathMtuDiscovery(false));
        t.send(1460).expect("P. 1:1461(1460) ack 1");
        tooBig(t, 1, 1000).expectSilence();
        assertEquals(1460, t.info().sndMss());
    }

    @Test void whatFitsIsNotSentAgain() {
        Script t = Script.established();
        t.send(1460).takeSent();
        t.close().expect("F. 1461:1461(0) ack 1");
        tooBig(t, 1, 1000).expect(". 1:961(960) ack 1", "P. 961:1461(500) ack 1");
        t.receive(". 1:1(0) ack 1462").expectState(TcpState.FIN_WAIT_2);
    }
}
