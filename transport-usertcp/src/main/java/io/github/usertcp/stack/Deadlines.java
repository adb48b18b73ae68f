package io.github.usertcp.stack;

/** Something in a stack that waits for times to come: its connections, half-open connections, TIME-WAIT entries, probes. */
interface Deadlines {
    /** Nothing is due before; {@link Long#MAX_VALUE} if nothing waits. May be early, never late. */
    long earliestNanos();

    /** Deals with everything that is due, and makes {@link #earliestNanos} exact. */
    void expire(long nowNanos);
}
