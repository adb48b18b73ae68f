package io.github.usertcp.stack;

import java.util.Arrays;
import java.util.function.Consumer;

/** The live connections of a stack, orphans included: found by key, by row, and by deadline. */
final class ConnectionTable implements Deadlines {
    private static final int MIN_ROWS = 16;

    private final TupleIndex index = new TupleIndex((row, key) -> key.is(row(row).tcp().tuple()));
    private final TimingWheel wheel;
    private final Consumer<StackConnection> onTimeout;
    private StackConnection[] rows = new StackConnection[MIN_ROWS];
    private int[] freeRows = new int[MIN_ROWS];
    private int freeCount;
    private int usedRows;

    /** Deadlines that come are told to {@code onTimeout}. */
    ConnectionTable(long nowNanos, Consumer<StackConnection> onTimeout) {
        this.onTimeout = onTimeout;
        wheel = new TimingWheel(nowNanos);
        wheel.capacity(MIN_ROWS);
    }

    int size() {
        return index.size();
    }

    /** The connection with that key, or {@code null}. */
    StackConnection find(TupleKey key) {
        int row = index.find(key);
        return row == TupleIndex.NONE ? null : rows[row];
    }

    boolean contains(TupleKey key) {
        return index.find(key) != TupleIndex.NONE;
    }

    /** Adds a connection, whose key this is and which no other has. */
    void add(TupleKey key, StackConnection connection) {
        int row = freeCount > 0 ? freeRows[--freeCount] : usedRows++;
        if (row == rows.length) {
            capacity(2 * rows.length);
        }
        rows[row] = connection;
        connection.row(row, key.hash());
        index.add(key.hash(), row);
    }

    void remove(StackConnection connection) {
        int row = connection.row();
        index.remove(connection.hash(), row);
        wheel.cancel(row);
        rows[row] = null;
        connection.row(StackConnection.NO_ROW, 0);
        freeRows[freeCount++] = row;
        if (size() == 0) {
            usedRows = 0;
            freeCount = 0;
            capacity(MIN_ROWS);
        }
    }

    /**
     * Has the connection's deadline watched. Lazily: one that has moved back stays where it was and is looked at
     * again when the old one comes, because with every ACK a retransmission timer moves back and never expires.
     */
    void watch(StackConnection connection) {
        long deadline = connection.tcp().deadlineNanos();
        int row = connection.row();
        if (deadline != Long.MAX_VALUE && (!wheel.isScheduled(row) || deadline < wheel.deadlineNanos(row))) {
            wheel.schedule(row, deadline);
        }
    }

    @Override
    public long earliestNanos() {
        return wheel.earliestNanos();
    }

    @Override
    public void expire(long nowNanos) {
        for (int row = wheel.pollExpired(nowNanos); row != TimingWheel.NONE; row = wheel.pollExpired(nowNanos)) {
            if (rows[row].tcp().deadlineNanos() <= nowNanos) {
                onTimeout.accept(rows[row]);
            } else {
                watch(rows[row]);
            }
        }
        wheel.refresh();
    }

    /** A copy, so that whoever goes through it may remove connections. */
    StackConnection[] toArray() {
        StackConnection[] all = new StackConnection[size()];
        int count = 0;
        for (int row = 0; row < usedRows; row++) {
            if (rows[row] != null) {
                all[count++] = rows[row];
            }
        }
        return all;
    }

    TupleIndex index() {
        return index;
    }

    private StackConnection row(int row) {
        return rows[row];
    }

    private void capacity(int newCapacity) {
        if (newCapacity != rows.length) {
            rows = Arrays.copyOf(rows, newCapacity);
            freeRows = Arrays.copyOf(freeRows, newCapacity);
            wheel.capacity(newCapacity);
        }
    }
}
