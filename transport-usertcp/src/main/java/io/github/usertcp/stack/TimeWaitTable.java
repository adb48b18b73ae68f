package io.github.usertcp.stack;

import io.github.usertcp.tcp.TcpTuple;
import io.github.usertcp.tcp.TimeWait;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Connections in TIME-WAIT whose owners have gone, as columns of primitives: 63 bytes an entry, timer included, besides
 * the index's 11 to 21.
 *
 * <p>Bounded by {@link TcpStackConfig#maxTimeWait()}. When it is full, the connection that comes is forgotten at once:
 * TIME-WAIT protects later connections from old segments, and those that wait already have longer to go than none.
 */
final class TimeWaitTable implements Deadlines {
    static final int NONE = TupleIndex.NONE;
    private static final long DURATION_UNIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final TupleRows rows = new TupleRows();
    private final TupleIndex index = new TupleIndex(rows::holds);
    private final TimingWheel wheel;
    private final TupleKey key;
    private final int maxEntries;

    private char[] rcvWnd = {};
    private char[] duration = {};
    private boolean[] timestamps = {};
    private int[] sndNxt = {};
    private int[] rcvNxt = {};
    private int[] tsOffset = {};
    private int[] tsRecent = {};

    TimeWaitTable(TupleKey key, int maxEntries, long nowNanos) {
        this.key = key;
        this.maxEntries = maxEntries;
        wheel = new TimingWheel(nowNanos);
        followRows();
    }

    int size() {
        return index.size();
    }

    /** The row with that key, or {@link #NONE}. */
    int find(TupleKey wanted) {
        return index.find(wanted);
    }

    /**
     * Remembers a connection.
     *
     * @param durationNanos  how long the entry lasts after a repeated FIN, twice the MSL
     * @return false if the table is full
     */
    boolean add(TcpTuple tuple, TimeWait entry, long durationNanos) {
        if (size() >= maxEntries) {
            return false;
        }
        int row = rows.take(tuple);
        followRows();
        rcvWnd[row] = (char) entry.rcvWnd();
        duration[row] = (char) Math.min(Character.MAX_VALUE, durationNanos / DURATION_UNIT_NANOS);
        timestamps[row] = entry.timestamps();
        sndNxt[row] = entry.sndNxt();
        rcvNxt[row] = entry.rcvNxt();
        tsOffset[row] = entry.tsOffset();
        tsRecent[row] = entry.tsRecent();
        index.add(key.set(tuple).hash(), row);
        wheel.schedule(row, entry.deadlineNanos());
        return true;
    }

    TcpTuple tuple(int row) {
        return rows.tuple(row);
    }

    TimeWait entry(int row) {
        return new TimeWait(sndNxt[row], rcvNxt[row], rcvWnd[row], timestamps[row], tsRecent[row], tsOffset[row], wheel.deadlineNanos(row));
    }

    /** RFC 9293 section 3.10.7.4, eighth step: a repeated FIN starts the two MSL anew. */
    void restart(int row, long nowNanos) {
        wheel.schedule(row, nowNanos + duration[row] * DURATION_UNIT_NANOS);
    }

    void remove(int row) {
        index.remove(key.set(tuple(row)).hash(), row);
        wheel.cancel(row);
        rows.free(row);
        if (size() == 0) {
            clear();
        }
    }

    void clear() {
        for (int row = 0; row < rows.used(); row++) {
            wheel.cancel(row);
        }
        index.clear();
        rows.clear();
        followRows();
    }

    @Override
    public long earliestNanos() {
        return wheel.earliestNanos();
    }

    @Override
    public void expire(long nowNanos) {
        for (int row = wheel.pollExpired(nowNanos); row != TimingWheel.NONE; row = wheel.pollExpired(nowNanos)) {
            remove(row);
        }
        wheel.refresh();
    }

    /** As many rows in the columns here as in those of the tuples. */
    private void followRows() {
        int capacity = rows.capacity();
        if (sndNxt.length == capacity) {
            return;
        }
        rcvWnd = Arrays.copyOf(rcvWnd, capacity);
        duration = Arrays.copyOf(duration, capacity);
        timestamps = Arrays.copyOf(timestamps, capacity);
        sndNxt = Arrays.copyOf(sndNxt, capacity);
        rcvNxt = Arrays.copyOf(rcvNxt, capacity);
        tsOffset = Arrays.copyOf(tsOffset, capacity);
        tsRecent = Arrays.copyOf(tsRecent, capacity);
        wheel.capacity(capacity);
    }
}
