package io.github.usertcp.handlers;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

/** One direction of an {@link ImpairedLink} or {@link ImpairmentHandler}: what is done to packets, and to how many. Any thread. */
public final class ImpairedDirection {
    private final AtomicLongArray counts = new AtomicLongArray(ImpairmentCounter.values().length);
    private volatile Impairment impairment;

    ImpairedDirection(Impairment impairment) {
        impair(impairment);
    }

    public Impairment impairment() {
        return impairment;
    }

    /**
     * Does something else to packets that come from now on: a path change, a black-out, its end. What is held back stays so for as long as
     * it was to, and may be overtaken.
     */
    public void impair(Impairment newImpairment) {
        impairment = Objects.requireNonNull(newImpairment, "impairment");
    }

    /** How many, since it was made; of an {@link ImpairedLink} that was opened several times, in all of them. */
    public long get(ImpairmentCounter counter) {
        return counts.get(counter.ordinal());
    }

    void count(ImpairmentCounter counter) {
        counts.incrementAndGet(counter.ordinal());
    }

    /** What is done, and all counters that are not zero, such as {@code loss 0.01: PACKETS=1203 LOST=12}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(impairment).append(':');
        for (ImpairmentCounter counter : ImpairmentCounter.values()) {
            if (get(counter) != 0) {
                text.append(' ').append(counter).append('=').append(get(counter));
            }
        }
        return text.toString();
    }
}
