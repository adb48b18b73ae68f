package io.github.usertcp.stack;

import io.github.usertcp.tcp.TcpConnection;

/**
 * A {@link TcpConnection} in its {@link TcpStack}: what the stack adds is an owner, a place in the lookup table, a timer and a turn on the link.
 * On the stack's event loop only.
 */
public final class StackConnection {
    StackConnection() {
        throw new UnsupportedOperationException();
    }

    public TcpStack stack() {
        throw new UnsupportedOperationException();
    }

    /** The engine. After a call that may have given it something to send or to wait for, call {@link #touch()}. */
    public TcpConnection tcp() {
        throw new UnsupportedOperationException();
    }

    /** Sets who is told of progress; if there is something to tell already, tells it at once. */
    public void owner(ConnectionOwner owner) {
        throw new UnsupportedOperationException();
    }

    /**
     * Has the connection's output sent and its timer set: at the end of the current batch if there is one, else now. Cheap to call again.
     */
    public void touch() {
        throw new UnsupportedOperationException();
    }

    /**
     * The owner leaves. Whatever the connection still has to do after {@code tcp().close()} it does as an orphan, then the stack forgets it;
     * TIME-WAIT becomes a compact entry. A connection that was not closed is closed.
     */
    public void detach() {
        throw new UnsupportedOperationException();
    }
}
