package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The TIME-WAIT table, with a peer played by hand that was closed upon, and with two stacks. */
class TimeWaitTest {
    private static final int PORT = 1234;
    private static final String LAST_ACK = ". 4294967042:4294967042(0) ack 102 win 8192";
    private static final String FIN = "F. 101:101(0) ack 4294967042 win 1000";

    private TwoStacks stacks = new TwoStacks();

    @AfterEach
    void close() {
        stacks.close();
    }

    /** The server closes first, and the stranger's FIN has been seen. */
    private void reachTimeWait(String synOptions, String timestamps) {
        stacks.listeningOnly(8);
        stacks.answersTo(stacks.stranger("S 100:100(0) win 1000" + synOptions, PORT));
        stacks.answersTo(stacks.stranger(". 101:101(0) ack 4294967041 win 1000" + timestamps, PORT));
        stacks.listener.accept().detach();
        stacks.network.run();
        stacks.received(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP);
        stacks.answersTo(stacks.stranger(FIN + timestamps, PORT));
        assertEquals(0, stacks.server.connectionCount());
        assertEquals(1, stacks.server.timeWaitCount());
    }

    @Test
    void itLastsTwoMsl() {
        reachTimeWait("", "");
        stacks.advance(Duration.ofSeconds(59));
        assertEquals(1, stacks.server.timeWaitCount());
        stacks.advance(Duration.ofSeconds(1));
        assertEquals(0, stacks.server.timeWaitCount());
    }

    @Test
    @Tag("RFC9293-3.10.7.4")
    void aRepeatedFinIsAcknowledgedAndStartsItAnew() {
        reachTimeWait("", "");
        stacks.advance(Duration.ofSeconds(40));
        assertEquals(1, stacks.answersTo(stacks.stranger(FIN, PORT)).size());
        stacks.advance(Duration.ofSeconds(59));
        assertEquals(1, stacks.server.timeWaitCount());
        stacks.advance(Duration.ofSeconds(1));
        assertEquals(0, stacks.server.timeWaitCount());
    }

    @Test
    @Tag("RFC1337")
    void aResetDoesNotEndIt() {
        reachTimeWait("", "");
        assertEquals(List.of(), stacks.answersTo(stacks.stranger("R 102:102(0) win 0", PORT)));
        assertEquals(1, stacks.server.timeWaitCount());
        assertEquals(1, stacks.count(StackCounter.TIME_WAIT_RESETS_IGNORED));
    }

    @Test
    void aPureAckIsNotAnswered() {
        reachTimeWait("", "");
        assertEquals(List.of(), stacks.answersTo(stacks.stranger(". 50:50(0) ack 7 win 9", PORT)));
    }

    @Test
    void oldDataIsAnsweredByTheLastAckAndNotProlonging() {
        reachTimeWait("", "");
        stacks.advance(Duration.ofSeconds(40));
        List<String> answers = stacks.answersTo(stacks.stranger("P. 50:60(10) ack 7 win 9", PORT));
        assertEquals(1, answers.size());
        assertTrue(answers.get(0).startsWith(LAST_ACK.substring(0, LAST_ACK.indexOf(" win"))), answers.get(0));
        stacks.advance(Duration.ofSeconds(20));
        assertEquals(0, stacks.server.timeWaitCount());
    }

    @Test
    @Tag("RFC6191-2")
    void aSynWithNewerNumbersOpensANewConnection() {
        reachTimeWait("", "");
        List<String> answers = stacks.answersTo(stacks.stranger("S 5000:5000(0) win 1000", PORT));
        assertEquals(List.of("S. 4294967040:4294967040(0) ack 5001 win 65535 <mss 1452>"), answers);
        assertEquals(0, stacks.server.timeWaitCount());
        assertEquals(1, stacks.count(StackCounter.TIME_WAITS_REUSED));
    }

    @Test
    @Tag("RFC6191-2")
    void aSynWithOlderNumbersDoesNot() {
        reachTimeWait("", "");
        List<String> answers = stacks.answersTo(stacks.stranger("S 50:50(0) win 1000", PORT));
        assertTrue(answers.get(0).startsWith(". 4294967042:4294967042(0) ack 102"), answers.get(0));
        assertEquals(1, stacks.server.timeWaitCount());
        assertEquals(0, stacks.server.synQueue.size());
    }

    @Test
    @Tag("RFC6191-2")
    void timestampsDecideWhereThereAreAny() {
        reachTimeWait(" <mss 1000,TS val 500 ecr 0>", " <TS val 600 ecr 0>");
        stacks.answersTo(stacks.stranger("S 5000:5000(0) win 1000 <TS val 599 ecr 0>", PORT));
        assertEquals(1, stacks.server.timeWaitCount());
        stacks.answersTo(stacks.stranger("S 50:50(0) win 1000 <TS val 601 ecr 0>", PORT));
        assertEquals(0, stacks.server.timeWaitCount());
        assertEquals(1, stacks.server.synQueue.size());
    }

    @Test
    void aNewerSynWithoutAListenerChangesNothing() {
        reachTimeWait("", "");
        stacks.listener.close();
        stacks.answersTo(stacks.stranger("S 5000:5000(0) win 1000", PORT));
        assertEquals(1, stacks.server.timeWaitCount());
    }

    @Test
    void theTableIsBounded() {
        stacks.close();
        stacks = new TwoStacks(TcpStackConfig.builder().maxTimeWait(3).build(), TcpStackConfig.defaults()).echoing();
        for (int i = 0; i < 5; i++) {
            stacks.connect().close();
            stacks.network.run();
        }
        assertEquals(3, stacks.client.timeWaitCount());
        assertEquals(2, stacks.client.stats().get(StackCounter.TIME_WAIT_OVERFLOWS));
        assertEquals(0, stacks.client.connectionCount());
    }

    @Test
    @Tag("RFC6191-2")
    void ourOwnConnectReusesAPortInTimeWaitIfItHasTimestamps() {
        stacks.echoing();
        stacks.connect(4444, TcpConfig.defaults()).close();
        stacks.advance(Duration.ofSeconds(1));
        assertEquals(1, stacks.client.timeWaitCount());
        Application again = stacks.connect(4444, TcpConfig.defaults());
        assertEquals(TcpEvent.CONNECTED, again.events.get(0));
        assertEquals(0, stacks.client.timeWaitCount());
    }

    @Test
    void withoutTimestampsThePortIsTakenForTwoMsl() {
        stacks.echoing();
        TcpConfig config = TcpConfig.builder().timestamps(false).build();
        stacks.connect(4444, config).close();
        stacks.network.run();
        assertThrows(BindException.class, () -> stacks.tryConnect(4444, config));
        stacks.advance(Duration.ofSeconds(60));
        assertEquals(TcpEvent.CONNECTED, stacks.connect(4444, config).events.get(0));
    }
}
