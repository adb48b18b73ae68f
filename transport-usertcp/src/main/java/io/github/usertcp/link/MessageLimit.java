package io.github.usertcp.link;

/** How many messages of a kind may leave: a rate, and a burst that may be ahead of it (a bucket of tokens). */
final class MessageLimit {
    private final long nanosPerMessage;
    private final int burst;
    private boolean started;
    /** When the bucket was last empty, put forward by each message. */
    private long emptyAtNanos;

    MessageLimit(long nanosPerMessage, int burst) {
        this.nanosPerMessage = nanosPerMessage;
        this.burst = burst;
    }

    /** Whether one more may leave now, which is then counted. */
    boolean allows(long nowNanos) {
        long fullSince = nowNanos - burst * nanosPerMessage;
        if (!started || emptyAtNanos - fullSince < 0) {
            emptyAtNanos = fullSince;
            started = true;
        }
        if (nowNanos - emptyAtNanos < nanosPerMessage) {
            return false;
        }
        emptyAtNanos += nanosPerMessage;
        return true;
    }
}
