package io.github.usertcp.stack;

import java.util.concurrent.TimeUnit;

/** A token bucket for RSTs that answer segments of no connection; it holds a fifth of a second's worth. */
final class ResetLimiter {
    private final long nanosPerToken;
    private final long capacityNanos;
    private long creditNanos;
    private long filledNanos;

    /** At most so many a second, 0 for none at all. */
    ResetLimiter(int perSecond, long nowNanos) {
        nanosPerToken = perSecond == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(1) / perSecond;
        capacityNanos = perSecond == 0 ? 0 : Math.max(nanosPerToken, TimeUnit.MILLISECONDS.toNanos(200));
        creditNanos = capacityNanos;
        filledNanos = nowNanos;
    }

    boolean take(long nowNanos) {
        creditNanos = Math.min(capacityNanos, creditNanos + nowNanos - filledNanos);
        filledNanos = nowNanos;
        if (creditNanos < nanosPerToken) {
            return false;
        }
        creditNanos -= nanosPerToken;
        return true;
    }
}
