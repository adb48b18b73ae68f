package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.CloseCause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listeners of a running stack. */
class SegmentTapsTest {
    private final TwoStacks stacks = new TwoStacks().echoing();
    private final Listener listener = new Listener();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void aListenerSeesBothDirectionsFromNowOn() {
        stacks.connect();
        stacks.client.addListener(listener);
        stacks.client.addListener(listener);
        stacks.connect();
        assertEquals(List.of("> S", "< S.", "> ."), listener.seen);
    }

    @Test
    void andNothingAnyMoreOnceItIsRemoved() {
        stacks.client.addListener(listener);
        stacks.client.removeListener(listener);
        stacks.connect();
        assertEquals(List.of(), listener.seen);
    }

    @Test
    void oneThatFailsHarmsNeitherTheStackNorTheOthers() {
        Listener failing = new Listener();
        failing.failure = new IllegalStateException("of the test");
        stacks.server.addListener(failing);
        stacks.server.addListener(listener);
        Application user = stacks.connect();
        assertEquals(CloseCause.NONE, user.connection.tcp().closeCause());
        assertTrue(user.connection.tcp().state().isSynchronized());
        assertEquals(List.of("< S", "> S.", "< ."), listener.seen);
        assertEquals(listener.seen, failing.seen);
        assertEquals(0, stacks.server.stats().get(StackCounter.INTERNAL_ERRORS));
    }

    private static final class Listener implements SegmentListener {
        final List<String> seen = new ArrayList<>();
        RuntimeException failure;

        @Override
        public void onReceived(TcpSegment segment, long nowNanos) {
            note('<', segment);
        }

        @Override
        public void onSent(TcpSegment segment, long nowNanos) {
            note('>', segment);
        }

        private void note(char direction, TcpSegment segment) {
            String text = segment.toString();
            seen.add(direction + " " + text.substring(0, text.indexOf(' ')));
            if (failure != null) {
                throw failure;
            }
        }
    }
}
