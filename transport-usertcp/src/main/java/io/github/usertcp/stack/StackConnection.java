package io.github.usertcp.stack;

import io.github.usertcp.tcp.TcpConnection;

/**
 * A {@link TcpConnection} in its {@link TcpStack}: what the stack adds is an owner, a place
 * in the lookup table, a timer and a turn on the link. On the stack's event loop only.
 */
public final class StackConnection {
    static final int NO_ROW = -1;

    private final TcpStack stack;
    private final TcpConnection tcp;
    private ConnectionOwner owner;
    private boolean detached;
    /** Place in {@link ConnectionTable}, which writes both. */
    private int row = NO_ROW;
    private int hash;
    /** Places in the queues of {@link Batch}, which writes all four. */
    boolean awaitsDelivery;
    boolean awaitsTurn;
    StackConnection nextDelivery;
    StackConnection nextTurn;
    /** What waits for the outcome of its TCP Fast Open, {@code null} if nothing does. */
    FastOpenWatch fastOpenWatch;
    /** Taken out of its listener's accept queue; {@link TcpListener} writes it. */
    boolean wasAccepted;
    /** What {@link MemoryBudget} has charged for it, in bytes. */
    long chargedBytes;

    StackConnection(TcpStack stack, TcpConnection tcp, ConnectionOwner owner) {
        this.stack = stack;
        this.tcp = tcp;
        this.owner = owner;
    }

    public TcpStack stack() {
        return stack;
    }

    /** The engine. After a call that may have given it something to send or to wait for, call {@link #touch()}. */
    public TcpConnection tcp() {
        return tcp;
    }

    /** Sets who is told of progress, and has it look at once at what there is to tell already. */
    public void owner(ConnectionOwner newOwner) {
        owner = newOwner;
        stack.batch.deliver(this);
        touch();
    }

    /**
     * Has the connection's output sent and its timer set: at the end of the current batch if there is one, else now. Cheap to call again.
     */
    public void touch() {
        if (isLive()) {
            stack.batch.touch(this);
        }
    }

    /**
     * The owner leaves. Whatever the connection still has to do after {@code tcp().close()} it does as an orphan, then the stack
     * forgets it; TIME-WAIT becomes a compact entry. A connection that was not closed is closed. A second call does nothing.
     */
    public void detach() {
        if (detached) {
            return;
        }
        detached = true;
        owner = null;
        if (isLive()) {
            stack.adopt(this);
        } else {
            tcp.release();
        }
    }

    ConnectionOwner owner() {
        return owner;
    }

    boolean isDetached() {
        return detached;
    }

    /** In the stack's table: segments reach it, its timer runs. */
    boolean isLive() {
        return row != NO_ROW;
    }

    int row() {
        return row;
    }

    int hash() {
        return hash;
    }

    void row(int newRow, int newHash) {
        row = newRow;
        hash = newHash;
    }

    @Override
    public String toString() {
        return tcp.toString();
    }
}
