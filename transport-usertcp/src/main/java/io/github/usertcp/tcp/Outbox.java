package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/** What waits to be sent besides data and ACKs. Arrival and timeouts put in, the {@link Transmitter} takes out. */
final class Outbox {
    private TcpSegment reset;
    private boolean synDue;
    private boolean probeDue;
    private boolean pushDue;
    private boolean lossProbeDue;

    /** One reset at most waits; a later one replaces it. */
    void reset(TcpSegment segment) {
        if (segment != null) {
            reset = segment;
        }
    }

    boolean hasReset() {
        return reset != null;
    }

    TcpSegment takeReset() {
        TcpSegment taken = reset;
        reset = null;
        return taken;
    }

    /** SYN or SYN-ACK, according to the state. */
    void synDue(boolean due) {
        synDue = due;
    }

    boolean isSynDue() {
        return synDue;
    }

    /** A keepalive or zero-window probe. */
    void probeDue(boolean due) {
        probeDue = due;
    }

    boolean isProbeDue() {
        return probeDue;
    }

    /** The small tail has waited long enough: Nagle, cork and silly window avoidance are overruled once. */
    void pushDue(boolean due) {
        pushDue = due;
    }

    boolean isPushDue() {
        return pushDue;
    }

    /** A tail loss probe. */
    void lossProbeDue(boolean due) {
        lossProbeDue = due;
    }

    boolean isLossProbeDue() {
        return lossProbeDue;
    }

    void clear() {
        lossProbeDue = false;
        synDue = false;
        probeDue = false;
        pushDue = false;
    }
}
