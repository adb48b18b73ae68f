package io.github.usertcp.testsuite.simulator.network;

import java.util.PriorityQueue;

/**
 * Time that jumps from event to event. Events of the same instant happen in the order in which they were scheduled, so that a run is
 * repeatable. It begins at 0.
 */
public final class VirtualTime {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long scheduled;
    private long nowNanos;

    public long nowNanos() {
        return nowNanos;
    }

    /** Lets something happen at that time, or now if that is past. */
    public void at(long nanos, Runnable action) {
        events.add(new Event(Math.max(nanos, nowNanos), scheduled++, action));
    }

    /** Lets something happen after so many nanoseconds. */
    public void after(long nanos, Runnable action) {
        at(nowNanos + nanos, action);
    }

    /**
     * Goes on to the next event and lets it happen.
     *
     * @return false if there is none up to {@code limitNanos}: nothing then happens, nor does time pass
     */
    public boolean step(long limitNanos) {
        Event next = events.peek();
        if (next == null || next.nanos > limitNanos) {
            return false;
        }
        events.poll();
        nowNanos = next.nanos;
        next.action.run();
        return true;
    }

    /** Lets everything happen up to that time, which it then is. */
    public void runUntil(long limitNanos) {
        while (step(limitNanos)) {
            continue;
        }
        nowNanos = Math.max(nowNanos, limitNanos);
    }

    private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(number, other.number);
        }
    }
}
