package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IcmpErrorKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Finding the largest segment without the network's help (RFC 4821). */
@ExtendWith(FinishScripts.class)
class MtuProbesTest {
    private static final long WINDOW = 12 * 1024;

    private static Script probing() {
        return Script.established().cwnd(WINDOW).config(c -> c.mtuProbing(MtuProbing.ALWAYS).noDelay(true));
    }

    @Test @Tag("RFC4821-7.2") void probingBeginsWithSmallSegments() {
        Script t = Script.established().config(c -> c.mtuProbing(MtuProbing.ALWAYS));
        t.send(2000).expect(". 1:1025(1024) ack 1", "P. 1025:2001(976) ack 1").receive(". 1:1(0) ack 2001");
    }

    /** Half-way between packets of 1064 and 1500 bytes: 1282. */
    @Test @Tag("RFC4821-7.4") void aProbeThatArrivesMakesSegmentsAsLarge() {
        Script t = probing();
        t.send(8000).expect(". 1:1243(1242) ack 1", ". 1243:2267(1024) ack 1", ". 2267:3291(1024) ack 1", ". 3291:4315(1024) ack 1",
            ". 4315:5339(1024) ack 1", ". 5339:6363(1024) ack 1", ". 6363:7387(1024) ack 1", "P. 7387:8001(614) ack 1");
        t.receive(". 1:1(0) ack 1243");
        assertEquals(1242, t.info().sndMss());
        t.receive(". 1:1(0) ack 8001").at(10_000).expectSilence();
    }

    @Test @Tag("RFC4821-7.2") void theSearchHalvesTheRangeUntilItIsNotWorthAProbe() {
        Script t = Script.established().cwnd(100_000).config(c -> c.mtuProbing(MtuProbing.ALWAYS).noDelay(true));
        long at = 1;
        for (int size : new int[] {1242, 1351, 1405, 1432, 1446, 1453}) {
            t.send(20_000).expect(". " + at + ":" + (at + size) + "(" + size + ") ack 1").takeSent();
            at += 20_000;
            t.receive(". 1:1(0) ack " + at);
            assertEquals(size, t.info().sndMss());
        }
        t.send(20_000).expect(". " + at + ":" + (at + 1453) + "(1453) ack 1").takeSent();
        t.receive(". 1:1(0) ack " + (at + 20_000));
    }

    @Test @Tag("RFC4821-7.6.2") void aProbeThatIsLostAloneGoesAgainInSmallSegmentsAndIsNoCongestion() {
        Script t = probing();
        t.send(8000).takeSent();
        t.receive(". 1:1(0) ack 1").receive(". 1:1(0) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 1").expect(". 1:1025(1024) ack 1", ". 1025:1243(218) ack 1");
        assertEquals(1024, t.info().sndMss());
        t.receive(". 1:1(0) ack 8001").expectSilence();
        // Between 1064 and 1281 now: 1172.
        t.send(8000).expect(". 8001:9133(1132) ack 1").takeSent();
        t.receive(". 1:1(0) ack 16001");
    }

    @Test @Tag("RFC4821-7.6.4") void aProbeTellsNothingWhenMoreIsLost() {
        Script t = probing();
        t.send(8000).takeSent();
        t.at(5_000).takeSent(); // retransmission timeouts
        t.receive(". 1:1(0) ack 8001");
        assertEquals(1024, t.info().sndMss());
    }

    @Test @Tag("RFC4821-7.4") void thereMustBeDataBehindTheProbe() {
        Script t = probing();
        t.send(5000).expect(". 1:1025(1024) ack 1").takeSent();
        t.receive(". 1:1(0) ack 5001");
    }

    @Test @Tag("RFC4821-7.7") void aBlackHoleIsFoundByTimeouts() {
        Script t = Script.established();
        t.send(1460).expect("P. 1:1461(1460) ack 1");
        t.expectAt(200, "P. 1:1461(1460) ack 1").expectAt(600, "P. 1:1461(1460) ack 1").expectAt(1_400, "P. 1:1461(1460) ack 1");
        t.expectAt(3_000, "P. 1:1461(1460) ack 1");
        t.expectAt(6_200, ". 1:1025(1024) ack 1"); // three seconds after the first
        t.receive(". 1:1(0) ack 1025").expect("P. 1025:1461(436) ack 1").receive(". 1:1(0) ack 1461");
        assertEquals(1024, t.info().sndMss());
    }

    @Test @Tag("RFC4821-7.7") void aDeeperBlackHoleIsFoundByMore() {
        Script t = Script.established();
        t.send(1460).at(6_200).takeSent();
        t.expectAt(12_600, ". 1:513(512) ack 1").expectAt(25_400, ". 1:513(512) ack 1"); // not below 552 bytes
        t.receive(". 1:1(0) ack 1461");
    }

    @Test void offMeansOff() {
        Script t = Script.established().config(c -> c.mtuProbing(MtuProbing.OFF));
        t.send(1460).at(6_000).takeSent();
        t.expectAt(6_200, "P. 1:1461(1460) ack 1").receive(". 1:1(0) ack 1461");
    }

    @Test @Tag("RFC4821-5.2") void whatWasFoundIsToldOnceItIsProven() {
        Script t = Script.established();
        t.send(1460).at(6_200).takeSent();
        assertFalse(t.connection().hasSearchedMtu(), "only a guess");
        t.receive(". 1:1(0) ack 1025").expect("P. 1025:1461(436) ack 1").receive(". 1:1(0) ack 1461");
        assertTrue(t.connection().hasSearchedMtu());
        assertEquals(1064, t.connection().takeSearchedMtu().low());
        assertFalse(t.connection().hasSearchedMtu());
    }

    @Test @Tag("RFC4821-5.2") void theNextConnectionBeginsWhereTheSearchHasCome() {
        Script t = Script.closed();
        t.connection().searchedMtu(new MtuRange(1172, 1281, 1500, 0), 0);
        t.connect().expect("S 0:0(0) win 65535 <mss 1460>").receive("S. 0:0(0) ack 1 win 65535 <mss 1460>").expect(". 1:1(0) ack 1");
        assertEquals(1132, t.info().sndMss());
    }

    @Test void whoDoesNotProbeIsNotBoundByWhatOthersFound() {
        Script t = Script.closed().config(c -> c.mtuProbing(MtuProbing.OFF));
        t.connection().searchedMtu(new MtuRange(1172, 1281, 1500, 0), 0);
        t.connect().expect("S 0:0(0) win 65535 <mss 1460>").receive("S. 0:0(0) ack 1 win 65535 <mss 1460>").expect(". 1:1(0) ack 1");
        assertEquals(1460, t.info().sndMss());
    }

    @Test void aReportBoundsTheSearch() {
        Script t = probing();
        t.send(8000).takeSent();
        t.icmp(IcmpErrorKind.PACKET_TOO_BIG, 1, 1200).expect(". 1:1025(1024) ack 1", ". 1025:1243(218) ack 1").expectSilence();
        t.receive(". 1:1(0) ack 8001");
        assertEquals(1024, t.info().sndMss());
        // Between 1064 and 1200 now: 1132.
        t.send(8000).expect(". 8001:9093(1092) ack 1").takeSent();
        t.receive(". 1:1(0) ack 16001");
        assertEquals(1092, t.info().sndMss());
    }
}
