package io.github.usertcp.congestion;

/**
 * Whether sending faster still delivers faster. The idea: if the delivery rate has not grown by a quarter in three round trips in which
 * the application did not limit it, the bottleneck is full. Rates are bytes per second.
 */
final class BbrFullPipe {
    private static final double GROWTH = 1.25;
    private static final int ROUNDS = 3;

    private long rate;
    private int rounds;
    private boolean now;
    private boolean ever;

    void onAck(long deliveryRate, boolean appLimited, boolean roundStart) {
        if (now || appLimited) {
            return;
        }
        if (deliveryRate >= rate * GROWTH) {
            restart(deliveryRate);
        } else if (roundStart) {
            rounds++;
            now = rounds >= ROUNDS;
            ever |= now;
        }
    }

    /** Looks again, from that rate on. */
    void restart(long deliveryRate) {
        rate = deliveryRate;
        rounds = 0;
        now = false;
    }

    /** Losses have shown it. */
    void declareFull() {
        ever = true;
    }

    /** It is full since the last {@link #restart}. */
    boolean isFullNow() {
        return now;
    }

    /** It was, once: startup has done its work. */
    boolean wasReached() {
        return ever;
    }
}
