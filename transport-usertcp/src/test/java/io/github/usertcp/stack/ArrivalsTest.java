package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes in and fits nowhere. */
class ArrivalsTest {
    private TwoStacks stacks = new TwoStacks();

    @AfterEach
    void close() {
        stacks.close();
    }

    @ParameterizedTest
    @Tag("RFC9293-3.10.7.1")
    @CsvSource(delimiter = '|', textBlock = """
        S 100:100(0) win 9          | R. 0:0(0) ack 101 win 0
        S 100:105(5) win 9          | R. 0:0(0) ack 106 win 0
        F 100:100(0) win 9          | R. 0:0(0) ack 101 win 0
        P 100:110(10) win 9         | R. 0:0(0) ack 110 win 0
        . 100:100(0) ack 777 win 9  | R 777:777(0) win 0
        S. 100:100(0) ack 777 win 9 | R 777:777(0) win 0
        FP. 100:109(9) ack 777 win 9 | R 777:777(0) win 0
        """)
    void aClosedPortAnswersByReset(String segment, String reset) {
        assertEquals(List.of(reset), stacks.answersTo(stacks.stranger(segment, 1234)));
        assertEquals(1, stacks.count(StackCounter.NO_CONNECTION));
    }

    @Test
    void aResetIsNeverAnswered() {
        assertEquals(List.of(), stacks.answersTo(stacks.stranger("R 100:100(0) win 9", 1234)));
        assertEquals(List.of(), stacks.answersTo(stacks.stranger("R. 100:100(0) ack 5 win 9", 1234)));
    }

    @Test
    void resetsAreLimited() {
        int answers = 0;
        for (int i = 0; i < 5000; i++) {
            answers += stacks.answersTo(stacks.stranger(". 1:1(0) ack 1 win 9", 1234)).size();
        }
        assertEquals(200, answers);
        assertEquals(4800, stacks.count(StackCounter.RESETS_SUPPRESSED));
    }

    /** Threat 21: a connection belongs to its peer's UDP port; whoever knows all its numbers but sends from another is nobody. */
    @Test
    void aSegmentFromAnotherUdpPortIsNotTheConnections() {
        stacks.echoing();
        Application user = stacks.connect();
        user.send("mine");
        stacks.network.run();
        TcpTuple tuple = user.connection.tcp().tuple();
        long before = stacks.accepted.get(0).bytesRead;
        TcpSegment forged = stacks.from(tuple.localAddress(), tuple.localPort(), TwoStacks.CLIENT_UDP + 1, "P. 0:4(4) ack 0 win 9")
            .seq(TwoStacks.ISS + 5).ack(TwoStacks.ISS + 5);
        stacks.network.inject(forged);
        stacks.network.inject(stacks.from(tuple.localAddress(), tuple.localPort(), TwoStacks.CLIENT_UDP + 1, "R 0:0(0) win 0")
            .seq(TwoStacks.ISS + 5));
        assertEquals(before, stacks.accepted.get(0).bytesRead);
        user.send(" too");
        stacks.network.run();
        assertEquals("mine too", user.text.toString());
    }

    /** Threat 23. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        10.0.0.2        | 8007 | 8007 | S 1:1(0) win 9  | BAD_ADDRESS
        224.0.0.1       | 1    | 9    | S 1:1(0) win 9  | BAD_ADDRESS
        255.255.255.255 | 1    | 9    | S 1:1(0) win 9  | BAD_ADDRESS
        0.0.0.0         | 1    | 9    | S 1:1(0) win 9  | BAD_ADDRESS
        10.9.9.9        | 0    | 9    | S 1:1(0) win 9  | PORT_ZERO
        10.9.9.9        | 1    | 9    | SF 1:1(0) win 9 | IMPOSSIBLE_FLAGS
        10.9.9.9        | 1    | 9    | SR 1:1(0) win 9 | IMPOSSIBLE_FLAGS
        10.9.9.9        | 1    | 9    | - 1:1(0) win 9  | IMPOSSIBLE_FLAGS
        """)
    void impossibleSendersAreDroppedAndCounted(String address, int port, int udpPort, String text, DropReason reason) {
        stacks.echoing();
        TcpSegment segment = stacks.from(IpAddress.parse(address), 1, udpPort, text);
        segment.source(segment.source(), port);
        assertEquals(List.of(), stacks.answersTo(segment));
        assertEquals(1, stacks.server.stats().dropped(reason));
        assertEquals(0, stacks.server.synQueue.size());
    }

    @Test
    void datagramsOfAnySizeHurtNobody() {
        stacks.echoing();
        Application user = stacks.connect();
        IpAddress server = IpAddress.parse(TwoStacks.SERVER);
        for (int size : new int[] {0, 1, 19, 20, 65_507}) {
            stacks.network.injectBytes(Unpooled.buffer(Math.max(1, size)).writeZero(size), TwoStacks.STRANGER, 9, server, TwoStacks.PORT);
        }
        stacks.network.run();
        assertEquals(3, stacks.server.stats().dropped(DropReason.TRUNCATED_HEADER));
        assertEquals(2, stacks.server.stats().dropped(DropReason.DATA_OFFSET_TOO_SMALL));
        TcpSegment whole = stacks.stranger("P. 1:2(1) ack 1 win 9", 77);
        whole.release();
        whole.payload(Unpooled.buffer(65_487).writeZero(65_487));
        assertEquals(List.of("R 1:1(0) win 0"), stacks.answersTo(whole));
        user.send("unharmed");
        stacks.network.run();
        assertEquals("unharmed", user.text.toString());
    }

    @Test
    void everyCombinationOfFlagsLeavesOtherConnectionsAlone() {
        stacks.echoing();
        Application user = stacks.connect();
        for (int flags = 0; flags < 512; flags++) {
            stacks.network.inject(stacks.stranger(". 1:1(0) ack 1 win 9", 1 + flags).flags(flags));
        }
        user.send("unharmed");
        stacks.network.run();
        assertEquals("unharmed", user.text.toString());
        assertTrue(stacks.server.connectionCount() <= 1);
    }
}
