package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.HalfOpen;
import io.github.usertcp.tcp.TcpTuple;
import java.util.Arrays;

/**
 * The half-open connections of all listeners, as columns of primitives: 82 bytes an entry, timer
 * included, besides the index's 11 to 21. What happens to them is {@link Handshakes}' business.
 */
final class SynQueue {
    static final int NONE = TupleIndex.NONE;
    private static final int MIN_ROWS = 16;
    private static final int SACK = 1;
    private static final int TIMESTAMPS = 2;
    private static final int REPEATED = 4;
    private static final int VERIFIED = 8;

    private final TupleIndex index = new TupleIndex(this::holds);
    private final TimingWheel wheel;
    private final TupleKey key;
    private int usedRows;
    private int firstFree = NONE;

    private TcpListener[] listener = {};
    private IpAddress[] localAddress = {};
    private long[] remoteHigh = {};
    private long[] remoteLow = {};
    private char[] localPort = {};
    private char[] remotePort = {};
    private char[] remoteUdpPort = {};
    private char[] peerMss = {};
    private char[] peerWindow = {};
    private byte[] sndWscale = {};
    private byte[] rcvWscale = {};
    private byte[] flags = {};
    private byte[] timeouts = {};
    private char[] bytesIn = {};
    private char[] bytesOut = {};
    private long[] sentNanos = {};
    private int[] iss = {};
    private int[] irs = {};
    private int[] tsOffset = {};
    /** In a free row: the next free one. */
    private int[] tsRecent = {};

    SynQueue(TupleKey key, long nowNanos) {
        this.key = key;
        wheel = new TimingWheel(nowNanos);
        capacity(MIN_ROWS);
    }

    int size() {
        return index.size();
    }

    TimingWheel wheel() {
        return wheel;
    }

    /** The row with that key, or {@link #NONE}. */
    int find(TupleKey wanted) {
        return index.find(wanted);
    }

    int add(TcpListener owner, TcpTuple tuple, HalfOpen halfOpen) {
        int row = takeRow();
        listener[row] = owner;
        localAddress[row] = tuple.localAddress();
        remoteHigh[row] = tuple.remoteAddress().high();
        remoteLow[row] = tuple.remoteAddress().low();
        localPort[row] = (char) tuple.localPort();
        remotePort[row] = (char) tuple.remotePort();
        remoteUdpPort[row] = (char) tuple.remoteUdpPort();
        peerMss[row] = (char) halfOpen.peerMss();
        peerWindow[row] = (char) halfOpen.peerWindow();
        sndWscale[row] = (byte) halfOpen.sndWscale();
        rcvWscale[row] = (byte) halfOpen.rcvWscale();
        flags[row] = (byte) ((halfOpen.sack() ? SACK : 0) | (halfOpen.timestamps() ? TIMESTAMPS : 0));
        timeouts[row] = 0;
        bytesIn[row] = 0;
        bytesOut[row] = 0;
        sentNanos[row] = halfOpen.sentNanos();
        iss[row] = halfOpen.iss();
        irs[row] = halfOpen.irs();
        tsOffset[row] = halfOpen.tsOffset();
        tsRecent[row] = halfOpen.tsRecent();
        index.add(key.set(tuple).hash(), row);
        return row;
    }

    void remove(int row) {
        index.remove(key.set(tuple(row)).hash(), row);
        wheel.cancel(row);
        listener[row] = null;
        localAddress[row] = null;
        tsRecent[row] = firstFree;
        firstFree = row;
        if (size() == 0) {
            usedRows = 0;
            firstFree = NONE;
            capacity(MIN_ROWS);
        }
    }

    /** Removes every row of a listener that stops. */
    void removeAll(TcpListener stopped) {
        for (int row = 0; row < usedRows; row++) {
            if (listener[row] == stopped) {
                remove(row);
            }
        }
    }

    TcpListener listener(int row) {
        return listener[row];
    }

    TcpTuple tuple(int row) {
        return new TcpTuple(localAddress[row], localPort[row], remoteAddress(row), remotePort[row], remoteUdpPort[row]);
    }

    IpAddress remoteAddress(int row) {
        return new IpAddress(remoteHigh[row], remoteLow[row]);
    }

    HalfOpen halfOpen(int row) {
        return new HalfOpen(iss[row], irs[row], peerMss[row], peerWindow[row], sndWscale[row], rcvWscale[row], has(row, SACK),
            has(row, TIMESTAMPS), tsRecent[row], tsOffset[row], sentNanos[row], has(row, REPEATED));
    }

    int iss(int row) {
        return iss[row];
    }

    int irs(int row) {
        return irs[row];
    }

    void countIn(int row, int bytes) {
        bytesIn[row] = (char) Math.min(Character.MAX_VALUE, bytesIn[row] + bytes);
    }

    void countOut(int row, int bytes) {
        bytesOut[row] = (char) Math.min(Character.MAX_VALUE, bytesOut[row] + bytes);
    }

    int bytesIn(int row) {
        return bytesIn[row];
    }

    int bytesOut(int row) {
        return bytesOut[row];
    }

    /** Counts a timeout, and says how many there were. */
    int timedOut(int row) {
        return ++timeouts[row];
    }

    /** The SYN-ACK has been sent more than once. */
    void repeated(int row) {
        flags[row] |= REPEATED;
    }

    /** The peer has acknowledged our ISS: it hears what we send to its address. */
    void verified(int row) {
        flags[row] |= VERIFIED;
    }

    boolean isVerified(int row) {
        return has(row, VERIFIED);
    }

    private boolean has(int row, int flag) {
        return (flags[row] & flag) != 0;
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
        listener = Arrays.copyOf(listener, rows);
        localAddress = Arrays.copyOf(localAddress, rows);
        remoteHigh = Arrays.copyOf(remoteHigh, rows);
        remoteLow = Arrays.copyOf(remoteLow, rows);
        localPort = Arrays.copyOf(localPort, rows);
        remotePort = Arrays.copyOf(remotePort, rows);
        remoteUdpPort = Arrays.copyOf(remoteUdpPort, rows);
        peerMss = Arrays.copyOf(peerMss, rows);
        peerWindow = Arrays.copyOf(peerWindow, rows);
        sndWscale = Arrays.copyOf(sndWscale, rows);
        rcvWscale = Arrays.copyOf(rcvWscale, rows);
        flags = Arrays.copyOf(flags, rows);
        timeouts = Arrays.copyOf(timeouts, rows);
        bytesIn = Arrays.copyOf(bytesIn, rows);
        bytesOut = Arrays.copyOf(bytesOut, rows);
        sentNanos = Arrays.copyOf(sentNanos, rows);
        iss = Arrays.copyOf(iss, rows);
        irs = Arrays.copyOf(irs, rows);
        tsOffset = Arrays.copyOf(tsOffset, rows);
        tsRecent = Arrays.copyOf(tsRecent, rows);
        wheel.capacity(rows);
    }
}
