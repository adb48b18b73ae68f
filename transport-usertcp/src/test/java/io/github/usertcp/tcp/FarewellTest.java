package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Closing, half-closing and what is left behind (RFC 9293 section 3.6), without loss. */
@TraceTest
class FarewellTest {
    @Test @Tag("RFC9293-3.6") void activeCloseEndsInTimeWait() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").expectState(TcpState.FIN_WAIT_1);
        t.receive(". 1:1(0) ack 2").expectSilence().expectState(TcpState.FIN_WAIT_2);
        t.at(1_000).receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2").expectState(TcpState.TIME_WAIT);
        t.expectSilenceUntil(60_999).expectState(TcpState.TIME_WAIT).at(61_000).expectSilence().expectClosed(CloseCause.NONE);
    }

    @Test @Tag("RFC9293-3.6") void passiveCloseEndsWithTheAckOfOurFin() {
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").expectState(TcpState.CLOSE_WAIT).expectEvents(TcpEvent.END_OF_INPUT);
        t.close().expect("F. 1:1(0) ack 2").expectState(TcpState.LAST_ACK);
        t.receive(". 2:2(0) ack 2").expectSilence().expectClosed(CloseCause.NONE);
    }

    @Test @Tag("RFC9293-3.6") void simultaneousClosePassesThroughClosing() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1");
        t.receive("F. 1:1(0) ack 1").expect(". 2:2(0) ack 2").expectState(TcpState.CLOSING);
        t.receive(". 2:2(0) ack 2").expectSilence().expectState(TcpState.TIME_WAIT);
        t.expectSilenceUntil(59_999).expectState(TcpState.TIME_WAIT).at(60_000).expectClosed(CloseCause.NONE);
    }

    @Test @Tag("RFC9293-3.6") void halfClosedOutputStillReceives() {
        Script t = Script.established().mss(1000);
        t.shutdownOutput().expect("F. 1:1(0) ack 1").receive(". 1:1(0) ack 2").expectState(TcpState.FIN_WAIT_2);
        for (int i = 0; i < 5; i++) {
            int seq = 1 + i * 1000;
            t.receive(". " + seq + ":" + (seq + 1000) + "(1000) ack 2").expect(". 2:2(0) ack " + (seq + 1000));
        }
        t.read(5000).receive("F. 5001:5001(0) ack 2").expect(". 2:2(0) ack 5002").expectState(TcpState.TIME_WAIT);
        assertEquals(true, t.connection().isInputEnded());
    }

    @Test @Tag("RFC9293-3.6") void halfClosedInputStillSends() {
        Script t = Script.established().mss(1000).cwnd(100_000);
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2");
        t.send(2000).expect(". 1:1001(1000) ack 2", "P. 1001:2001(1000) ack 2").receive(". 2:2(0) ack 2001").expectState(TcpState.CLOSE_WAIT);
        t.shutdownOutput().expect("F. 2001:2001(0) ack 2").expectState(TcpState.LAST_ACK).receive(". 2:2(0) ack 2002").expectClosed(CloseCause.NONE);
    }

    @Test @Tag("RFC9293-3.10.4") void finFollowsTheLastByteThatWasWritten() {
        Script t = Script.established().mss(1000).cwnd(2000);
        t.send(3500).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1").close().expectSilence();
        t.receive(". 1:1(0) ack 2001").expect(". 2001:3001(1000) ack 1", "FP. 3001:3501(500) ack 1").expectState(TcpState.FIN_WAIT_1);
        t.receive(". 1:1(0) ack 3502").expectState(TcpState.FIN_WAIT_2);
    }

    @Test @Tag("RFC9293-3.10.4") void closingTwiceSaysFarewellOnce() {
        Script t = Script.established();
        t.shutdownOutput().expect("F. 1:1(0) ack 1").shutdownOutput().close().close().shutdownOutput().expectSilence();
        t.receive(". 1:1(0) ack 2").close().shutdownOutput().expectSilence().expectState(TcpState.FIN_WAIT_2);
    }

    @Test @Tag("RFC9293-3.10.2") void nothingCanBeWrittenBehindTheFin() {
        Script t = Script.established();
        t.shutdownOutput().expect("F. 1:1(0) ack 1");
        assertEquals(0, t.offer(10));
        assertEquals(0, t.connection().writableBytes());
        t.expectSilence();
    }

    @Test @Tag("RFC9293-3.10.7.4") void finWithDataDeliversTheDataFirst() {
        Script t = Script.established();
        t.receive("FP. 1:101(100) ack 1").expect(". 1:1(0) ack 102").expectEvents(TcpEvent.READABLE, TcpEvent.END_OF_INPUT);
        assertEquals(false, t.connection().isInputEnded());
        t.read(100);
        assertEquals(true, t.connection().isInputEnded());
    }

    @Test @Tag("RFC9293-3.10.7.4") void textBehindTheFinIsIgnored() {
        Script t = Script.established();
        t.receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2").receive("P. 2:12(10) ack 1").expectReadable(0).expectState(TcpState.CLOSE_WAIT);
        t.takeSent();
    }

    @Test @Tag("RFC9293-3.10.7.4") void dataOnTheSegmentThatAcknowledgesOurFinIsDelivered() {
        Script t = Script.established();
        t.shutdownOutput().expect("F. 1:1(0) ack 1").receive("FP. 1:11(10) ack 2").expect(". 2:2(0) ack 12").expectState(TcpState.TIME_WAIT).read(10);
    }

    @Test @Tag("RFC9293-3.6.1") @Tag("RFC2525-2.17") void closingWithUnreadDataResets() {
        Script t = Script.established();
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").close();
        expectReset(t, 1);
        t.expectClosed(CloseCause.ABORTED);
    }

    @Test @Tag("RFC9293-3.6.1") void dataThatArrivesAfterCloseIsReset() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").receive(". 1:1(0) ack 2").receive("P. 1:101(100) ack 2");
        expectReset(t, 2);
        t.expectState(TcpState.CLOSED).expectReadable(0);
    }

    @Test @Tag("RFC9293-3.6.1") void closeAfterHalfCloseStillAnswersDataByReset() {
        Script t = Script.established();
        t.shutdownOutput().expect("F. 1:1(0) ack 1").receive(". 1:1(0) ack 2").receive("P. 1:101(100) ack 2").expect(". 2:2(0) ack 101").read(100);
        t.close().expectSilence().receive("P. 101:201(100) ack 2");
        expectReset(t, 2);
        t.expectState(TcpState.CLOSED);
    }

    @Test void orphanInFinWait2IsForgotten() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").at(10).receive(". 1:1(0) ack 2");
        t.expectSilenceUntil(60_009).expectState(TcpState.FIN_WAIT_2).at(60_010).expectState(TcpState.CLOSED).expectSilence();
        assertEquals(Long.MAX_VALUE, t.connection().deadlineNanos());
    }

    @Test void orphanTimeIsCountedFromTheCloseIfThatComesLater() {
        Script t = Script.established().config(c -> c.finWait2Nanos(5_000_000_000L));
        t.shutdownOutput().expect("F. 1:1(0) ack 1").at(10).receive(". 1:1(0) ack 2").at(8_000).expectState(TcpState.FIN_WAIT_2);
        t.close().at(12_999).expectState(TcpState.FIN_WAIT_2).at(13_000).expectState(TcpState.CLOSED).expectSilence();
    }

    @Test @Tag("RFC9293-3.6") void halfClosedConnectionWaitsForeverForAPeerThatIsStillRead() {
        Script t = Script.established();
        t.shutdownOutput().expect("F. 1:1(0) ack 1").at(10).receive(". 1:1(0) ack 2");
        t.expectSilenceUntil(86_400_000).expectState(TcpState.FIN_WAIT_2).receive("P. 1:11(10) ack 2").expect(". 2:2(0) ack 11").read(10);
    }

    @Test @Tag("RFC9293-3.4.2") void timeWaitKnowsWhatACompactEntryNeeds() {
        Script t = Script.established().timestamps();
        t.close().expect("F. 1:1(0) ack 1").at(10).receive("F. 1:1(0) ack 2 win 65535 <TS val 7 ecr 0>").expect(". 2:2(0) ack 2 <TS val 10 ecr 7>");
        TimeWait timeWait = t.connection().timeWait();
        assertEquals(RelativeNumbers.ISS + 2, timeWait.sndNxt());
        assertEquals(RelativeNumbers.PEER_ISS + 2, timeWait.rcvNxt());
        assertEquals(65_535, timeWait.rcvWnd());
        assertTrue(timeWait.timestamps());
        assertEquals(RelativeNumbers.PEER_TS_BASE + 7, timeWait.tsRecent());
        assertEquals(t.clock() + 60_000_000_000L, timeWait.deadlineNanos());
    }

    @Test @Tag("RFC9293-3.4.2") void timeWaitLastsTwoMaximumSegmentLifetimes() {
        Script t = Script.established().config(c -> c.maxSegmentLifetimeNanos(1_000_000_000L));
        t.close().expect("F. 1:1(0) ack 1").receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2");
        t.at(1_999).expectState(TcpState.TIME_WAIT).at(2_000).expectClosed(CloseCause.NONE);
    }

    /** One RST with that sequence number (RFC 9293 section 3.10.5: SND.NXT), with or without ACK. */
    static void expectReset(Script t, int seq) {
        List<EmissionLog.Emission> sent = t.takeSent();
        assertEquals(1, sent.size(), () -> "one RST: " + sent);
        assertTrue(sent.get(0).segment().isRst() && sent.get(0).segment().seq() == seq, () -> "a RST with sequence number " + seq + ": " + sent);
    }
}
