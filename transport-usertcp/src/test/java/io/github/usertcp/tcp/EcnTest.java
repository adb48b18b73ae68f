package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.congestion.CongestionControls;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Explicit congestion notification in the words of RFC 3168. */
@TraceTest
class EcnTest {
    private static Script client() {
        Script t = Script.closed().config(c -> c.ecnOffered(EcnMode.CLASSIC).quickAckSegments(0));
        t.connect().expect("[noecn] SEW 0:0(0) win 65535");
        return t.receive("SE. 0:0(0) ack 1 win 65535 <mss 1000>").expect("[noecn] . 1:1(0) ack 1");
    }

    private static Script reno(int bytes) {
        Script t = Script.closed().newReno().config(c -> c.ecnOffered(EcnMode.CLASSIC).burstPush(false));
        t.connect().expect("SEW 0:0(0) win 65535").receive("SE. 0:0(0) ack 1 win 65535 <mss 1000>").expect(". 1:1(0) ack 1");
        t.send(bytes);
        for (int i = 0; i < 10; i++) {
            t.expect("[ect0] . " + (1 + 1000 * i) + ':' + (1001 + 1000 * i) + "(1000) ack 1");
        }
        return t;
    }


    @Test @Tag("RFC3168-6.1.1") void halfOpenEntryRemembersWhatWasGranted() {
        Script t = Script.listening();
        t.receive("SEW 0:0(0) win 65535 <mss 1000>").expect("[noecn] SE. 0:0(0) ack 1").receive(". 1:1(0) ack 1");
        t.send(10).expect("[ect0] P. 1:11(10) ack 1").receive(". 1:1(0) ack 11");
        assertEquals(EcnMode.CLASSIC, t.info().ecn().mode());
    }

    @Test @Tag("RFC3168-6.1.1") void simultaneousOpenAgreesIfBothAsk() {
        Script t = Script.closed().config(c -> c.ecnOffered(EcnMode.CLASSIC));
        t.connect().expect("SEW 0:0(0) win 65535").receive("SEW 0:0(0) win 65535 <mss 1000>").expect("SE. 0:0(0) ack 1");
        t.receive("SE. 0:0(0) ack 1 win 65535 <mss 1000>").expect(". 1:1(0) ack 1");
        t.send(10).expect("[ect0] P. 1:11(10) ack 1").receive(". 1:1(0) ack 11");
    }

    @Test @Tag("RFC3168-6.1.1") void simultaneousOpenWithOneThatDoesNotAskHasNone() {
        Script t = Script.closed().config(c -> c.ecnOffered(EcnMode.CLASSIC));
        t.connect().expect("SEW 0:0(0) win 65535").receive("S 0:0(0) win 65535 <mss 1000>").expect("S. 0:0(0) ack 1");
        t.receive("S. 0:0(0) ack 1 win 65535 <mss 1000>").expect(". 1:1(0) ack 1");
        t.send(10).expect("[noecn] P. 1:11(10) ack 1").receive(". 1:1(0) ack 11");
        assertEquals(EcnMode.OFF, t.info().ecn().mode());
    }

    @Test @Tag("RFC3168-6.1.2") void theWindowIsReducedOnceARoundTripAndToldOnce() {
        Script t = reno(12_000);
        t.receive(".E 1:1(0) ack 2001").expect("[ect0] W. 10001:11001(1000) ack 1");
        assertEquals(5000, t.info().sndSsthresh());
        t.receive(".E 1:1(0) ack 4001").expect("[ect0] P. 11001:12001(1000) ack 1");
        assertEquals(5000, t.info().sndSsthresh());
        assertEquals(4, t.info().ecn().deliveredCe());
        t.receive(". 1:1(0) ack 12001");
    }

    @Test @Tag("RFC3168-6.1.2") void anEchoBeyondTheReductionReducesAgain() {
        Script t = reno(12_000);
        t.receive(".E 1:1(0) ack 10001").expect("[ect0] W. 10001:11001(1000) ack 1", "[ect0] P. 11001:12001(1000) ack 1");
        assertEquals(5000, t.info().sndSsthresh());
        t.receive(".E 1:1(0) ack 11001");
        assertEquals(2000, t.info().sndSsthresh());
        t.receive(". 1:1(0) ack 12001");
    }

    @Test @Tag("RFC3168-6.1.2") void aReductionForALossIsToldToo() {
        Script t = reno(14_000);
        t.receive(". 1:1(0) ack 1").receive(". 1:1(0) ack 1").expect("[ect0] . 10001:11001(1000) ack 1", "[ect0] . 11001:12001(1000) ack 1");
        t.receive(". 1:1(0) ack 1").expect("[noecn] . 1:1001(1000) ack 1");
        t.receive(". 1:1(0) ack 12001");
        t.expect("[ect0] W. 12001:13001(1000) ack 1", "[ect0] P. 13001:14001(1000) ack 1");
        t.receive(". 1:1(0) ack 14001");
    }

    @Test @Tag("RFC3168-6.1.2") void anEchoNobodyAskedForChangesNothing() {
        Script t = Script.established().newReno().mss(1000);
        t.send(2000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1").receive(".E 1:1(0) ack 2001");
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
        assertEquals(0, t.info().ecn().deliveredCe());
    }

    @Test @Tag("RFC3168-6.1.3") void everyAckEchoesUntilTheSenderHasReduced() {
        Script t = client();
        t.receive("[ce] P. 1:101(100) ack 1").expect("[noecn] E. 1:1(0) ack 101");
        t.send(10).expect("[ect0] PE. 1:11(10) ack 101");
        t.receive("[ect0] PW. 101:201(100) ack 11").expect("[noecn] . 11:11(0) ack 201").read(200);
        assertTrue(t.info().ecn().seen());
    }

    @Test @Tag("RFC3168-6.1.3") void aMarkOnASegmentOutsideOfTheWindowIsNotBelieved() {
        Script t = client();
        t.receive("[ce] P. 200001:200101(100) ack 1").expect("[noecn] . 1:1(0) ack 1");
        assertFalse(t.info().ecn().seen());
    }

    @Test @Tag("RFC3168-6.1.6") void aProbeOfAClosedWindowIsNotCapable() {
        Script t = client();
        t.receive(". 1:1(0) ack 1 win 0").send(10).tick().expect("[noecn] . 0:0(0) ack 1");
        t.receive(". 1:1(0) ack 1").expect("[ect0] P. 1:11(10) ack 1").receive(". 1:1(0) ack 11");
    }

    @Test @Tag("RFC8257-3.2") void marksThatComeAndGoInOneBatchAreToldOneByOne() {
        Script t = Script.closed().config(c -> c.congestionControl(CongestionControls.dctcp()));
        t.connect().expect("[ect0] SEW 0:0(0) win 65535").receive("[ect0] SE. 0:0(0) ack 1 <mss 1000>").expect("[ect0] . 1:1(0) ack 1");
        t.batch(() -> {
            t.receive("[ect0] . 1:1001(1000) ack 1").receive("[ce] . 1001:2001(1000) ack 1").receive("[ce] . 2001:3001(1000) ack 1");
            t.receive("[ect0] . 3001:4001(1000) ack 1");
        });
        t.expect("[ect0] . 1:1(0) ack 1001", "[ect0] E. 1:1(0) ack 3001", "[ect0] . 1:1(0) ack 4001").read(4000);
    }

    @Test @Tag("RFC8257-3.2") void aBatchOfAlternatingMarksIsBounded() {
        Script t = Script.closed().config(c -> c.congestionControl(CongestionControls.dctcp()));
        t.connect().expect("SEW 0:0(0) win 65535").receive("SE. 0:0(0) ack 1 <mss 1000>").expect(". 1:1(0) ack 1");
        t.batch(() -> {
            for (int i = 0; i < 60; i++) {
                t.receive((i % 2 == 0 ? "[ce]" : "[ect0]") + " . " + (1 + 10 * i) + ':' + (11 + 10 * i) + "(10) ack 1");
            }
        });
        for (int i = 1; i <= 16; i++) {
            t.expect((i % 2 == 0 ? "" : "E") + ". 1:1(0) ack " + (1 + 10 * i));
        }
        t.expect(". 1:1(0) ack 601").expectSilence().read(600);
    }
}
