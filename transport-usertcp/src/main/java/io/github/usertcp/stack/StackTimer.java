package io.github.usertcp.stack;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The one timer that a stack has with its event loop, set to the earliest of all deadlines. */
final class StackTimer implements Runnable {
    private final EventLoop loop;
    private final Deadlines[] waiting;
    private final LongConsumer onDue;
    private ScheduledFuture<?> scheduled;
    private long scheduledNanos = Long.MAX_VALUE;

    /** Time that comes is told to {@code onDue}, which has the deadlines expire and sets the timer again. */
    StackTimer(EventLoop loop, LongConsumer onDue, Deadlines... waiting) {
        this.loop = loop;
        this.onDue = onDue;
        this.waiting = waiting;
    }

    /**
     * Sets the timer if something is due earlier than it is set. One that is set too
     * early stays: waking up for nothing is cheaper than setting it for every ACK.
     */
    void set() {
        long earliest = Long.MAX_VALUE;
        for (Deadlines deadlines : waiting) {
            earliest = Math.min(earliest, deadlines.earliestNanos());
        }
        if (earliest < scheduledNanos && !loop.isShuttingDown()) {
            stop();
            scheduledNanos = earliest;
            scheduled = loop.schedule(this, Math.max(0, earliest - loop.ticker().nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
        scheduledNanos = Long.MAX_VALUE;
    }

    void expire(long nowNanos) {
        for (Deadlines deadlines : waiting) {
            if (deadlines.earliestNanos() <= nowNanos) {
                deadlines.expire(nowNanos);
            }
        }
    }

    @Override
    public void run() {
        scheduled = null;
        scheduledNanos = Long.MAX_VALUE;
        onDue.accept(loop.ticker().nanoTime());
    }
}
