package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A peer that closes its window (RFC 9293 section 3.8.6.1), and our own window closed and opened again. */
@TraceTest
class ZeroWindowTest {
    /** Established with a closed window, since time 0. */
    private static Script zeroWindow() {
        return Script.established().mss(1000).cwnd(100_000).receive(". 1:1(0) ack 1 win 0");
    }

    /** Goes on to that time, when exactly one probe is sent: RFC 9293's one byte of new data, or Linux's empty segment from before SND.UNA. */
    private static Script expectProbeAt(Script t, long millis, int una) {
        t.expectSilenceUntil(millis - 1).at(millis);
        List<EmissionLog.Emission> sent = t.takeSent();
        assertEquals(1, sent.size(), () -> "one probe at " + millis + " ms: " + sent);
        TcpSegment probe = sent.get(0).segment();
        boolean oneByte = probe.seq() == una && probe.payloadLength() == 1;
        boolean old = probe.seq() == una - 1 && probe.payloadLength() <= 1;
        assertTrue(oneByte || old, () -> "a probe: " + probe);
        return t;
    }

    @Test @Tag("RFC9293-3.8.6.1") void nothingIsSentIntoAZeroWindowButProbesWithDoublingDistance() {
        Script t = zeroWindow();
        t.send(5000).expectSilence();
        long at = 0;
        for (long wait = 200; wait <= 12_800; wait *= 2) {
            at += wait;
            expectProbeAt(t, at, 1).receive(". 1:1(0) ack 1 win 0");
        }
        t.receive(". 1:1(0) ack 1 win 2000").expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1").expectSilence();
    }

    @Test @Tag("RFC9293-3.8.6.1") void peerThatAnswersProbesKeepsTheConnectionForHours() {
        Script t = zeroWindow();
        t.send(5000);
        long hours = 4 * 3_600_000L;
        int probes = 0;
        while (t.clock() < hours * ConnectionDriver.MILLIS) {
            t.tick();
            int sent = t.takeSent().size();
            probes += sent;
            if (sent > 0) {
                t.advance(10).receive(". 1:1(0) ack 1 win 0");
            }
            t.expectState(TcpState.ESTABLISHED);
        }
        assertTrue(probes > 4 * 3600 / 125, "the distance of probes is limited to the largest RTO of 120 s: " + probes);
        t.receive(". 1:1(0) ack 1 win 65535");
        assertEquals(5, t.takeSent().stream().filter(e -> e.segment().payloadLength() >= 999).count());
    }

    @Test @Tag("RFC9293-3.8.6.1") void peerThatAnswersNoProbeTimesOut() {
        Script t = Script.established().mss(1000).cwnd(100_000).config(c -> c.dataRetries(3)).receive(". 1:1(0) ack 1 win 0");
        t.send(5000).at(199).expectSilence();
        t.at(10_000).takeSent();
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void orphanDoesNotWaitForeverForAWindow() { // a peer that answers probes and never opens would hold the memory of every connection we close
        Script t = zeroWindow();
        t.send(5000).close();
        for (int probe = 0; probe < 8; probe++) {
            t.tick().receive(". 1:1(0) ack 1 win 0").expectState(TcpState.FIN_WAIT_1).takeSent();
        }
        t.tick();
        FarewellTest.expectReset(t, 1);
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @Test void orphanDoesNotWaitForeverForAWindowTakenBack() {
        Script t = Script.established().mss(1000).cwnd(100_000).send(5000);
        t.close().takeSent();
        int timeouts = 0;
        while (timeouts < 100 && t.receive(". 1:1(0) ack 1 win 0").connection().state() == TcpState.FIN_WAIT_1) {
            t.tick().takeSent();
            timeouts++;
        }
        assertEquals(9, timeouts, "eight retransmissions, and the expiry that gives up");
        t.takeSent();
        t.expectClosed(CloseCause.TIMED_OUT);
    }

    @Test @Tag("RFC9293-3.8.6.1") void windowThatOpensWhileAProbeIsUnderWayLetsDataGo() {
        Script t = zeroWindow();
        t.send(2000);
        expectProbeAt(t, 200, 1).at(210).receive(". 1:1(0) ack 1 win 65535");
        List<EmissionLog.Emission> sent = t.takeSent();
        EmissionLog.Emission last = sent.get(sent.size() - 1);
        assertEquals(2001, last.segment().seq() + last.segment().payloadLength());
        t.receive(". 1:1(0) ack 2001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC9293-3.8.6.1") void acceptedProbeByteIsNotSentAgain() {
        Script t = zeroWindow();
        t.send(2000).at(200);
        int byProbe = t.takeSent().get(0).segment().seq() == 1 ? 1 : 0;
        t.at(210).receive(". 1:1(0) ack " + (1 + byProbe) + " win 65535");
        assertEquals(1 + byProbe, t.takeSent().get(0).segment().seq());
        t.receive(". 1:1(0) ack 2001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC9293-3.8.6") void pureWindowUpdateIsEnough() {
        Script t = zeroWindow();
        t.send(1000).expectSilence().at(50).receive(". 1:1(0) ack 1 win 1000").expect("P. 1:1001(1000) ack 1").receive(". 1:1(0) ack 1001 win 1000");
        t.expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC9293-3.8.6") void zeroWindowWithNothingToSendNeedsNoProbe() {
        zeroWindow().expectSilenceUntil(1_000_000);
    }

    @Test @Tag("RFC9293-3.8.6") void windowThatClosesWithEverythingAcknowledgedIsProbedForTheRest() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(2000);
        t.send(4000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1").at(10).receive(". 1:1(0) ack 2001 win 0").expectSilence();
        expectProbeAt(t, 210, 2001).receive(". 1:1(0) ack 2001 win 4000");
        t.takeSent();
        t.receive(". 1:1(0) ack 4001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC9293-3.8.6") void windowTakenBackByThePeerDoesNoHarm() {
        Script t = Script.established().mss(1000).cwnd(100_000).peerWindow(4000);
        t.send(6000).takeSent();
        t.at(10).receive(". 1:1(0) ack 1001 win 1000").expectSilence(); // 3000 are in flight beyond it
        t.at(20).receive(". 1:1(0) ack 4001 win 1000").expect(". 4001:5001(1000) ack 1").receive(". 1:1(0) ack 5001 win 1000").expect("P. 5001:6001(1000) ack 1");
        t.receive(". 1:1(0) ack 6001").expectSilenceUntil(60_000);
    }

    @Test @Tag("RFC9293-3.8.6.1") void finWaitsBehindAZeroWindowWithItsData() {
        Script t = zeroWindow();
        t.send(1000).close().expectSilence();
        t.at(100).receive(". 1:1(0) ack 1 win 5000").expect("FP. 1:1001(1000) ack 1").receive(". 1:1(0) ack 1002").expectState(TcpState.FIN_WAIT_2);
    }

    @Test @Tag("RFC9293-3.8.6") void ownWindowClosesAndIsReopenedByReading() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(4000).quickAck(true));
        for (int i = 1; i <= 4; i++) {
            t.receive(". " + (i * 1000 - 999) + ":" + (i * 1000 + 1) + "(1000) ack 1").expect(". 1:1(0) ack " + (i * 1000 + 1) + " win " + (4000 - i * 1000));
        }
        t.expectSilenceUntil(60_000).read(4000).expect(". 1:1(0) ack 4001 win 4000").expectSilence();
        t.receive(". 4001:5001(1000) ack 1").expect(". 1:1(0) ack 5001 win 3000");
    }

    @Test @Tag("RFC9293-3.8.6") void windowThatIsUsedUpIsAnnouncedAtOnce() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(2000).quickAckSegments(0));
        t.receive(". 1:1001(1000) ack 1").expectSilence().receive("P. 1001:1101(100) ack 1").expect(". 1:1(0) ack 1101 win 900");
        t.receive("P. 1101:2001(900) ack 1").expect(". 1:1(0) ack 2001 win 0").expectSilence();
        t.read(999).expectSilence().read(1).expect(". 1:1(0) ack 2001 win 1000").expectSilence();
    }

    @Test @Tag("RFC9293-3.8.6") void ownWindowIsReopenedByALargerBuffer() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(4000)).receive("P. 1:4001(4000) ack 1").expect(". 1:1(0) ack 4001 win 0");
        t.reconfigure(c -> c.receiveBufferBytes(10_000)).expect(". 1:1(0) ack 4001 win 6000").expectSilence().read(4000).takeSent();
    }

    @Test @Tag("RFC9293-3.8.6") void ownWindowIsReopenedWhenMemoryIsNoLongerShort() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(4000));
        t.connection().memoryPressure(true);
        t.receive("P. 1:4001(4000) ack 1").expect(". 1:1(0) ack 4001 win 0").read(4000).expectSilence();
        t.connection().memoryPressure(false);
        t.reconfigure(c -> c).expect(". 1:1(0) ack 4001 win 4000").expectSilence();
    }

    @Test @Tag("RFC9293-3.8.6.1") void probesOfThePeerAreAnsweredAndTheirByteIsNotTaken() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(2000));
        t.receive(". 1:2001(2000) ack 1").expect(". 1:1(0) ack 2001 win 0");
        for (int at = 1_000; at <= 8_000; at *= 2) {
            t.at(at).receive(". 2001:2002(1) ack 1").expect(". 1:1(0) ack 2001 win 0").expectReadable(2000);
            t.at(at + 500).receive(". 2000:2000(0) ack 1").expect(". 1:1(0) ack 2001 win 0");
        }
        t.read(2000).expect(". 1:1(0) ack 2001 win 2000").receive(". 2001:3001(1000) ack 1").expect(". 1:1(0) ack 3001").read(1000);
        t.takeSent();
    }

    @Test @Tag("RFC9293-3.10.7.4") void acknowledgmentsAreTakenWhileOurWindowIsClosed() {
        Script t = Script.established().mss(1000).cwnd(100_000).config(c -> c.receiveBufferBytes(2000));
        t.send(1000).expect("P. 1:1001(1000) ack 1").receive(". 1:2001(2000) ack 1").expect(". 1001:1001(0) ack 2001 win 0");
        t.at(10).receive(". 2001:2001(0) ack 1001").expectSilenceUntil(60_000);
        assertEquals(1000, t.info().bytesAcked());
    }
}
