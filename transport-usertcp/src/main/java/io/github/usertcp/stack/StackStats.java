package io.github.usertcp.stack;

import io.github.usertcp.codec.DropReason;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of a stack since it was opened, written on its event loop and readable from any thread. */
public final class StackStats {
    private static final int COUNTERS = StackCounter.values().length;

    /** One writer: an ordered store is enough, and costs no fence. */
    private final AtomicLongArray counts = new AtomicLongArray(COUNTERS + DropReason.values().length);

    StackStats() {
    }

    /** How often it happened. */
    public long get(StackCounter counter) {
        return counts.get(counter.ordinal());
    }

    /** Packets thrown away for that reason before they reached any connection. */
    public long dropped(DropReason reason) {
        return counts.get(COUNTERS + reason.ordinal());
    }

    void count(StackCounter counter) {
        increment(counter.ordinal());
    }

    void countDrop(DropReason reason) {
        increment(COUNTERS + reason.ordinal());
    }

    private void increment(int index) {
        counts.lazySet(index, counts.get(index) + 1);
    }

    /** All counters that are not zero, such as {@code SEGMENTS_RECEIVED=12 PORT_ZERO=1}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (StackCounter counter : StackCounter.values()) {
            append(text, counter, get(counter));
        }
        for (DropReason reason : DropReason.values()) {
            append(text, reason, dropped(reason));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Enum<?> name, long count) {
        if (count != 0) {
            text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(count);
        }
    }
}
