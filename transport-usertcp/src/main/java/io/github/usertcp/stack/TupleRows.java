package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.TcpTuple;
import java.util.Arrays;

/**
 * The rows of a table of connections that are no objects: their tuples as columns of primitives, 26 bytes each, and which rows are free.
 * The local address is a reference because links hand out the same few objects again and again. The table's own columns go along by
 * {@link #capacity()}.
 */
final class TupleRows {
    private static final int MIN_ROWS = 16;

    private IpAddress[] localAddress = new IpAddress[MIN_ROWS];
    private long[] remoteHigh = new long[MIN_ROWS];
    /** In a free row: the next free one. */
    private long[] remoteLow = new long[MIN_ROWS];
    private char[] localPort = new char[MIN_ROWS];
    private char[] remotePort = new char[MIN_ROWS];
    private char[] remoteUdpPort = new char[MIN_ROWS];
    private int used;
    private int firstFree = TupleIndex.NONE;

    /** Rows there is room for. Changes in {@link #take} and {@link #clear}. */
    int capacity() {
        return localPort.length;
    }

    /** No row from this one on is taken. */
    int used() {
        return used;
    }

    /** A row for that tuple. */
    int take(TcpTuple tuple) {
        int row = firstFree;
        if (row != TupleIndex.NONE) {
            firstFree = (int) remoteLow[row];
        } else {
            if (used == capacity()) {
                resize(2 * used);
            }
            row = used++;
        }
        localAddress[row] = tuple.localAddress();
        remoteHigh[row] = tuple.remoteAddress().high();
        remoteLow[row] = tuple.remoteAddress().low();
        localPort[row] = (char) tuple.localPort();
        remotePort[row] = (char) tuple.remotePort();
        remoteUdpPort[row] = (char) tuple.remoteUdpPort();
        return row;
    }

    void free(int row) {
        localAddress[row] = null;
        remoteLow[row] = firstFree;
        firstFree = row;
    }

    /** Frees all rows, and the memory of a table that was large. */
    void clear() {
        Arrays.fill(localAddress, 0, used, null);
        used = 0;
        firstFree = TupleIndex.NONE;
        if (capacity() > MIN_ROWS) {
            resize(MIN_ROWS);
        }
    }

    TcpTuple tuple(int row) {
        return new TcpTuple(localAddress[row], localPort[row], remoteAddress(row), remotePort[row], remoteUdpPort[row]);
    }

    IpAddress remoteAddress(int row) {
        return new IpAddress(remoteHigh[row], remoteLow[row]);
    }

    /** For {@link TupleIndex}. */
    boolean holds(int row, TupleKey wanted) {
        return wanted.hasPorts(localPort[row], remotePort[row], remoteUdpPort[row]) && wanted.hasRemote(remoteHigh[row], remoteLow[row])
            && wanted.hasLocal(localAddress[row]);
    }

    private void resize(int rows) {
        localAddress = Arrays.copyOf(localAddress, rows);
        remoteHigh = Arrays.copyOf(remoteHigh, rows);
        remoteLow = Arrays.copyOf(remoteLow, rows);
        localPort = Arrays.copyOf(localPort, rows);
        remotePort = Arrays.copyOf(remotePort, rows);
        remoteUdpPort = Arrays.copyOf(remoteUdpPort, rows);
    }
}
