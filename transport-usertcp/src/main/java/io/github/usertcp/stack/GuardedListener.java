package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a listener and keeps its exceptions from the stack, whose connections must not end because somebody fails to look at them.
 * Each kind of exception is logged once, so that a listener which always fails does not fill the log. For one event loop.
 */
public final class GuardedListener implements SegmentListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final SegmentListener listener;
    private final Set<Class<?>> logged = new HashSet<>();

    public GuardedListener(SegmentListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public void onReceived(TcpSegment segment, long nowNanos) {
        try {
            listener.onReceived(segment, nowNanos);
        } catch (Exception e) {
            log(segment, e);
        }
    }

    @Override
    public void onSent(TcpSegment segment, long nowNanos) {
        try {
            listener.onSent(segment, nowNanos);
        } catch (Exception e) {
            log(segment, e);
        }
    }

    boolean guards(SegmentListener other) {
        return listener == other;
    }

    private void log(TcpSegment segment, Exception thrown) {
        if (logged.add(thrown.getClass())) {
            LOG.warn("{}: failed at {}; it misses what it fails at, and of {} no more is logged", listener, segment,
                thrown.getClass().getSimpleName(), thrown);
        }
    }
}
