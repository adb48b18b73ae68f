package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Passive opens: the SYN queue, the accept queue, and what strangers can do to them. */
class HandshakesTest {
    private static final String SYN = "S 100:100(0) win 1000 <mss 1000>";
    private static final String SYN_ACK = "S. 4294967040:4294967040(0) ack 101 win 65535 <mss 1452>";
    private static final String THIRD = ". 101:101(0) ack 4294967041 win 1000";
    private static final int PORT = 1234;

    private TwoStacks stacks = new TwoStacks();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void aSynCostsAnEntryAndTheThirdSegmentMakesAConnection() {
        stacks.listeningOnly(8);
        assertEquals(List.of(SYN_ACK), stacks.answersTo(stacks.stranger(SYN, PORT)));
        assertEquals(1, stacks.listener.synQueueLength());
        assertEquals(0, stacks.server.connectionCount());
        assertEquals(List.of(), stacks.answersTo(stacks.stranger(THIRD, PORT)));
        assertEquals(0, stacks.listener.synQueueLength());
        assertEquals(1, stacks.listener.acceptQueueLength());
        assertEquals(1, stacks.server.connectionCount());
    }

    @Test
    void dataOnTheThirdSegmentIsDelivered() {
        stacks.echoing();
        stacks.answersTo(stacks.stranger(SYN, PORT));
        TcpSegment third = stacks.stranger("P. 101:106(5) ack 4294967041 win 1000", PORT);
        stacks.answersTo(third);
        assertEquals(5, stacks.accepted.get(0).bytesRead);
    }

    @Test
    void aRepeatedSynIsAnsweredAgainByTheSameNumbers() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        assertEquals(List.of(SYN_ACK), stacks.answersTo(stacks.stranger(SYN, PORT)));
        assertEquals(1, stacks.listener.synQueueLength());
    }

    @Test
    @Tag("RFC5961-4.2")
    void aSynWithOtherNumbersIsChallenged() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        assertEquals(List.of(". 4294967041:4294967041(0) ack 101 win 65535"),
            stacks.answersTo(stacks.stranger("S 777:777(0) win 1000", PORT)));
        assertEquals(1, stacks.count(StackCounter.HANDSHAKE_MISMATCHES));
    }

    @Test
    void aResetAtTheRightPlaceEndsTheHandshake() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        stacks.answersTo(stacks.stranger("R 102:102(0) win 0", PORT));
        assertEquals(1, stacks.listener.synQueueLength());
        stacks.answersTo(stacks.stranger("R 101:101(0) win 0", PORT));
        assertEquals(0, stacks.listener.synQueueLength());
    }

    @Test
    @Tag("RFC9293-3.10.7.4")
    void anAcknowledgmentOfSomethingElseIsReset() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        assertEquals(List.of("R 55:55(0) win 0"), stacks.answersTo(stacks.stranger(". 101:101(0) ack 55 win 1000", PORT)));
        assertEquals(1, stacks.listener.synQueueLength());
    }

    @Test
    void anAckOutOfTheWindowIsChallengedAndMakesNoConnection() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        assertEquals(List.of(". 4294967041:4294967041(0) ack 101 win 65535"),
            stacks.answersTo(stacks.stranger(". 900101:900101(0) ack 4294967041 win 1000", PORT)));
        assertEquals(0, stacks.server.connectionCount());
    }

    @Test
    void anAckWithoutSynIsReset() {
        stacks.listeningOnly(8);
        assertEquals(List.of("R 4294967041:4294967041(0) win 0"), stacks.answersTo(stacks.stranger(THIRD, PORT)));
    }

    @Test
    void theSynAckIsRepeatedWithDoublingTimeoutUntilTheEntryIsForgotten() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger("S 100:100(0) win 1000 <mss 1000,sackOK,TS val 1 ecr 0,nop,wscale 7>", PORT));
        stacks.advance(Duration.ofMillis(999));
        assertEquals(0, stacks.received(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).size());
        stacks.advance(Duration.ofMillis(1));
        assertEquals(1, stacks.received(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).size());
        stacks.advance(Duration.ofMillis(1999));
        assertEquals(0, stacks.received(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).size());
        stacks.advance(Duration.ofMillis(1));
        assertEquals(1, stacks.received(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).size());
        stacks.advance(Duration.ofSeconds(59));
        assertEquals(1, stacks.listener.synQueueLength());
        stacks.advance(Duration.ofSeconds(2));
        assertEquals(0, stacks.listener.synQueueLength());
        assertEquals(1, stacks.count(StackCounter.HANDSHAKES_TIMED_OUT));
        assertEquals(0, stacks.received(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).size());
    }

    @Test
    void aLostSynAckDelaysTheConnectionBySeconds() {
        stacks.echoing();
        int[] synAcks = {0};
        stacks.network.losing(segment -> TwoStacks.isSynAck(segment) && synAcks[0]++ == 0);
        Application user = stacks.connect();
        assertEquals(List.of(), user.events);
        stacks.advance(Duration.ofSeconds(1));
        assertEquals(TcpEvent.CONNECTED, user.events.get(0));
    }

    /** Threat 20: whoever forges an address on SYNs gets little more sent there than he sent himself. */
    @Test
    void forgedSynsAreNotAmplified() {
        stacks.listeningOnly(8);
        int bytesIn = 0;
        for (int port = 1; port <= 100; port++) {
            for (String syn : List.of("S 100:100(0) win 1000", "S 100:100(0) win 1000 <mss 1000,TS val 1 ecr 0>", ". 1:1(0) ack 9 win 9")) {
                TcpSegment segment = stacks.stranger(syn, port);
                bytesIn += TcpHeaderWriter.headerLength(segment);
                stacks.network.inject(segment);
            }
        }
        stacks.advance(Duration.ofMinutes(5));
        int bytesOut = 0;
        List<TcpSegment> out = stacks.network.takeReceived(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP);
        for (TcpSegment segment : out) {
            bytesOut += TcpHeaderWriter.headerLength(segment) + segment.payloadLength();
            segment.release();
        }
        assertTrue(bytesOut <= 3 * bytesIn, bytesOut + " bytes for " + bytesIn);
        assertTrue(out.size() <= 300 + 2, out.size() + " packets for 300");
    }

    /** Threat 5, without cookies: memory is bounded, and who is in stays in. */
    @Test
    void aFloodOfSynsFillsTheQueueAndNothingElse() {
        stacks.close();
        stacks = new TwoStacks(TcpStackConfig.defaults(),
            TcpStackConfig.builder().synCookies(SynCookieUse.NEVER).maxHalfOpen(500).maxHalfOpenPerListener(300).build()).listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        for (int i = 0; i < 20_000; i++) {
            IpAddress forged = IpAddress.v4(0x0B00_0000 + i);
            TcpSegment syn = stacks.from(forged, 1024 + i % 60_000, 9, SYN);
            stacks.network.inject(syn);
        }
        assertEquals(300, stacks.listener.synQueueLength());
        assertEquals(300, stacks.server.synQueue.size());
        assertEquals(20_001 - 300, stacks.count(StackCounter.SYN_QUEUE_OVERFLOWS));
        stacks.answersTo(stacks.stranger(THIRD, PORT));
        assertEquals(1, stacks.listener.acceptQueueLength());
        stacks.advance(Duration.ofSeconds(70));
        assertEquals(0, stacks.server.synQueue.size());
    }

    @Test
    void aFullAcceptQueueDropsTheLastAckAndNeverResets() {
        stacks.listeningOnly(2);
        Application[] users = {stacks.connect(), stacks.connect(), stacks.connect()};
        assertEquals(2, stacks.listener.acceptQueueLength());
        assertEquals(1, stacks.listener.synQueueLength());
        assertTrue(stacks.count(StackCounter.ACCEPT_QUEUE_OVERFLOWS) > 0);
        assertEquals(List.of(TcpEvent.CONNECTED), users[2].events);
        users[2].send("patience");
        stacks.advance(Duration.ofMillis(100));
        stacks.acceptAll();
        stacks.advance(Duration.ofSeconds(3));
        stacks.acceptAll();
        stacks.advance(Duration.ofSeconds(3));
        assertEquals("patience", users[2].text.toString());
        assertTrue(stacks.network.log().stream().noneMatch(line -> line.startsWith("R")), "no reset");
    }

    @Test
    void theBacklogIsCappedByTheStack() {
        stacks.close();
        stacks = new TwoStacks(TcpStackConfig.defaults(), TcpStackConfig.builder().maxBacklog(1).build()).listeningOnly(100);
        stacks.connect();
        stacks.connect();
        assertEquals(1, stacks.listener.acceptQueueLength());
    }

    @Test
    void aListenerThatClosesResetsWhoWaits() {
        stacks.listeningOnly(8);
        Application user = stacks.connect();
        stacks.answersTo(stacks.stranger(SYN, PORT));
        stacks.listener.close();
        stacks.network.run();
        assertTrue(user.events.contains(TcpEvent.CLOSED));
        assertEquals(0, stacks.server.connectionCount());
        assertEquals(0, stacks.server.synQueue.size());
    }

    @Test
    void aConnectionResetBeforeAcceptIsStillAccepted() {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger(SYN, PORT));
        stacks.answersTo(stacks.stranger(THIRD, PORT));
        stacks.answersTo(stacks.stranger("R 101:101(0) win 0", PORT));
        assertEquals(0, stacks.server.connectionCount());
        stacks.acceptAll();
        assertTrue(stacks.accepted.get(0).events.contains(TcpEvent.CLOSED));
    }

    @Test
    void acceptIsAnnouncedOnceABatch() throws Exception {
        int[] announced = {0};
        TcpListener listener = stacks.server.listen(IpAddress.ANY_V6, 9000, 10, TcpConfig.defaults(), () -> announced[0]++);
        for (int port = 1; port <= 3; port++) {
            stacks.network.inject(stacks.stranger(SYN, port).destination(IpAddress.parse(TwoStacks.SERVER), 9000));
        }
        TcpStack server = stacks.server;
        Arrivals arrivals = new Arrivals();
        arrivals.deliverTo(server);
        for (int port = 1; port <= 3; port++) {
            arrivals.onSegment(stacks.stranger(THIRD, port).destination(IpAddress.parse(TwoStacks.SERVER), 9000), server.nowNanos());
        }
        assertEquals(0, announced[0]);
        arrivals.onReadComplete(server.nowNanos());
        assertEquals(1, announced[0]);
        assertEquals(3, listener.acceptQueueLength());
    }

    @Test
    void segmentsWithoutAnyUseAreIgnored() {
        stacks.listeningOnly(8);
        assertEquals(List.of(), stacks.answersTo(stacks.stranger("F 1:1(0) win 9", PORT)));
        assertEquals(List.of(), stacks.answersTo(stacks.stranger("R 1:1(0) win 9", PORT)));
        assertEquals(List.of(), stacks.answersTo(stacks.stranger("P 1:3(2) win 9", PORT)));
        assertEquals(0, stacks.server.synQueue.size());
    }
}
