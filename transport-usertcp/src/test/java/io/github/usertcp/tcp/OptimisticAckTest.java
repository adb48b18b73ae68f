package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.congestion.CongestionControls;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A receiver that wants to be sent more than the network bears (Savage et al., "TCP Congestion Control with a Misbehaving Receiver", 1999):
 * it divides its ACKs, or acknowledges what was never sent. An ACK of what was sent and lost cannot be told from an honest one.
 */
class OptimisticAckTest {
    private static final int MSS = 1000;
    private static final long RTT_NANOS = 20_000_000;
    private static final int ROUNDS_AFTER_LOSS = 25;
    private static final int ROUNDS = 6;
    private static final double TOLERANCE = 1.1;

    private static BulkSender sender(String congestionControl) {
        TcpConfig config = TcpConfig.builder().timestamps(false).sendBufferBytes(1 << 23)
            .congestionControl(CongestionControls.named(congestionControl)).build();
        return new BulkSender(config, MSS, 65_535);
    }

    /** The largest window when the peer acknowledges every two segments in that many parts, and loses one segment in a round. */
    private static long largestWindow(String congestionControl, int parts, int lossRound, boolean beyond) {
        BulkSender sender = sender(congestionControl);
        try {
            long largest = 0;
            int rounds = lossRound == 0 ? ROUNDS : lossRound + ROUNDS_AFTER_LOSS;
            for (int round = 1; round <= rounds; round++) {
                long end = sender.nxt();
                sender.advance(RTT_NANOS);
                boolean lost = round == lossRound;
                for (long at = sender.una(); !lost && at < end; at = Math.min(end, at + 2 * MSS)) {
                    acknowledge(sender, at, Math.min(end, at + 2 * MSS), parts, beyond);
                }
                if (lost) {
                    loseFirst(sender, end);
                }
                largest = round > lossRound ? Math.max(largest, sender.tcp.info(sender.nowNanos()).sndCwnd()) : 0;
                sender.tcp.checkInvariants();
            }
            assertEquals(TcpState.ESTABLISHED, sender.tcp.state());
            return largest;
        } finally {
            sender.release();
        }
    }

    private static void acknowledge(BulkSender sender, long from, long to, int parts, boolean beyond) {
        for (int part = 1; part <= parts; part++) {
            sender.acknowledge(from + (to - from) * part / parts);
            if (beyond) {
                sender.acknowledge(sender.nxt() + (long) part * MSS);
            }
        }
    }

    private static void loseFirst(BulkSender sender, long end) {
        long una = sender.una();
        sender.acknowledge(una, una + MSS, end);
        sender.advance(RTT_NANOS).acknowledge(end);
    }

    @ParameterizedTest(name = "{0}, {1} ACKs for two segments, loss in round {2}") @Tag("RFC3465-2.1")
    @CsvSource({
        "reno, 2, 0", "reno, 40, 0", "reno, 40, 4", "cubic, 2, 0", "cubic, 40, 0", "cubic, 40, 4", "bbr, 2, 0", "bbr, 40, 0", "bbr, 40, 4"})
    void dividedAcksOpenTheWindowNoFurther(String congestionControl, int parts, int lossRound) {
        long honest = largestWindow(congestionControl, 1, lossRound, false);
        long divided = largestWindow(congestionControl, parts, lossRound, false);
        assertTrue(divided <= TOLERANCE * honest, "cwnd " + divided + ", with honest ACKs " + honest);
    }

    @ParameterizedTest @Tag("RFC5961-5.2")
    @ValueSource(strings = {"reno", "cubic", "bbr"})
    void acksOfWhatWasNeverSentOpenNothing(String congestionControl) {
        long honest = largestWindow(congestionControl, 1, 4, false);
        long beyond = largestWindow(congestionControl, 1, 4, true);
        assertTrue(beyond <= TOLERANCE * honest, "cwnd " + beyond + ", with honest ACKs " + honest);
    }
}
