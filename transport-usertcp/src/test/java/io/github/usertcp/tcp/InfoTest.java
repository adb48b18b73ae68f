package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What {@link TcpConnection#info} tells, in the vocabulary of Linux's tcp_info. */
@TraceTest
class InfoTest {
    @Test void freshConnectionKnowsWhatItNegotiated() {
        TcpInfo info = Script.established().mss(1012).timestamps().peerWindowScale(7).peerWindow(5000).rtt(20).info();
        assertEquals(TcpState.ESTABLISHED, info.state());
        assertEquals("cubic", info.congestionControl());
        assertEquals(true, info.timestamps());
        assertEquals(false, info.sack());
        assertEquals(7, info.sndWscale());
        assertEquals(8, info.rcvWscale());
        assertEquals(1000, info.sndMss());
        assertEquals(1012, info.advmss());
        assertEquals(5000, info.sndWnd());
        assertEquals(10_000, info.sndCwnd());
        assertEquals(Long.MAX_VALUE, info.sndSsthresh());
        assertEquals(20_000, info.rtt());
        assertEquals(10_000, info.rttvar());
        assertEquals(20_000, info.minRtt());
        assertEquals(210_000, info.rto());
        assertEquals(0, info.lastDataSent());
        assertEquals(0, info.lastDataRecv());
        assertEquals(0, info.pacingRate());
    }

    @Test void receiverTellsOfItsPathAndBuffer() {
        Script t = Script.established().mss(1000).rtt(20).config(c -> c.receiveBufferBytes(30_000));
        t.receive(". 1001:2001(1000) ack 1").receive(". 3001:4001(1000) ack 1").receive(". 1:1001(1000) ack 1").takeSent();
        assertEquals(2, t.info().rcvOooPack());
        assertEquals(2000, t.info().bytesReceived());
        assertEquals(20_000, t.info().rcvRtt());
        assertEquals(30_000, t.info().rcvSpace());
        assertEquals(1000, t.info().rcvMss());
        t.read(2000).takeSent();
    }

    @Test void peerThatIgnoresOurWindowIsCounted() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(2000));
        t.receive(". 3001:4001(1000) ack 1").receive("R 3001:3001(0)").receive(". 1:2001(2000) ack 1").takeSent();
        assertEquals(1, t.info().rcvBeyondWindow()); // a reset there is no text of a peer
        assertEquals(0, t.info().rcvZeroWindow());
        t.receive(". 2001:2002(1) ack 1").takeSent();
        t.receive(". 2001:2001(0) ack 1");
        assertEquals(1, t.info().rcvZeroWindow());
        assertEquals(1, t.info().rcvBeyondWindow());
        t.read(2000).takeSent();
    }

    @Test void sendingIsCounted() {
        Script t = Script.established().mss(1000).cwnd(3000);
        t.send(5000).takeSent();
        assertEquals(3000, t.info().unacked());
        assertEquals(2000, t.info().notsentBytes());
        t.at(50).receive(". 1:1(0) ack 2001").takeSent();
        TcpInfo info = t.at(80).info();
        assertEquals(5000, info.bytesSent());
        assertEquals(2000, info.bytesAcked());
        assertEquals(3000, info.unacked());
        assertEquals(0, info.notsentBytes());
        assertEquals(5, info.dataSegsOut());
        assertEquals(5 + 2, info.segsOut()); // SYN and the ACK of the SYN-ACK
        assertEquals(30, info.lastDataSent());
        assertEquals(30, info.lastAckRecv());
        assertEquals(10_000, info.minRtt());
        t.receive(". 1:1(0) ack 5001");
    }

    @Test void retransmissionsAreCounted() {
        Script t = Script.established().mss(1000);
        t.send(2000).takeSent();
        t.at(600).takeSent();
        TcpInfo info = t.info();
        assertEquals(2, info.totalRetrans());
        assertEquals(2000, info.bytesRetrans());
        assertEquals(4000, info.bytesSent());
        assertEquals(2, info.retransmits());
        assertEquals(2, info.backoff());
        assertEquals(800_000, info.rto());
        assertEquals(2000, info.lost());
        assertEquals(1000, info.retransOut());
        t.receive(". 1:1(0) ack 2001");
        assertEquals(0, t.info().retransmits());
        assertEquals(0, t.info().lost());
        assertEquals(0, t.info().retransOut());
    }

    @Test void receivingIsCounted() {
        Script t = Script.established().mss(1000).config(c -> c.receiveBufferBytes(10_000));
        t.receive(". 1:701(700) ack 1").at(40).receive("P. 701:1401(700) ack 1").receive("P. 701:1401(700) ack 1").takeSent();
        TcpInfo info = t.at(90).info();
        assertEquals(1400, info.bytesReceived());
        assertEquals(3, info.dataSegsIn());
        assertEquals(4, info.segsIn());
        assertEquals(700, info.rcvMss());
        assertEquals(8600, info.rcvWnd());
        assertEquals(50, info.lastDataRecv());
        assertEquals(40_000, info.ato());
        t.read(1400);
    }

    @Test void unopenedConnectionHasASnapshotToo() {
        for (TcpState state : TcpState.values()) {
            assertEquals(state, States.in(state).info().state());
        }
    }
}
