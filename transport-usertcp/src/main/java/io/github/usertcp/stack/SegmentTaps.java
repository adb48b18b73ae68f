package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The listeners that a running stack shows its segments to. Any thread may add and remove them, the stack's event loop reads: the array is
 * replaced as a whole. Without listeners a segment costs one look at its length.
 */
final class SegmentTaps {
    private static final GuardedListener[] NONE = {};

    private final AtomicReference<GuardedListener[]> listeners = new AtomicReference<>(NONE);

    void add(SegmentListener listener) {
        GuardedListener added = new GuardedListener(listener);
        listeners.updateAndGet(before -> Arrays.stream(before).anyMatch(present -> present.guards(listener)) ? before
            : Stream.concat(Arrays.stream(before), Stream.of(added)).toArray(GuardedListener[]::new));
    }

    void remove(SegmentListener listener) {
        listeners.updateAndGet(before ->
            Arrays.stream(before).filter(present -> !present.guards(listener)).toArray(GuardedListener[]::new));
    }

    boolean isEmpty() {
        return listeners.get().length == 0;
    }

    void received(TcpSegment segment, long nowNanos) {
        for (GuardedListener listener : listeners.get()) {
            listener.onReceived(segment, nowNanos);
        }
    }

    void sent(TcpSegment segment, long nowNanos) {
        for (GuardedListener listener : listeners.get()) {
            listener.onSent(segment, nowNanos);
        }
    }
}
