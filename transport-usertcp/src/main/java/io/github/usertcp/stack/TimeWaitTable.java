package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.TcpTuple;
import io.github.usertcp.tcp.TimeWait;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Connections in TIME-WAIT whose owners have gone, as columns of primitives: 63 bytes an entry, timer included, besides
 * the index's 11 to 21. The local address is a reference because links hand out the same few objects again and again.
 *
 * <p>Bounded by {@link TcpStackConfig#maxTimeWait()}. When it is full, the connection that comes is forgotten at once:
 * TIME-WAIT protects later connections from old segments, and those that wait already have longer to go than none.
 */
final class TimeWaitTable implements Deadlines {
    static final int NONE = TupleIndex.NONE;
    private static final int MIN_ROWS = 16;
    private static final long DURATION_UNIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final TupleIndex index = new TupleIndex(this::holds);
    private final TimingWheel wheel;
    private final TupleKey key;
    private final int maxEntries;
    private int usedRows;
    private int firstFree = NONE;

    private IpAddress[] localAddress = {};
    private long[] remoteHigh = {};
    private long[] remoteLow = {};
    private char[] localPort = {};
    private char[] remotePort = {};
    private char[] remoteUdpPort = {};
    private char[] rcvWnd = {};
    private char[] duration = {};
    private boolean[] timestamps = {};
    private int[] sndNxt = {};
    private int[] rcvNxt = {};
    private int[] tsOffset = {};
    /** In a free row: the next free one. */
    private int[] tsRecent = {};

    TimeWaitTable(TupleKey key, int maxEntries, long nowNanos) {
        this.key = key;
        this.maxEntries = maxEntries;
        wheel = new TimingWheel(nowNanos);
        capacity(MIN_ROWS);
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
        int row = takeRow();
        localAddress[row] = tuple.localAddress();
        remoteHigh[row] = tuple.remoteAddress().high();
        remoteLow[row] = tuple.remoteAddress().low();
        localPort[row] = (char) tuple.localPort();
        remotePort[row] = (char) tuple.remotePort();
        remoteUdpPort[row] = (char) tuple.remoteUdpPort();
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
        IpAddress remote = new IpAddress(remoteHigh[row], remoteLow[row]);
        return new TcpTuple(localAddress[row], localPort[row], remote, remotePort[row], remoteUdpPort[row]);
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
        localAddress[row] = null;
        tsRecent[row] = firstFree;
        firstFree = row;
        if (size() == 0) {
            clear();
        }
    }

    void clear() {
        for (int row = 0; row < usedRows; row++) {
            wheel.cancel(row);
        }
        index.clear();
        usedRows = 0;
        firstFree = NONE;
        capacity(MIN_ROWS);
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

    private boolean holds(int row, TupleKey wanted) {
        return wanted.hasPorts(localPort[row], remotePort[row], remoteUdpPort[row]) && wanted.hasRemote(remoteHigh[row], remoteLow[row])
            && wanted.hasLocal(localAddress[row]);
    }

    private int takeRow() {
        if (firstFree != NONE) {
            int row = firstFree;
            firstFree = tsRecent[row];
            return row;
        }
        if (usedRows == localPort.length) {
            capacity(2 * usedRows);
        }
        return usedRows++;
    }

    private void capacity(int rows) {
        localAddress = Arrays.copyOf(localAddress, rows);
        remoteHigh = Arrays.copyOf(remoteHigh, rows);
        remoteLow = Arrays.copyOf(remoteLow, rows);
        localPort = Arrays.copyOf(localPort, rows);
        remotePort = Arrays.copyOf(remotePort, rows);
        remoteUdpPort = Arrays.copyOf(remoteUdpPort, rows);
        rcvWnd = Arrays.copyOf(rcvWnd, rows);
        duration = Arrays.copyOf(duration, rows);
        timestamps = Arrays.copyOf(timestamps, rows);
        sndNxt = Arrays.copyOf(sndNxt, rows);
        rcvNxt = Arrays.copyOf(rcvNxt, rows);
        tsOffset = Arrays.copyOf(tsOffset, rows);
        tsRecent = Arrays.copyOf(tsRecent, rows);
        wheel.capacity(rows);
    }
}
