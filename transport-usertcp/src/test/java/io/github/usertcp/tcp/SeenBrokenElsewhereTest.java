package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/**
 * Faults read or met in other stacks, one test each; only those of a single connection. Malformed options and headers are the codec's, port
 * exhaustion and the two queues the stack's.
 */
@TraceTest
class SeenBrokenElsewhereTest {
    @Test void retransmissionCarriesTheWindow() {
        Script t = Script.established();
        t.send(100).expect("P. 1:101(100) ack 1 win 65535").expectAt(200, "P. 1:101(100) ack 1 win 65535").receive(". 1:1(0) ack 101");
        t.close().expect("F. 101:101(0) ack 1 win 65535").tick().expect("F. 101:101(0) ack 1 win 65535");
    }

    @Test void pureWindowUpdateIsObeyed() {
        Script t = Script.established().mss(1000).peerWindow(1000);
        t.send(3000).expect(". 1:1001(1000) ack 1").receive(". 1:1(0) ack 1001 win 0").expectSilence();
        t.receive(". 1:1(0) ack 1001 win 2000").expect(". 1001:2001(1000) ack 1", "P. 2001:3001(1000) ack 1").receive(". 1:1(0) ack 3001");
    }

    @Test void finOutOfOrderIsNotTakenAsTheEndOfTheStream() {
        Script t = Script.established();
        t.receive("FP. 101:201(100) ack 1").expect(". 1:1(0) ack 1").expectEvents();
        assertEquals(false, t.connection().isInputEnded());
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 202").expectEvents(TcpEvent.READABLE, TcpEvent.END_OF_INPUT).read(200);
    }

    @Test void refusalOfOurSynIsNoticed() {
        Script t = Script.closed();
        t.connect().expect("S 0:0(0)").receive("R. 0:0(0) ack 1").expectClosed(CloseCause.REFUSED);
    }

    @Test void resetsAcknowledgeTheNumberThePeerCanAccept() {
        Script.listening().receive(". 5:5(0) ack 77").expect("R 77:77(0)");
        Script.closed().connect().expect("S 0:0(0)").receive(". 5:5(0) ack 77").expect("R 77:77(0)");
    }

    @Test void closingTwiceSendsOneFin() {
        Script t = Script.established();
        t.close().expect("F. 1:1(0) ack 1").close().expectSilence().receive(". 1:1(0) ack 2").close().expectSilence();
    }

    @Test void whatATimeoutFindsLostIsResentAsFastAsAcksCome() {
        Script t = Script.established().mss(1000);
        t.send(8000).takeSent();
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(". 1:1(0) ack 1001").at(220);
        int acked = 1001;
        while (acked < 8001) { // every retransmission arrives 10 ms later
            var sent = t.takeSent();
            assertTrue(!sent.isEmpty(), "waits for another timeout at " + acked);
            for (EmissionLog.Emission emission : sent) {
                acked = Math.max(acked, emission.segment().seq() + emission.segment().payloadLength());
            }
            t.advance(10).receive(". 1:1(0) ack " + acked);
        }
        assertTrue(t.clock() + 3_000 * ConnectionDriver.MILLIS < 300 * ConnectionDriver.MILLIS, "mended within slow start");
        t.expectSilenceUntil(60_000);
    }

    @Test void lostSynAckDoesNotLeaveTheClientMute() {
        Script t = Script.listening();
        t.receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1").expectAt(1_000, "S. 0:0(0) ack 1");
        t.receive("P. 1:11(10) ack 1").expect(". 1:1(0) ack 11").read(10).expectState(TcpState.ESTABLISHED);
    }

    @Test void unreadBytesCloseTheWindow() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(2000));
        t.receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 1001 win 1000").receive(". 1001:2001(1000) ack 1").expect(". 1:1(0) ack 2001 win 0");
        t.receive(". 2001:3001(1000) ack 1").expect(". 1:1(0) ack 2001 win 0").expectReadable(2000).read(2000).expect(". 1:1(0) ack 2001 win 2000");
    }

    @Test void noTimerOutlivesTheConnection() {
        for (TcpState state : TcpState.values()) {
            if (state != TcpState.CLOSED) {
                Script t = States.in(state).abort();
                t.takeSent();
                assertEquals(Long.MAX_VALUE, t.connection().deadlineNanos(), () -> "after abort in " + state);
                Script released = States.in(state);
                released.connection().release();
                assertEquals(Long.MAX_VALUE, released.connection().deadlineNanos(), () -> "after release in " + state);
            }
        }
    }

    @Test void dataIsNotConsumedBeforeItsAckIsChecked() {
        Script t = Script.established();
        t.receive("P. 1:101(100) ack 5000").expect(". 1:1(0) ack 1").expectReadable(0).expectEvents();
    }

    @Test void oldAckDoesNotShrinkTheWindow() {
        Script t = Script.established().mss(1000).peerWindow(10_000);
        t.send(2000).takeSent();
        t.receive(". 1:1(0) ack 2001 win 10000").receive(". 1:1(0) ack 1001 win 5");
        assertEquals(10_000, t.info().sndWnd());
    }

    @Test void pawsIsNotPoisonedByASegmentOutsideTheWindow() {
        Script t = Script.established().timestamps();
        t.receive("P. 200000:200010(10) ack 1 win 65535 <TS val 2000000000 ecr 0>").expect(". 1:1(0) ack 1");
        t.receive("P. 1:11(10) ack 1 win 65535 <TS val 1 ecr 0>").expect(". 1:1(0) ack 11").read(10);
    }

    @Test void tinyMssOfThePeerDoesNotMakeTinySegments() {
        Script t = Script.established().peerMss(1);
        t.send(48).expect("P. 1:49(48) ack 1").receive(". 1:1(0) ack 49");
    }

    @Test void windowDoesNotGrowWhileTheApplicationIsTheLimit() {
        Script t = Script.established().mss(1000);
        for (int i = 0; i < 1000; i++) {
            t.send(10).expect("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1").advance(10).receive(". 1:1(0) ack " + (11 + i * 10));
        }
        assertEquals(10_000, t.info().sndCwnd());
    }

    @Test void congestionWindowIsEnforced() {
        Script t = Script.established().mss(1000).cwnd(3000);
        t.send(10_000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1").expectSilence();
        t.reconfigure(c -> c.noDelay(true)).expectSilence().shutdownOutput().expectSilence();
    }

    @Test void roundTripIsMeasuredToTheArrivalAndNotToTheProcessing() {
        Script t = Script.established().rtt(100);
        t.at(1_000).send(100).expect("P. 1:101(100) ack 1");
        TcpConnection connection = t.connection();
        TcpSegment ack = RelativeNumbers.fromPeer(TcpSegment.parse(". 1:1(0) ack 101 win 65535"));
        connection.onSegment(ack, t.clock() + 100 * ConnectionDriver.MILLIS);
        t.at(1_900).batch(() -> { }); // the loop was busy
        assertEquals(100_000, t.info().rtt());
    }

    @Test void spuriousTimeoutIsUndone() {
        Script t = Script.established().mss(1012).timestamps();
        t.send(10_000).takeSent();
        t.expectAt(200, ". 1:1001(1000) ack 1 <TS val 200 ecr 0>");
        // RFC 3522 section 3.2: the ACK echoes the original, so the network was slow and nothing was lost.
        t.at(210).receive(". 1:1(0) ack 10001 win 65535 <TS val 210 ecr 0>");
        assertTrue(t.info().sndCwnd() >= 10_000, "cwnd: " + t.info().sndCwnd());
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
    }

    @Test void spuriousFastRetransmitIsUndone() {
        Script t = Script.established().mss(1012).timestamps();
        t.send(10_000).takeSent();
        t.at(10);
        for (int i = 0; i < 3; i++) {
            t.receive(". 1:1(0) ack 1 win 65535 <TS val 10 ecr 0>");
        }
        t.expect(". 1:1001(1000) ack 1 <TS val 10 ecr 10>");
        t.at(11).receive(". 1:1(0) ack 10001 win 65535 <TS val 11 ecr 0>"); // the first copy had only been overtaken
        assertTrue(t.info().sndCwnd() >= 10_000, "cwnd: " + t.info().sndCwnd());
        assertEquals(Long.MAX_VALUE, t.info().sndSsthresh());
    }

    @Test void synWithEcnFlagsIsAnsweredBySynAck() {
        Script t = Script.listening();
        t.receive("SEW 0:0(0) win 65535 <mss 1460>").expect("SE. 0:0(0) ack 1 win 65535 <mss 1460>").receive(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED);
    }

    @Test void thirdSegmentWithoutTimestampsConnects() {
        Script t = Script.halfOpen().timestamps();
        t.expect("S. 0:0(0) ack 1").receive(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents(TcpEvent.CONNECTED);
        t.receive("P. 1:11(10) ack 1 win 65535 <TS val 1 ecr 0>").expect(". 1:1(0) ack 11").read(10);
    }

    @Test void writtenBytesAreNotCopiedAndNotKeptBeyondTheirAck() {
        Script t = Script.established().mss(1000).cwnd(10_000);
        TcpConnection connection = t.connection();
        ByteBuf data = Unpooled.directBuffer(3000).writeBytes(StreamBytes.range(0, 3000));
        assertEquals(3000, connection.write(data, t.clock()));
        assertEquals(0, data.readableBytes());
        assertTrue(data.refCnt() > 1, "held as a slice");
        t.batch(() -> { }).takeSent();
        t.receive(". 1:1(0) ack 3001");
        assertEquals(1, data.refCnt());
        assertEquals(0, connection.memoryBytes());
        data.release();
    }
}
