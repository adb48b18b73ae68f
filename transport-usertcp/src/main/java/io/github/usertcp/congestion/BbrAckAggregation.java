package io.github.usertcp.congestion;

/**
 * How many more bytes than the bandwidth explains are acknowledged at once, by paths and receivers that gather ACKs: so much more must
 * be in flight for the pipe to stay full while they do. The largest of the last ten rounds; of one during startup, which outgrows it.
 */
final class BbrAckAggregation {
    private static final int ROUNDS_A_HALF = 5;

    private final WindowedMax extraAcked = new WindowedMax();
    private long intervalStart;
    private long intervalAcked;
    private int rounds;

    /** What is gathered is counted from now on. */
    void restart(long nowNanos) {
        intervalStart = nowNanos;
        intervalAcked = 0;
    }

    void onAck(AckSample sample, BbrModel model) {
        if (model.rounds.isStart()) {
            rounds++;
            if (rounds >= (model.fullPipe.wasReached() ? ROUNDS_A_HALF : 1)) {
                rounds = 0;
                extraAcked.advance();
            }
        }
        double expected = model.bandwidth() * (Math.max(0, sample.nowNanos() - intervalStart) / 1e9);
        if (intervalAcked <= expected) { // slower than the bandwidth: nothing has been gathered
            restart(sample.nowNanos());
            expected = 0;
        }
        intervalAcked = Math.min(intervalAcked + sample.deliveredBytes(), CongestionControl.MAX_CWND_BYTES);
        extraAcked.update(Math.min((long) (intervalAcked - expected), model.cwnd));
    }

    long extraAckedBytes() {
        return extraAcked.max();
    }
}
