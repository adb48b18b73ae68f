package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.congestion.CongestionControl;
import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What changes on a live connection when its settings, or the memory of the stack, do. */
@TraceTest
class LiveSettingsTest {
    @Test @Tag("RFC9293-3.8.6") void smallerReceiveBufferDoesNotMoveTheRightEdgeLeft() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(10_000));
        t.reconfigure(c -> c.receiveBufferBytes(2000)).receive(". 1:1001(1000) ack 1").expect(". 1:1(0) ack 1001 win 9000");
        t.receive(". 1001:10001(9000) ack 1").expect(". 1:1(0) ack 10001 win 0").read(10_000).expect(". 1:1(0) ack 10001 win 2000");
    }

    @Test @Tag("RFC9293-3.8.6") void largerReceiveBufferIsOfferedToAPeerThatWaits() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(2000));
        t.receive(". 1:2001(2000) ack 1").expect(". 1:1(0) ack 2001 win 0").reconfigure(c -> c.receiveBufferBytes(10_000)).expect(". 1:1(0) ack 2001 win 8000");
        t.read(2000).takeSent();
    }

    @Test void endOfMemoryPressureIsOfferedToAPeerThatWaits() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(2000));
        t.receive(". 1:2001(2000) ack 1").expect(". 1:1(0) ack 2001 win 0");
        t.connection().memoryPressure(true);
        t.read(2000).expectSilence();
        t.connection().memoryPressure(false);
        t.batch(() -> { }).expect(". 1:1(0) ack 2001 win 2000");
    }

    @Test void smallerSendBufferKeepsWhatItHolds() {
        Script t = Script.established().mss(1000).cwnd(1000);
        t.send(5000).expect(". 1:1001(1000) ack 1").reconfigure(c -> c.sendBufferBytes(2000));
        assertEquals(0, t.offer(1));
        for (int i = 1; i <= 4; i++) {
            t.receive(". 1:1(0) ack " + (i * 1000 + 1));
        }
        assertEquals(4, t.takeSent().size());
        assertEquals(1000, t.offer(5000));
        t.receive(". 1:1(0) ack 5001").takeSent();
    }

    @Test void largerSendBufferIsWritableAtOnce() {
        Script t = Script.established().mss(1000).cwnd(1000).config(c -> c.sendBufferBytes(2000));
        assertEquals(2000, t.offer(5000));
        t.expectEvents().reconfigure(c -> c.sendBufferBytes(4000)).expectEvents(TcpEvent.WRITABLE);
        assertEquals(2000, t.offer(5000));
        t.takeSent();
    }

    @Test void anotherCongestionControlGoesOnFromTheWindowOfTheOneBefore() {
        Script t = Script.established().mss(1000).newReno();
        t.send(10_000).takeSent();
        t.expectAt(200, ". 1:1001(1000) ack 1").at(210).receive(". 1:1(0) ack 10001");
        assertEquals(6000, t.info().sndCwnd());
        t.reconfigure(c -> c.congestionControl(CongestionControls.cubic()));
        assertEquals("cubic", t.info().congestionControl());
        assertEquals(6000, t.info().sndCwnd());
        assertEquals(5000, t.info().sndSsthresh());
        t.reconfigure(c -> c.congestionControl(CongestionControls.fixedWindow(3000))).send(10_000);
        assertEquals(3, t.takeSent().size());
        t.receive(". 1:1(0) ack 13001").takeSent();
    }

    @Test void theSameCongestionControlKeepsItsState() {
        AtomicInteger created = new AtomicInteger();
        Script t = Script.established().mss(1000).config(c -> c.congestionControl(counting(created)));
        t.reconfigure(c -> c.noDelay(true)).reconfigure(c -> c.cork(true));
        t.send(1000).expect("P. 1:1001(1000) ack 1").receive(". 1:1(0) ack 1001");
        assertEquals(1, created.get());
        t.reconfigure(c -> c.congestionControl(counting(created)));
        assertEquals(2, created.get(), "another factory is another algorithm, whatever its name");
    }

    private static CongestionControlFactory counting(AtomicInteger created) {
        return new CongestionControlFactory() {
            @Override
            public String name() {
                return "counting";
            }

            @Override
            public CongestionControl create() {
                created.incrementAndGet();
                return CongestionControls.cubic().create();
            }
        };
    }

    @Test void negotiatedOptionsStay() {
        Script t = Script.established().timestamps().peerWindowScale(2);
        t.reconfigure(c -> c.timestamps(false).windowScaling(false).maxSegmentSize(100)).at(3).send(1448).expect("P. 1:1449(1448) ack 1 <TS val 3 ecr 0>");
        t.receive(". 1:1(0) ack 1449 win 1000 <TS val 3 ecr 3>");
        assertEquals(4000, t.info().sndWnd());
    }

    @Test @Tag("RFC5482") void userTimeoutAppliesToTheHandshake() {
        Script t = Script.closed().config(c -> c.userTimeoutNanos(2_500_000_000L));
        t.connect().expect("S 0:0(0)").expectAt(1_000, "S 0:0(0)").at(2_499).expectState(TcpState.SYN_SENT).at(2_500).expectSilence();
        t.expectClosed(CloseCause.USER_TIMEOUT);
    }

    @Test @Tag("RFC9293-3.8.4") void keepAliveFindsADeadPeerThatOwesItsFin() {
        Script t = Script.established().config(c -> c.keepAlive(true).keepAliveIdleNanos(10_000_000_000L).keepAliveCount(2).keepAliveIntervalNanos(1_000_000_000L));
        t.shutdownOutput().expect("F. 1:1(0) ack 1").receive(". 1:1(0) ack 2").expectAt(10_000, ". 1:1(0) ack 1").expectAt(11_000, ". 1:1(0) ack 1").at(12_000);
        t.takeSent();
        t.expectClosed(CloseCause.KEEPALIVE_TIMEOUT);
    }

    @Test @Tag("RFC9293-3.8.6.1") void finIntoAZeroWindowFollowsWhenItOpens() {
        Script t = Script.established().receive(". 1:1(0) ack 1 win 0");
        t.close().at(100).takeSent(); // Linux sends the FIN at once, the RFC has it wait
        t.receive(". 1:1(0) ack 1 win 1000").at(400);
        var sent = t.takeSent();
        assertEquals(true, sent.get(sent.size() - 1).segment().isFin(), () -> "FIN: " + sent);
        t.receive(". 1:1(0) ack 2").expectState(TcpState.FIN_WAIT_2);
    }

    @Test @Tag("RFC5961-7") void stormOfUnacceptableAcksIsAnsweredOnce() {
        Script t = Script.established();
        t.receive(". 99999:99999(0) ack 1").expect(". 1:1(0) ack 1");
        for (int i = 0; i < 100; i++) {
            t.receive(". 99999:99999(0) ack 1");
        }
        t.expectSilence().at(500).receive(". 99999:99999(0) ack 1").expect(". 1:1(0) ack 1");
    }
}
