package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.link.TrainOutput.TooBig.Answer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PathMtuQuestionsTest {
    private static final IpAddress PEER = IpAddress.parse("192.0.2.1");
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.2");
    private static final int KERNEL_MTU = 1400;
    /** Of IPv4 and UDP. */
    private static final int HEADERS = 28;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
    private final List<IpAddress> asked = new ArrayList<>();
    private final List<Map<IpAddress, Integer>> told = new ArrayList<>();
    private final PathMtuQuestions questions =
        new PathMtuQuestions(this::kernel, channel.eventLoop(), (pathMtus, now) -> told.add(pathMtus));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private int kernel(IpAddress remote) {
        asked.add(remote);
        return KERNEL_MTU;
    }

    private Answer explain(IpAddress remote, int packet) {
        return questions.explain(new InetSocketAddress(remote.toInetAddress(), 8007), packet - HEADERS);
    }

    @Test
    void theStackIsToldOfAllPeersAtOnceAndTheKernelAskedOnceForEach() {
        for (int datagram = 0; datagram < 3; datagram++) {
            assertEquals(Answer.YES, explain(PEER, KERNEL_MTU + 1));
            assertEquals(Answer.YES, explain(OTHER, KERNEL_MTU + 1));
        }
        assertEquals(List.of(), told, "not while the stack has it sent");
        channel.runPendingTasks();
        assertEquals(List.of(Map.of(PEER, KERNEL_MTU, OTHER, KERNEL_MTU)), told);
        assertEquals(List.of(PEER, OTHER), asked);
        assertEquals(Answer.YES, explain(PEER, KERNEL_MTU + 1));
        channel.runPendingTasks();
        assertEquals(Map.of(PEER, KERNEL_MTU), told.get(1));
    }

    @Test
    void whatFitsDidNotFailForItsSize() {
        assertEquals(Answer.NO, explain(PEER, KERNEL_MTU));
        channel.runPendingTasks();
        assertEquals(List.of(), told);
    }

    @Test
    void aSpentBudgetIsNoAnswer() {
        for (int question = 0; question < 2000; question++) {
            assertEquals(KERNEL_MTU, questions.ask(PEER));
        }
        assertEquals(Integer.MAX_VALUE, questions.ask(PEER));
        assertEquals(Answer.NOT_ASKED, explain(PEER, KERNEL_MTU + 1));
        assertEquals(2000, asked.size());
        ticker.advance(1, TimeUnit.SECONDS);
        assertEquals(Answer.YES, explain(PEER, KERNEL_MTU + 1));
    }
}
