package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The listeners that a running stack shows its segments to. Any thread may add and remove them, the stack's event loop reads: the array is
 * replaced as a whole. Without listeners a segment costs one look at its length.
 */
final class SegmentTaps {
    private static final GuardedListener[] NONE = {};

    private volatile GuardedListener[] listeners = NONE;

    synchronized void add(SegmentListener listener) {
        if (Arrays.stream(listeners).noneMatch(present -> present.guards(listener))) {
            listeners = Stream.concat(Arrays.stream(listeners), Stream.of(new GuardedListener(listener))).toArray(GuardedListener[]::new);
        }
    }

    synchronized void remove(SegmentListener listener) {
        listeners = Arrays.stream(listeners).filter(present -> !present.guards(listener)).toArray(GuardedListener[]::new);
    }

    boolean isEmpty() {
        return listeners.length == 0;
    }

    void received(TcpSegment segment, long nowNanos) {
        for (GuardedListener listener : listeners) {
            listener.onReceived(segment, nowNanos);
        }
    }

    void sent(TcpSegment segment, long nowNanos) {
        for (GuardedListener listener : listeners) {
            listener.onSent(segment, nowNanos);
        }
    }
}
