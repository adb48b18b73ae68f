package io.github.usertcp.link;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Gives fragments up in time where nothing arrives any more that would be an occasion to do so: one timer while there are any. */
final class FragmentTimer {
    private final EventLoop loop;
    private final FragmentReassembler fragments;
    private final Runnable flush;
    private ScheduledFuture<?> scheduled;
    private long deadlineNanos;

    /** Not armed yet; {@code flush} sends what ICMP has to say after that. */
    FragmentTimer(EventLoop loop, FragmentReassembler fragments, Runnable flush) {
        this.loop = loop;
        this.fragments = fragments;
        this.flush = flush;
    }

    /** Starts to wait, if there is something to wait for, or for less long if something new has less time. */
    void arm(long nowNanos) {
        if (fragments.isEmpty()) {
            return;
        }
        long nanos = fragments.nanosToDeadline(nowNanos);
        if (scheduled == null || nowNanos + nanos - deadlineNanos < 0) {
            cancel();
            deadlineNanos = nowNanos + nanos;
            scheduled = loop.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
        }
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }

    private void expire() {
        scheduled = null;
        long nowNanos = loop.ticker().nanoTime();
        fragments.expire(nowNanos);
        arm(nowNanos);
        flush.run();
    }
}
