package io.github.usertcp.stack;

/** Settings of a stack as a whole. Immutable. */
public final class TcpStackConfig {
    private TcpStackConfig() {
    }

    public static TcpStackConfig defaults() {
        throw new UnsupportedOperationException();
    }

    /** Upper bound of a listener's accept queue. Default 4096, Linux's somaxconn. */
    public int maxBacklog() {
        throw new UnsupportedOperationException();
    }
}
