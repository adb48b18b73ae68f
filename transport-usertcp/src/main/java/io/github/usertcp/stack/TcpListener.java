package io.github.usertcp.stack;

/** A port that accepts connections: SYN queue and accept queue. On the stack's event loop only. */
public final class TcpListener {
    TcpListener() {
        throw new UnsupportedOperationException();
    }

    /** The next established connection, without an owner yet, or {@code null} if the accept queue is empty. */
    public StackConnection accept() {
        throw new UnsupportedOperationException();
    }

    /** The TCP port listened on, the one chosen if it was asked for as 0. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    public int acceptQueueLength() {
        throw new UnsupportedOperationException();
    }

    public int synQueueLength() {
        throw new UnsupportedOperationException();
    }

    /** Stops listening: half-open connections are forgotten, those in the accept queue reset. Twice does nothing. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
