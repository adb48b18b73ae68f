package io.github.usertcp.tcp;

/** Unanswered zero-window and keepalive probes, and when the peer was last heard. */
final class Probes {
    private int unanswered;
    /**
     * Probes since the window closed: answers end the count of unanswered
     * ones, but not the growth of the interval (RFC 9293 section 3.8.6.1).
     */
    private int backoff;
    private long heardNanos;

    /** Anything acceptable arrived. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
        unanswered = 0;
    }

    void sent() {
        unanswered++;
    }

    void backOff() {
        backoff++;
    }

    /** The window opened, or there is nothing to probe for. */
    void endBackoff() {
        backoff = 0;
    }

    int unanswered() {
        return unanswered;
    }

    int backoff() {
        return backoff;
    }

    long heardNanos() {
        return heardNanos;
    }
}
