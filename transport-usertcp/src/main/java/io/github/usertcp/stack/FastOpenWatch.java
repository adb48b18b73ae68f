package io.github.usertcp.stack;

/** Waits for the outcome of a connection's TCP Fast Open. */
interface FastOpenWatch {
    /**
     * The connection has had its turn, or is gone.
     *
     * @return true if this was what was waited for: the watch ends
     */
    boolean settle(StackConnection connection, long nowNanos);
}
