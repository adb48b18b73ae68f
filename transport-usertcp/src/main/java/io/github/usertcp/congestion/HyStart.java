package io.github.usertcp.congestion;

/**
 * HyStart++. The idea: a queue that builds up shows in the round-trip time before it overflows. When the smallest RTT of a round is
 * clearly above that of the round before, slow start goes on at a quarter of its speed (conservative slow start); if the RTT falls again
 * the rise was noise and slow start resumes, if it does not for five rounds, slow start is over, without a loss.
 *
 * <p>Source: RFC 9406 section 4.2, constants section 4.3.
 * <pre>
 *   leave slow start       currentRoundMinRtt &gt;= lastRoundMinRtt + clamp(lastRoundMinRtt / 8, 4 ms, 16 ms)    after 8 samples
 *   conservative           cwnd += acked / 4
 *   resume                 currentRoundMinRtt &lt; its value when slow start was left                            after 8 samples
 * </pre>
 * Units are nanoseconds and bytes. Only for the first slow start of a connection: later ones end at a threshold that a loss has shown.
 */
final class HyStart {
    private static final long MIN_RTT_THRESHOLD_NANOS = 4_000_000;
    private static final long MAX_RTT_THRESHOLD_NANOS = 16_000_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int RTT_SAMPLES = 8;
    private static final int CONSERVATIVE_DIVISOR = 4;
    private static final int CONSERVATIVE_ROUNDS = 5;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private long lastRoundMinRttNanos = UNKNOWN;
    private long currentRoundMinRttNanos = UNKNOWN;
    private int samples;
    private boolean conservative;
    private long baselineMinRttNanos = UNKNOWN;
    private int conservativeRounds;
    private boolean ended;

    /** An ACK arrived during slow start. */
    void onAck(AckSample sample) {
        if (sample.isRoundStart()) {
            beginRound();
        }
        if (sample.rttNanos() < 0) {
            return;
        }
        currentRoundMinRttNanos = Math.min(currentRoundMinRttNanos, sample.rttNanos());
        samples++;
        if (samples < RTT_SAMPLES) {
            return;
        }
        if (conservative) {
            conservative = currentRoundMinRttNanos >= baselineMinRttNanos;
        } else if (lastRoundMinRttNanos != UNKNOWN && currentRoundMinRttNanos - lastRoundMinRttNanos >= thresholdNanos()) {
            conservative = true;
            baselineMinRttNanos = currentRoundMinRttNanos;
            conservativeRounds = 0;
        }
    }

    private void beginRound() {
        lastRoundMinRttNanos = currentRoundMinRttNanos;
        currentRoundMinRttNanos = UNKNOWN;
        samples = 0;
        if (conservative) {
            conservativeRounds++; // the round in which it began counts, though it was only part of one
            ended = conservativeRounds >= CONSERVATIVE_ROUNDS;
        }
    }

    private long thresholdNanos() {
        return Math.max(MIN_RTT_THRESHOLD_NANOS, Math.min(lastRoundMinRttNanos / MIN_RTT_DIVISOR, MAX_RTT_THRESHOLD_NANOS));
    }

    /**
     * By how much the window grows for so many acknowledged bytes.
     *
     * <p>Departs from RFC 9406 4.3: no limit of eight segments an ACK for a sender that is not paced. One ACK of a receiver that coalesces
     * stands for forty segments, and slow start would take a dozen round trips for three; Linux has no such limit either.
     */
    double growth(double ackedBytes) {
        return conservative ? ackedBytes / CONSERVATIVE_DIVISOR : ackedBytes;
    }

    boolean isConservative() {
        return conservative;
    }

    /** The path is full: congestion avoidance is due. */
    boolean hasEnded() {
        return ended;
    }
}
