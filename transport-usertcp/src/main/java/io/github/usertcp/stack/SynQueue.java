package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.HalfOpen;
import io.github.usertcp.tcp.TcpTuple;
import java.util.Arrays;

/**
 * The half-open connections of all listeners, as columns of primitives: 83 bytes an entry, timer
 * included, besides the index's 11 to 21. What happens to them is {@link Handshakes}' business.
 */
final class SynQueue {
    static final int NONE = TupleIndex.NONE;
    private static final int SACK = 1;
    private static final int TIMESTAMPS = 2;
    private static final int REPEATED = 4;
    private static final int VERIFIED = 8;

    private final TupleRows rows = new TupleRows();
    private final TupleIndex index = new TupleIndex(rows::holds);
    private final TimingWheel wheel;
    private final TupleKey key;

    private TcpListener[] listener = {};
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
    private int[] tsRecent = {};
    private byte[] ecn = {};

    SynQueue(TupleKey key, long nowNanos) {
        this.key = key;
        wheel = new TimingWheel(nowNanos);
        followRows();
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
        int row = rows.take(tuple);
        followRows();
        listener[row] = owner;
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
        ecn[row] = (byte) halfOpen.ecn();
        index.add(key.set(tuple).hash(), row);
        return row;
    }

    void remove(int row) {
        index.remove(key.set(tuple(row)).hash(), row);
        wheel.cancel(row);
        listener[row] = null;
        rows.free(row);
        if (size() == 0) {
            rows.clear();
            followRows();
        }
    }

    /** Removes every row of a listener that stops. */
    void removeAll(TcpListener stopped) {
        for (int row = 0; row < rows.used(); row++) {
            if (listener[row] == stopped) {
                remove(row);
            }
        }
    }

    TcpListener listener(int row) {
        return listener[row];
    }

    TcpTuple tuple(int row) {
        return rows.tuple(row);
    }

    IpAddress remoteAddress(int row) {
        return rows.remoteAddress(row);
    }

    HalfOpen halfOpen(int row) {
        return new HalfOpen(iss[row], irs[row], peerMss[row], peerWindow[row], sndWscale[row], rcvWscale[row], has(row, SACK),
            has(row, TIMESTAMPS), tsRecent[row], tsOffset[row], sentNanos[row], has(row, REPEATED), ecn[row] & 0xFF);
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

    /** What a SYN that comes again, or an answer that does not come, changes about ECN; see {@link HandshakeEcn}. */
    void ecn(int row, int bits) {
        ecn[row] = (byte) bits;
    }

    int ecn(int row) {
        return ecn[row] & 0xFF;
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

    /** As many rows in the columns here as in those of the tuples. */
    private void followRows() {
        int capacity = rows.capacity();
        if (listener.length == capacity) {
            return;
        }
        listener = Arrays.copyOf(listener, capacity);
        peerMss = Arrays.copyOf(peerMss, capacity);
        peerWindow = Arrays.copyOf(peerWindow, capacity);
        sndWscale = Arrays.copyOf(sndWscale, capacity);
        rcvWscale = Arrays.copyOf(rcvWscale, capacity);
        flags = Arrays.copyOf(flags, capacity);
        timeouts = Arrays.copyOf(timeouts, capacity);
        bytesIn = Arrays.copyOf(bytesIn, capacity);
        bytesOut = Arrays.copyOf(bytesOut, capacity);
        sentNanos = Arrays.copyOf(sentNanos, capacity);
        iss = Arrays.copyOf(iss, capacity);
        irs = Arrays.copyOf(irs, capacity);
        tsOffset = Arrays.copyOf(tsOffset, capacity);
        tsRecent = Arrays.copyOf(tsRecent, capacity);
        ecn = Arrays.copyOf(ecn, capacity);
        wheel.capacity(capacity);
    }
}
