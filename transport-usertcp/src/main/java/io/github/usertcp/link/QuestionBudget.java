package io.github.usertcp.link;

import io.netty.util.concurrent.Ticker;

/** How often the kernel is asked something by a throw-away socket, some 20 microseconds each: no peer can keep us busy with that. */
final class QuestionBudget {
    private static final int MAX_QUESTIONS = 2000;
    private static final long PERIOD_NANOS = 1_000_000_000L;

    private final Ticker ticker;
    private long periodStartNanos;
    private int questions;

    QuestionBudget(Ticker ticker) {
        this.ticker = ticker;
        periodStartNanos = ticker.nanoTime();
    }

    /** Whether one more may be asked now. */
    boolean take() {
        long now = ticker.nanoTime();
        if (now - periodStartNanos >= PERIOD_NANOS) {
            periodStartNanos = now;
            questions = 0;
        }
        return questions++ < MAX_QUESTIONS;
    }
}
