package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How long the sender was busy, and what of that the peer's window and the send buffer are to blame for, as Linux's tcp_info tells. */
@TraceTest
class SenderLimitsTest {
    private static void expectMillis(Script t, long busy, long peerWindow, long sendBuffer) {
        TcpInfo info = t.info();
        assertEquals(busy * 1000, info.busyTime(), "busy");
        assertEquals(peerWindow * 1000, info.rwndLimited(), "limited by the peer's window");
        assertEquals(sendBuffer * 1000, info.sndbufLimited(), "limited by the send buffer");
    }

    @Test void handshakeAndIdlenessAreNoBusyTime() {
        Script t = Script.established().mss(1000);
        t.at(100);
        expectMillis(t, 0, 0, 0);
    }

    @Test void dataInFlightIsBusyTimeUntilAllIsAcknowledged() {
        Script t = Script.established().mss(1000);
        t.at(100).send(2000).takeSent();
        t.at(120).receive(". 1:1(0) ack 1001");
        expectMillis(t, 20, 0, 0);
        t.at(150).receive(". 1:1(0) ack 2001").at(500);
        expectMillis(t, 50, 0, 0);
        t.send(1000).takeSent();
        t.at(510).receive(". 1:1(0) ack 3001").at(600);
        expectMillis(t, 60, 0, 0);
    }

    @Test void congestionWindowIsNeitherOfTheTwo() {
        Script t = Script.established().mss(1000).cwnd(2000);
        t.send(5000).takeSent();
        t.at(50);
        expectMillis(t, 50, 0, 0);
        t.receive(". 1:1(0) ack 2001").receive(". 1:1(0) ack 5001").takeSent();
    }

    @Test void fullPeerWindowCountsUntilItOpens() {
        Script t = Script.established().mss(1000).peerWindow(2000);
        t.send(4000).takeSent();
        t.at(30);
        expectMillis(t, 30, 30, 0);
        t.receive(". 1:1(0) ack 2001 win 0");
        t.at(80);
        expectMillis(t, 80, 80, 0);
        t.receive(". 1:1(0) ack 2001 win 5000").takeSent();
        t.at(100);
        expectMillis(t, 100, 80, 0);
        t.receive(". 1:1(0) ack 4001").at(200);
        expectMillis(t, 100, 80, 0);
    }

    @Test void finThatTheWindowHasNoRoomForWaitsForThePeer() {
        Script t = Script.established().mss(1000).peerWindow(1000);
        t.send(1000).shutdownOutput().takeSent();
        t.at(40);
        expectMillis(t, 40, 40, 0);
        t.receive(". 1:1(0) ack 1001 win 1000").takeSent();
        t.at(50).receive(". 1:1(0) ack 1002 win 1000").at(100);
        expectMillis(t, 50, 40, 0);
    }

    @Test void fullSendBufferCountsUntilAThirdIsFree() {
        Script t = Script.established().mss(1000).cwnd(20_000).config(c -> c.sendBufferBytes(6000));
        t.send(6000).takeSent();
        t.at(30).receive(". 1:1(0) ack 1001");
        t.at(40).receive(". 1:1(0) ack 2001");
        t.at(100);
        expectMillis(t, 100, 0, 40);
        t.receive(". 1:1(0) ack 6001").at(200);
        expectMillis(t, 100, 0, 40);
    }

    @Test void bufferIsNotToBlameForWhatTheCongestionWindowHoldsBack() {
        Script t = Script.established().mss(1000).cwnd(6000).config(c -> c.sendBufferBytes(6000));
        t.send(6000).takeSent();
        t.at(30);
        expectMillis(t, 30, 0, 0);
        t.receive(". 1:1(0) ack 6001");
    }

    @Test void resetEndsBusyTime() {
        Script t = Script.established().mss(1000);
        t.send(1000).takeSent();
        t.at(20).receive("R 1:1(0)").at(100);
        expectMillis(t, 20, 0, 0);
    }
}
