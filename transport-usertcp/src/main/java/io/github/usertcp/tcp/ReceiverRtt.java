package io.github.usertcp.tcp;

/**
 * The round-trip time as a receiver sees it who sends nothing that could be timed: from our ACK to the data that it let the peer send.
 *
 * <p>With timestamps each segment names the ACK that came before it (RFC 7323 section 4: TSecr). Without, data beyond the window that was
 * offered at some moment arrives at least a round trip later; of these bounds the smallest counts. An idle peer makes samples too long,
 * so that longer ones count for an eighth only.
 */
final class ReceiverRtt {
    private static final long NANOS_PER_TICK = 1_000_000L;
    private static final long UNKNOWN = -1;

    private long rttNanos = UNKNOWN;
    private int lastEcho;
    private long offeredEdge;
    private long offeredNanos;

    /** @param handshakeNanos  what the handshake took, -1 if unknown */
    void start(long handshakeNanos, long edge, long nowNanos) {
        rttNanos = handshakeNanos;
        offeredEdge = edge;
        offeredNanos = nowNanos;
    }

    /** A full segment echoes that timestamp of ours; {@code ticks} is what our timestamp clock says now. */
    void echoed(int tsEcr, int ticks) {
        if (tsEcr == lastEcho || ticks - tsEcr < 0) {
            return; // the first segment after an ACK is the one that tells; and an echo from the future measures nothing
        }
        lastEcho = tsEcr;
        long sample = Math.max(1, ticks - tsEcr) * NANOS_PER_TICK;
        rttNanos = rttNanos == UNKNOWN || sample < rttNanos ? sample : rttNanos + (sample - rttNanos) / 8;
    }

    /** Data arrived in order up to {@code nxt}, while the right edge of the window we have offered is at {@code edge}. */
    void advanced(long nxt, long edge, long nowNanos) {
        if (nxt <= offeredEdge) {
            return;
        }
        long sample = nowNanos - offeredNanos;
        if (rttNanos == UNKNOWN || sample < rttNanos) {
            rttNanos = sample;
        }
        offeredEdge = edge;
        offeredNanos = nowNanos;
    }

    /** -1 before the first sample. */
    long rttNanos() {
        return rttNanos;
    }
}
