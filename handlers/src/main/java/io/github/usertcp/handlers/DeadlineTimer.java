package io.github.usertcp.handlers;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One scheduled task for a deadline that keeps moving. Most deadlines only move back: a task that runs early
 * finds nothing due and has the timer set again, which is cheaper than to cancel one for every segment.
 */
final class DeadlineTimer {
    private final EventExecutor executor;
    private final Runnable onDeadline;
    private final Runnable onCancelled;
    private Future<?> task;
    private long taskNanos;

    /**
     * @param onDeadline   run at the deadline, or before it
     * @param onCancelled  run when the executor, and not {@link #stop()}, has cancelled the task: it is about to end
     */
    DeadlineTimer(EventExecutor executor, Runnable onDeadline, Runnable onCancelled) {
        this.executor = executor;
        this.onDeadline = onDeadline;
        this.onCancelled = onCancelled;
    }

    /** {@link Long#MAX_VALUE} is never. */
    void set(long deadlineNanos) {
        if (deadlineNanos == Long.MAX_VALUE || task != null && taskNanos <= deadlineNanos) {
            return;
        }
        stop();
        taskNanos = deadlineNanos;
        long delayNanos = Math.max(0, deadlineNanos - executor.ticker().nanoTime());
        task = executor.schedule(this::run, delayNanos, TimeUnit.NANOSECONDS).addListener(this::done);
    }

    void stop() {
        Future<?> stopped = task;
        task = null;
        if (stopped != null) {
            stopped.cancel(false);
        }
    }

    private void run() {
        task = null;
        onDeadline.run();
    }

    private void done(Future<?> done) {
        if (done.isCancelled() && done == task) {
            onCancelled.run();
        }
    }
}
