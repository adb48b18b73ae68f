package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;

/**
 * One TCP connection: a state machine without I/O, clock, threads or randomness (RFC 9293).
 *
 * <pre>
 *   inputs   onSegment  onTimeout  onUnreachable           arrival and timeout only change state
 *   calls    listen  connect  write  shutdownOutput  close  abort  reconfigure
 *   polls    pollEvent  read  pollSegment  deadlineNanos   after each batch of inputs, in this order, until they have nothing more
 *   views    state  info  tuple  closeCause  writableBytes  readableBytes
 * </pre>
 *
 * <p>{@code nowNanos} is any monotonic clock's reading; successive calls never go back. Sequence numbers are 64 bits inside and wrapped
 * only on the wire. Not thread-safe: one owner thread.
 */
public final class TcpConnection {
    private TcpConnection() {
        throw new UnsupportedOperationException();
    }

    /**
     * A connection in CLOSED, for {@link #connect} or {@link #listen}.
     *
     * @param linkMss  the largest segment payload the link carries whole, TCP options not subtracted (RFC 6691)
     */
    public static TcpConnection create(TcpTuple tuple, TcpConfig config, InitialNumbers numbers, int linkMss) {
        throw new UnsupportedOperationException();
    }

    /**
     * A connection in SYN-RECEIVED whose SYN-ACK was sent by somebody else from a compact entry. The segment that follows by
     * {@link #onSegment}, the handshake's third, takes it on from there.
     */
    public static TcpConnection accepted(TcpTuple tuple, TcpConfig config, HalfOpen halfOpen, int linkMss, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** A segment of this connection arrived at {@code nowNanos}. Takes ownership of it. */
    public void onSegment(TcpSegment segment, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Time has passed; does nothing for timers not yet due. */
    public void onTimeout(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** The network reports the peer or its port unreachable: fatal before the connection is established, soft after (RFC 5927). */
    public void onUnreachable(CloseCause cause, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Passive open: CLOSED to LISTEN. The tuple's remote side is that of the peer that will come. */
    public void listen() {
        throw new UnsupportedOperationException();
    }

    /** Active open: CLOSED to SYN-SENT. @throws IllegalStateException in any other state */
    public void connect(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts bytes into the send buffer, as many as {@link #writableBytes()} allows, and moves the reader index past them. The bytes
     * are held as a retained slice, not copied, until they are acknowledged; the caller keeps its own reference.
     *
     * @return the bytes taken, 0 if the buffer is full or the state sends nothing (any more)
     */
    public int write(ByteBuf data, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Half-close: a FIN follows the last byte written. Again, or after close: nothing happens. */
    public void shutdownOutput(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /**
     * The user is done in both directions: what is written is still delivered, followed by a FIN. Unread or later received data is
     * answered by RST (RFC 9293 section 3.6.1, RFC 2525 section 2.17). A second call does nothing.
     */
    public void close(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Sends a RST where the state wants one, drops all data, and goes to CLOSED with {@link CloseCause#ABORTED}. */
    public void abort(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Applies settings that may change on a live connection; negotiated ones stay. */
    public void reconfigure(TcpConfig config, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    public TcpConfig config() {
        throw new UnsupportedOperationException();
    }

    /** The next event, or {@code null}. */
    public TcpEvent pollEvent() {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes received bytes in order: one buffer, owned by the caller, of at most {@code maxBytes}, or {@code null} if there are none.
     * Reading opens the receive window.
     */
    public ByteBuf read(int maxBytes, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /**
     * The next segment to send, owned by the caller, or {@code null}. May be a super-segment of up to {@code maxPayloadBytes}
     * payload; its {@link TcpSegment#segmentSize()} says where to cut it.
     */
    public TcpSegment pollSegment(long nowNanos, int maxPayloadBytes) {
        throw new UnsupportedOperationException();
    }

    /** When {@link #onTimeout} is wanted next; {@link Long#MAX_VALUE} for never. */
    public long deadlineNanos() {
        throw new UnsupportedOperationException();
    }

    public TcpState state() {
        throw new UnsupportedOperationException();
    }

    public CloseCause closeCause() {
        throw new UnsupportedOperationException();
    }

    public TcpTuple tuple() {
        throw new UnsupportedOperationException();
    }

    public TcpInfo info(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Room in the send buffer in bytes; 0 also when the state takes no data. */
    public int writableBytes() {
        throw new UnsupportedOperationException();
    }

    /** Bytes in the send buffer, sent or not. */
    public int sendQueueBytes() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that {@link #read} would return in all. */
    public int readableBytes() {
        throw new UnsupportedOperationException();
    }

    /** True when the peer's FIN has been received and everything before it has been read. */
    public boolean isInputEnded() {
        throw new UnsupportedOperationException();
    }

    /** Memory held by buffers of both directions, in bytes as allocated, not as payload. */
    public long memoryBytes() {
        throw new UnsupportedOperationException();
    }

    /** While set, the receive window does not grow and out-of-order data is dropped (the stack is short of memory). */
    public void memoryPressure(boolean on) {
        throw new UnsupportedOperationException();
    }

    /** What a compact TIME-WAIT entry needs. @throws IllegalStateException in any other state than TIME-WAIT */
    public TimeWait timeWait() {
        throw new UnsupportedOperationException();
    }

    /** Frees every buffer and forgets all timers, without a word to the peer. For a connection that a compact entry replaces, or at the end. */
    public void release() {
        throw new UnsupportedOperationException();
    }

    /** Verifies the invariants of every state group; for tests, simulation and fuzzing. @throws AssertionError naming the one that is broken */
    public void checkInvariants() {
        throw new UnsupportedOperationException();
    }
}
