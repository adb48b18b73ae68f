package io.github.usertcp.tcp;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;

/**
 * One TCP connection: a state machine without I/O, clock, threads or randomness (RFC 9293).
 *
 * <pre>
 *   inputs   onSegment  onTimeout  onIcmp                  arrival and timeout only change state
 *   calls    listen  connect  write  shutdownOutput  close  abort  reconfigure
 *   polls    pollEvent  read  pollSegment  deadlineNanos   after each batch of inputs, in this order, until they have nothing more
 *   views    state  info  tuple  closeCause  writableBytes  readableBytes
 * </pre>
 *
 * <p>{@code nowNanos} is any monotonic clock's reading; successive calls never go back. Sequence numbers are 64 bits inside and wrapped
 * only on the wire. Not thread-safe: one owner thread.
 */
public final class TcpConnection {
    private final Tcb tcb;

    private TcpConnection(Tcb tcb) {
        this.tcb = tcb;
    }

    /**
     * A connection in CLOSED, for {@link #connect} or {@link #listen}.
     *
     * @param linkMss  the largest segment payload the link carries whole, TCP options not subtracted (RFC 6691), at least
     *                 {@link TcpConfig#MIN_SEGMENT_SIZE}
     * @throws IllegalArgumentException if it is smaller
     */
    public static TcpConnection create(TcpTuple tuple, TcpConfig config, InitialNumbers numbers, int linkMss) {
        if (linkMss < TcpConfig.MIN_SEGMENT_SIZE) {
            throw new IllegalArgumentException("linkMss: " + linkMss + " (expected: at least " + TcpConfig.MIN_SEGMENT_SIZE + ")");
        }
        return new TcpConnection(new Tcb(tuple, config, numbers, linkMss));
    }

    /**
     * A connection in SYN-RECEIVED whose SYN-ACK was sent by somebody else from a compact entry. The segment that follows by
     * {@link #onSegment}, the handshake's third, takes it on from there.
     */
    public static TcpConnection accepted(TcpTuple tuple, TcpConfig config, HalfOpen halfOpen, int linkMss, long nowNanos) {
        TcpConnection connection = create(tuple, config, null, linkMss); // its numbers are chosen
        Tcb tcb = connection.tcb;
        Arrival.receiveSyn(tcb, halfOpen, nowNanos);
        tcb.receive.offerInHandshake(halfOpen.window(config, linkMss));
        tcb.send.advanceTo(tcb.send.iss() + 1);
        tcb.records.firstSent().sent(tcb.send.iss(), tcb.send.nxt(), halfOpen.sentNanos(), tcb.deliveryRate, 0);
        if (halfOpen.retransmitted()) {
            tcb.synRetransmissions = 1;
        }
        return connection;
    }

    /**
     * A connection that a SYN has opened by itself (RFC 7413 section 4.2.2): its data can be read, and data written, at once. The first
     * {@link #pollSegment} is the SYN-ACK. Only for a peer whose cookie is valid, or whom the server need not know.
     *
     * @param halfOpen  the {@linkplain HalfOpen#answer answer} to the SYN
     * @param syn       whose payload becomes this connection's; the rest stays the caller's
     */
    public static TcpConnection openedBySyn(TcpTuple tuple, TcpConfig config, HalfOpen halfOpen, TcpSegment syn, int linkMss,
                                            long nowNanos) {
        TcpConnection connection = create(tuple, config, null, linkMss); // its numbers are chosen
        FastOpenServer.receiveSyn(connection.tcb, halfOpen, syn, nowNanos);
        return connection;
    }

    /** The cookie that the first SYN-ACK of a connection opened by its SYN brings; call before it is polled. */
    public void answerWithCookie(byte[] cookie, boolean experimental) {
        tcb.fastOpen.answerWith(cookie, experimental);
    }

    /** An application has accepted this connection. Matters if its SYN has opened it: from now on errors of the network do not end it. */
    public void wasAccepted() {
        tcb.fastOpen.accepted();
    }

    /** A segment of this connection arrived at {@code nowNanos}. Takes ownership of it. */
    public void onSegment(TcpSegment segment, long nowNanos) {
        try {
            Arrival.segment(tcb, segment, nowNanos);
        } finally {
            segment.release();
        }
    }

    /** Time has passed; does nothing for timers not yet due. */
    public void onTimeout(long nowNanos) {
        if (tcb.timers.earliest() <= nowNanos) {
            Timeouts.fire(tcb, nowNanos);
        }
    }

    /**
     * The network reports an error about a segment of this connection (RFC 9293 section 3.9.2.2): fatal before the connection is
     * established; after that remembered for {@link #closeCause}, in case the connection times out.
     *
     * @return whether the error was believed: whether it is about a segment in flight (RFC 5927 section 4.1)
     */
    public boolean onIcmp(IcmpError error, long nowNanos) {
        return IcmpArrival.error(tcb, error, nowNanos);
    }

    /** Packets of more than {@code mtu} bytes, which may be 0 or anything, do not get through, says somebody whose word can be taken. */
    public void onTooBig(long mtu, long nowNanos) {
        PathMtuDiscovery.tooBig(tcb, mtu, nowNanos);
    }

    /**
     * Whether {@link #onTimeout} is about to repeat, or to probe for, what may have been too big for the path. The time to ask whoever
     * hears more of the network than this connection does, and to tell by {@link #onTooBig}.
     */
    public boolean doubtsPathMtu(long nowNanos) {
        return tcb.timers.earliest() <= nowNanos && PathMtuDiscovery.isDoubtful(tcb, nowNanos);
    }

    /**
     * The peer's UDP port turned out to be unreachable: fatal before the connection is established, ignored after (RFC 5927 section 5.2).
     */
    public void onUnreachable(CloseCause cause, long nowNanos) {
        if (tcb.state() == TcpState.SYN_SENT) {
            tcb.enter(TcpState.CLOSED, cause);
        }
    }

    /**
     * Passive open: CLOSED to LISTEN. The tuple's remote side is that of the peer that will come.
     *
     * @throws IllegalStateException if the connection was ever opened
     */
    public void listen() {
        UserCalls.listen(tcb);
    }

    /**
     * Active open: CLOSED to SYN-SENT.
     *
     * @throws IllegalStateException if the connection was ever opened
     */
    public void connect(long nowNanos) {
        connect(null, nowNanos);
    }

    /**
     * Active open with TCP Fast Open (RFC 7413). Of what is {@linkplain #write written} before the next {@link #pollSegment}, as much as
     * {@code fastOpen} allows leaves with the SYN.
     *
     * @param fastOpen  what the first SYN carries; {@code null} makes it an ordinary one
     * @throws IllegalStateException if the connection was ever opened
     */
    public void connect(FastOpenSyn fastOpen, long nowNanos) {
        UserCalls.connect(tcb, fastOpen, nowNanos);
    }

    /**
     * Puts bytes into the send buffer, as many as {@link #writableBytes()} allows, and moves the reader index past them. The bytes
     * are held as a retained slice, not copied, until they are acknowledged: they must not change. The caller keeps its own reference.
     *
     * @return the bytes taken, 0 if the buffer is full or the state sends nothing (any more)
     */
    public int write(ByteBuf data, long nowNanos) {
        return UserCalls.write(tcb, data);
    }

    /** Half-close: a FIN follows the last byte written. Again, or after close: nothing happens. */
    public void shutdownOutput(long nowNanos) {
        UserCalls.shutdownOutput(tcb);
    }

    /**
     * The user is done in both directions: what is written is still delivered, followed by a FIN. Unread or later received data is
     * answered by RST (RFC 9293 section 3.6.1, RFC 2525 section 2.17). A second call does nothing.
     */
    public void close(long nowNanos) {
        UserCalls.close(tcb, nowNanos);
    }

    /** Sends a RST where the state wants one, drops all unsent data, and goes to CLOSED with {@link CloseCause#ABORTED}. */
    public void abort(long nowNanos) {
        abort(CloseCause.ABORTED, nowNanos);
    }

    /** Aborts for another reason than the user's will, such as {@link CloseCause#INTERNAL_ERROR}. */
    public void abort(CloseCause cause, long nowNanos) {
        if (tcb.state() != TcpState.CLOSED) {
            tcb.abort(cause);
        }
    }

    /** Applies settings that may change on a live connection; negotiated ones stay. */
    public void reconfigure(TcpConfig config, long nowNanos) {
        UserCalls.reconfigure(tcb, config, nowNanos);
    }

    public TcpConfig config() {
        return tcb.config;
    }

    /** True if {@link #pollEvent()} has one: also {@link #pollSegment} makes events. */
    public boolean hasEvent() {
        return tcb.hasEvent();
    }

    /** The next event, or {@code null}. */
    public TcpEvent pollEvent() {
        return tcb.pollEvent();
    }

    /**
     * Takes received bytes in order: one buffer, owned by the caller, of at most {@code maxBytes}, or {@code null} if there are none.
     * Reading opens the receive window.
     */
    public ByteBuf read(int maxBytes, long nowNanos) {
        ByteBuf bytes = tcb.receiveQueue.read(maxBytes);
        if (bytes != null) {
            WindowUpdates.bytesRead(tcb, bytes.readableBytes(), nowNanos);
        }
        return bytes;
    }

    /**
     * The next segment to send, owned by the caller, or {@code null}. May be a super-segment of up to {@code maxPayloadBytes}
     * payload; its {@link TcpSegment#segmentSize()} says where to cut it.
     */
    public TcpSegment pollSegment(long nowNanos, int maxPayloadBytes) {
        return Transmitter.poll(tcb, nowNanos, maxPayloadBytes);
    }

    /** When {@link #onTimeout} is wanted next; {@link Long#MAX_VALUE} for never. */
    public long deadlineNanos() {
        return tcb.timers.earliest();
    }

    public TcpState state() {
        return tcb.state();
    }

    public CloseCause closeCause() {
        return tcb.closeCause();
    }

    public TcpTuple tuple() {
        return tcb.tuple;
    }

    /** Bytes that the SYN, which has not left yet, may take along; 0 also when it has left. */
    public int synDataRoom() {
        return tcb.fastOpen.synDataRoom();
    }

    /** What was learned of the peer from an active open with TCP Fast Open; {@code null} before its SYN was answered, and without it. */
    public FastOpenOutcome fastOpenOutcome() {
        return tcb.fastOpen.outcome();
    }

    /** True for a connection opened by its SYN until the peer has shown by its third segment that it hears us. */
    public boolean isAwaitingThird() {
        return tcb.fastOpen.isAwaitingThird() && tcb.state() != TcpState.CLOSED;
    }

    /** The largest IP packet that the path is known to carry, in bytes; at first what the link does. */
    public int pathMtuBytes() {
        return tcb.pathMtu.mtu();
    }

    /** Says what is known of the path from other connections, and until when that is to be believed. For before anything is sent. */
    public void pathMtu(int bytes, long untilNanos) {
        tcb.pathMtu.remember(bytes, untilNanos);
        if (tcb.negotiated != null) {
            tcb.resizeSegments();
        }
    }

    /** Whether a search for the path MTU has found out something that {@link #takeSearchedMtu} has not told yet. */
    public boolean hasSearchedMtu() {
        return tcb.mtuSearch.hasNews();
    }

    /** What a search for the path MTU has found out. */
    public MtuRange takeSearchedMtu() {
        return tcb.mtuSearch.takeNews();
    }

    /** Says what another connection has found out by searching. For before anything is sent; where there is no probing, ignored. */
    public void searchedMtu(MtuRange found, long nowNanos) {
        MtuProbes.remember(tcb, found, nowNanos);
    }

    /** A snapshot; see {@link TcpInfo} for units. */
    public TcpInfo info(long nowNanos) {
        return InfoSnapshot.of(tcb, nowNanos);
    }

    /** Room in the send buffer in bytes; 0 also when the state takes no data. */
    public int writableBytes() {
        return UserCalls.writableBytes(tcb);
    }

    /** Bytes in the send buffer, sent or not. */
    public int sendQueueBytes() {
        return tcb.sendQueue.bytes();
    }

    /** Bytes that {@link #read} would return in all. */
    public int readableBytes() {
        return tcb.receiveQueue.bytes();
    }

    /** True when the peer's FIN has been received and everything before it has been read. */
    public boolean isInputEnded() {
        return tcb.ends.isInputEnded() && tcb.receiveQueue.bytes() == 0;
    }

    /** Memory held by buffers of both directions, in bytes as allocated, not as payload. */
    public long memoryBytes() {
        return tcb.sendQueue.heldBytes() + tcb.receiveQueue.heldBytes() + tcb.reassembly.heldBytes();
    }

    /** While set, the receive window does not grow and out-of-order data is dropped (the stack is short of memory). */
    public void memoryPressure(boolean on) {
        tcb.memoryPressure = on;
        if (on) {
            tcb.reassembly.release();
        } else {
            WindowUpdates.roomGrew(tcb);
        }
    }

    /** What the link holds while nobody reads, in bytes: a receive buffer that grows by itself stops there. Before any segment. */
    public void receiveQueueBytes(int bytes) {
        tcb.receiveBuffer.growAtMostTo(bytes, tcb.config);
    }

    /**
     * What a compact TIME-WAIT entry needs.
     *
     * @throws IllegalStateException in any other state than TIME-WAIT
     */
    public TimeWait timeWait() {
        if (tcb.state() != TcpState.TIME_WAIT) {
            throw new IllegalStateException("timeWait: " + tcb.state() + " (expected: TIME_WAIT)");
        }
        int window = tcb.receive.offer(tcb.freeReceiveBytes(), tcb.worthwhileWindowStep());
        return new TimeWait(SequenceNumbers.wrap(tcb.send.nxt()), SequenceNumbers.wrap(tcb.receive.nxt()), window,
            tcb.negotiated.timestamps(), tcb.timestamps.recent(), tcb.negotiated.tsOffset(), tcb.timers.deadline(Timer.TIME_WAIT));
    }

    /**
     * Frees every buffer and forgets all timers, without a word to the peer. For a connection that a compact entry replaces, or at the end.
     */
    public void release() {
        tcb.forget();
    }

    /**
     * Verifies the invariants of every state group; for tests, simulation and fuzzing.
     *
     * @throws AssertionError naming the one that is broken
     */
    public void checkInvariants() {
        tcb.checkInvariants();
    }

    /** {@link Scoreboard#searches()}. */
    int sackSearches() {
        return tcb.scoreboard.searches();
    }

    /** One line for a log: tuple, state, numbers. */
    @Override
    public String toString() {
        return tcb.tuple + " " + tcb.state();
    }
}
