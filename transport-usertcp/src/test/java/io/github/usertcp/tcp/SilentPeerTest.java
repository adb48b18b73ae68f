package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.congestion.CongestionControls;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A peer that says nothing any more, who may never have been where the segments go: what it is sent is bounded by the backoff (RFC 6298
 * section 5.5).
 */
class SilentPeerTest {
    private static final int MSS = 1000;
    private static final long HOUR = 3_600_000_000_000L;

    @ParameterizedTest(name = "{0}, {1} retries, SACK {2}") @Tag("RFC6298-5.5")
    @CsvSource({"cubic, 15, true", "cubic, 15, false", "reno, 15, true", "bbr, 15, true", "bbr, 3, true", "cubic, 3, false"})
    void getsOneSegmentATimeoutAndThenNoMore(String congestionControl, int retries, boolean sack) {
        TcpConfig config = TcpConfig.builder().sack(sack).dataRetries(retries)
            .congestionControl(CongestionControls.named(congestionControl)).build();
        BulkSender sender = new BulkSender(config, MSS, 65_535);
        try {
            for (int i = 0; i < 200; i++) { // a window of some size
                sender.advance(10_000_000).acknowledge(sender.nxt());
            }
            sender.advance(5_000_000).acknowledge(sender.una()); // whatever pacing still holds leaves within a round trip
            long before = sender.sentBytes();
            long window = sender.tcp.info(sender.nowNanos()).sndCwnd();
            sender.advance(HOUR);
            long silent = sender.sentBytes() - before;
            assertEquals(TcpState.CLOSED, sender.tcp.state());
            assertEquals(CloseCause.TIMED_OUT, sender.tcp.closeCause());
            long bound = window + (retries + 1L) * MSS; // the rest of a window under way, a tail loss probe, and one segment a retry
            assertTrue(silent <= bound, "bytes after silence: " + silent + ", bound " + bound);
            sender.advance(HOUR);
            assertEquals(before + silent, sender.sentBytes(), "bytes after the end");
        } finally {
            sender.release();
        }
    }
}
