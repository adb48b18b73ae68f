package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IcmpErrorKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What ICMP errors do to a connection (RFC 9293 section 3.9.2.2), and what forged ones do not (RFC 5927). */
@ExtendWith(FinishScripts.class)
class IcmpErrorTest {
    private static final String DATA = "P. 1:101(100) ack 1";

    @ParameterizedTest @Tag("RFC9293-3.9.2.2")
    @CsvSource({
        "NETWORK_UNREACHABLE, NETWORK_UNREACHABLE", "NETWORK_UNKNOWN, NETWORK_UNREACHABLE", "HOST_UNREACHABLE, UNREACHABLE",
        "HOST_PROHIBITED, UNREACHABLE", "TIME_EXCEEDED, UNREACHABLE", "PROTOCOL_UNREACHABLE, PROTOCOL_UNREACHABLE",
        "PORT_UNREACHABLE, REFUSED", "SOURCE_ROUTE_FAILED, SOURCE_ROUTE_FAILED", "HOST_UNKNOWN, HOST_DOWN",
        "SOURCE_ISOLATED, NO_NETWORK", "PROHIBITED, PROHIBITED", "PARAMETER_PROBLEM, PROTOCOL_ERROR",
        "UNKNOWN_OPTION, PROTOCOL_ERROR", "FRAGMENTS_MISSING, UNREACHABLE"})
    void anErrorEndsAConnect(IcmpErrorKind kind, CloseCause cause) {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").icmp(kind, 0).expectClosed(cause).expectEvents(TcpEvent.CLOSED);
    }

    @ParameterizedTest @Tag("RFC5927-4.1")
    @ValueSource(longs = {-1, 1, 2, 0x7FFF_FFFF})
    void anErrorThatDoesNotQuoteTheSynEndsNothing(long seq) {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").icmp(IcmpErrorKind.HOST_UNREACHABLE, seq).expectState(TcpState.SYN_SENT);
    }

    @Test @Tag("RFC1191-3") void aSynThatIsTooBigIsSentAgainByItsTimer() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").icmp(IcmpErrorKind.PACKET_TOO_BIG, 0, 1300).expectState(TcpState.SYN_SENT);
        t.expectAt(1_000, "S 0:0(0)");
    }

    @ParameterizedTest @Tag("RFC5927-5.2")
    @EnumSource(value = IcmpErrorKind.class, mode = Mode.EXCLUDE, names = "PACKET_TOO_BIG")
    void noErrorEndsAnEstablishedConnection(IcmpErrorKind kind) {
        Script t = Script.established();
        t.send(100).expect(DATA).icmp(kind, 1).expectState(TcpState.ESTABLISHED).expectSilence();
        t.receive(". 1:1(0) ack 101").expectEvents(TcpEvent.WRITABLE);
    }

    @Test @Tag("RFC9293-3.9.2.2") void aConnectionThatTimesOutSaysWhatTheNetworkSaid() {
        Script t = Script.established().config(c -> c.dataRetries(1));
        t.send(100).expect(DATA).icmp(IcmpErrorKind.HOST_UNREACHABLE, 1).at(10_000);
        t.takeSent();
        t.expectClosed(CloseCause.UNREACHABLE);
    }

    @Test void theUserTimeoutSaysWhatTheNetworkSaid() {
        Script t = Script.established().config(c -> c.userTimeoutNanos(150_000_000L));
        t.send(100).expect(DATA).icmp(IcmpErrorKind.NETWORK_UNREACHABLE, 1).at(150).expectClosed(CloseCause.NETWORK_UNREACHABLE);
    }

    @Test void anAcknowledgmentProvesTheNetworkWrong() {
        Script t = Script.established().config(c -> c.dataRetries(1));
        t.send(100).expect(DATA).icmp(IcmpErrorKind.HOST_UNREACHABLE, 1).receive(". 1:1(0) ack 101");
        t.send(100).expect("P. 101:201(100) ack 1").advance(10_000);
        t.takeSent();
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @ParameterizedTest @Tag("RFC5927-4.1")
    @ValueSource(longs = {0, 101, 102})
    void anErrorAboutNothingInFlightIsForgotten(long seq) {
        Script t = Script.established().config(c -> c.dataRetries(1));
        t.send(100).expect(DATA).icmp(IcmpErrorKind.HOST_UNREACHABLE, seq).at(10_000);
        t.takeSent();
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @Test @Tag("RFC6069-4") void aRouteThatFailsDoesNotDoubleTheTimeout() {
        Script t = Script.established();
        t.send(100).expect(DATA).expectAt(200, DATA); // the next would be at 600
        t.at(250).icmp(IcmpErrorKind.HOST_UNREACHABLE, 1).expectSilenceUntil(399).expectAt(400, DATA);
        t.at(450).icmp(IcmpErrorKind.NETWORK_UNREACHABLE, 1).expectSilenceUntil(599).expectAt(600, DATA);
        t.expectSilenceUntil(999).expectAt(1_000, DATA); // no error, no reversion
    }

    @Test @Tag("RFC6069-4") void aLateErrorSendsAtOnce() {
        Script t = Script.established();
        t.send(100).expect(DATA).expectAt(200, DATA).expectAt(600, DATA);
        t.at(1_300).icmp(IcmpErrorKind.HOST_UNREACHABLE, 1).expectAt(1_300, DATA);
    }

    @ParameterizedTest @Tag("RFC6069-4")
    @EnumSource(value = IcmpErrorKind.class, names = {"PORT_UNREACHABLE", "PROTOCOL_UNREACHABLE", "TIME_EXCEEDED", "HOST_PROHIBITED"})
    void onlyAMissingRouteRevertsTheBackoff(IcmpErrorKind kind) {
        Script t = Script.established();
        t.send(100).expect(DATA).expectAt(200, DATA).at(250).icmp(kind, 1).expectSilenceUntil(599).expectAt(600, DATA);
    }

    @Test @Tag("RFC6069-4") void onlyTheOldestSegmentRevertsTheBackoff() {
        Script t = Script.established().mss(100);
        t.send(200).expect(". 1:101(100) ack 1", "P. 101:201(100) ack 1").expectAt(200, ". 1:101(100) ack 1");
        t.at(250).icmp(IcmpErrorKind.HOST_UNREACHABLE, 101).expectSilenceUntil(599).expectAt(600, ". 1:101(100) ack 1");
    }

    @Test void thereIsNothingToRevertBeforeATimeout() {
        Script t = Script.established();
        t.send(100).expect(DATA).at(150).icmp(IcmpErrorKind.HOST_UNREACHABLE, 1).expectSilenceUntil(199).expectAt(200, DATA);
        assertEquals(1, t.info().backoff());
    }

    @ParameterizedTest
    @EnumSource(IcmpErrorKind.class)
    void nobodyListensToErrorsBeforeAndAfter(IcmpErrorKind kind) {
        Script.listening().icmp(kind, 0).expectState(TcpState.LISTEN);
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 1").at(40).takeSent();
        t.close().expect("F. 1:1(0) ack 2").icmp(kind, 1).receive(". 2:2(0) ack 2").expectClosed(CloseCause.NONE);
        t.icmp(kind, 1).expectClosed(CloseCause.NONE);
    }
}
