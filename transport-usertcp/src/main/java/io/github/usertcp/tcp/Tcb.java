package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.congestion.AckSample;
import io.github.usertcp.congestion.CongestionControl;

/**
 * The transmission control block (RFC 9293 section 3.3.1): the state groups of one connection, and the state itself. The steps of the
 * protocol are written elsewhere ({@link Arrival}, {@link Transmitter}, {@link Timeouts}, {@link UserCalls}); they share this.
 */
final class Tcb {
    /** RFC 6928 section 2: what an Ethernet segment holds. */
    private static final int INITIAL_WINDOW_UNIT = 1460;
    private static final TcpEvent[] EVENTS = TcpEvent.values();

    final TcpTuple tuple;
    final InitialNumbers numbers;
    final int linkMss;

    final SendSpace send = new SendSpace();
    final ReceiveSpace receive = new ReceiveSpace();
    final SendQueue sendQueue = new SendQueue();
    final ReceiveQueue receiveQueue = new ReceiveQueue();
    final ReceiveBuffer receiveBuffer = new ReceiveBuffer();
    final SendBuffer sendBuffer = new SendBuffer();
    final ReceiverRtt receiverRtt = new ReceiverRtt();
    final ReassemblyQueue reassembly = new ReassemblyQueue();
    final SackReport sacks = new SackReport();
    final TransmissionRecords records = new TransmissionRecords();
    final LossRecovery recovery = new LossRecovery();
    final Scoreboard scoreboard = new Scoreboard();
    final Delivery delivery = new Delivery();
    final DeliveryRate deliveryRate = new DeliveryRate();
    final Rack rack = new Rack();
    final TailLossProbe tail = new TailLossProbe();
    final Pacing pacing = new Pacing();
    final EifelDetection eifel = new EifelDetection();
    final RttEstimator rtt = new RttEstimator();
    final CwndUsage cwndUsage = new CwndUsage();
    final SenderLimits limits = new SenderLimits();
    final AckPolicy acks = new AckPolicy();
    final Timers timers = new Timers();
    final StreamEnds ends = new StreamEnds();
    final Outbox outbox = new Outbox();
    final Timestamps timestamps = new Timestamps();
    final Probes probes = new Probes();
    final FastOpen fastOpen = new FastOpen();
    final Ecn ecn = new Ecn();
    final Counters counters = new Counters();
    final PathMtu pathMtu;
    final MtuSearch mtuSearch = new MtuSearch();

    /** The settings in force; replaced as a whole by {@link UserCalls#reconfigure}. */
    TcpConfig config;
    /** Those in force when the handshake began: it must not offer one thing in its first segment and mean another when the answer comes. */
    TcpConfig opening;
    /** Set once, when the handshake has settled it. */
    Negotiated negotiated;
    CongestionControl congestion;
    /** Set by {@link TcpConnection#listen}: a reset in SYN-RECEIVED leads back to LISTEN. */
    boolean fromListen;
    /** The stack is short of memory: windows don't grow. */
    boolean memoryPressure;
    /** What the network has said since the peer was last heard, to be the cause if the connection times out; NONE for nothing. */
    CloseCause softError = CloseCause.NONE;
    /** Retransmissions of SYN or SYN-ACK so far. */
    int synRetransmissions;

    /** Made for the first ACK of data: many connections wait long for theirs. */
    private AckSample ackSample;
    private TcpState state = TcpState.CLOSED;
    private CloseCause closeCause = CloseCause.NONE;
    private int events;
    private int smss;
    /** The end of the last partial segment sent: Minshall's variant of Nagle holds a partial segment only behind another one. */
    long partialSegmentEnd;

    Tcb(TcpTuple tuple, TcpConfig config, InitialNumbers numbers, int linkMss) {
        this.tuple = tuple;
        this.config = config;
        opening = config;
        receiveBuffer.configure(config);
        sendBuffer.configure(config);
        this.numbers = numbers;
        this.linkMss = linkMss;
        pathMtu = new PathMtu(tuple, linkMss);
    }

    TcpState state() {
        return state;
    }

    CloseCause closeCause() {
        return closeCause;
    }

    /** The one place where the state changes. */
    void enter(TcpState next, CloseCause cause) {
        TcpState before = state;
        state = next;
        if (next == TcpState.TIME_WAIT || next == TcpState.CLOSED) {
            timers.stopAll();
            outbox.clear();
            sendQueue.release();
            reassembly.release();
            records.release();
            if (before != TcpState.TIME_WAIT) {
                closeCause = cause;
                raise(TcpEvent.CLOSED);
            }
        }
    }

    /** Both sides know each other's numbers: freezes what was negotiated and starts everything that depends on it. */
    void settle(Negotiated options) {
        negotiated = options;
        resizeSegments();
        receive.scale(Math.max(0, options.rcvWscale()));
    }

    /** What the path carries has changed: segments sent from now on fit it, copies of earlier ones too. */
    void resizeSegments() {
        int before = smss;
        int probed = mtuSearch.isActive() ? mtuSearch.low() : Integer.MAX_VALUE;
        smss = negotiated.smss(Math.min(announcedMss(), pathMtu.mss(probed))) - ecn.optionBytes();
        if (congestion != null && smss != before) {
            congestion.onSmssChanged(smss);
        }
    }

    void establish(long nowNanos) {
        counters.establishedNanos = nowNanos;
        enter(TcpState.ESTABLISHED, CloseCause.NONE);
        if (synRetransmissions > 0) {
            rtt.synWasRetransmitted();
        }
        startTransfer(nowNanos);
        raise(TcpEvent.CONNECTED);
        if (ends.isOutputShut()) {
            enter(TcpState.FIN_WAIT_1, CloseCause.NONE); // the user was done before the handshake was
        }
    }

    /** What data in either direction needs: from ESTABLISHED on, and before that in a connection opened by its SYN. */
    void startTransfer(long nowNanos) {
        acks.start(announcedMss(), negotiated.peerMss(), nowNanos);
        receiverRtt.start(rtt.srttNanos(), receive.edge(), nowNanos);
        receiveBuffer.start(nowNanos);
        ecn.reserveOption(this);
        MtuProbes.start(this, nowNanos);
        congestion = config.congestionControl().create();
        congestion.onEstablished(smss, initialWindowBytes(), Long.MAX_VALUE, nowNanos);
        recovery.start(send.una());
        scoreboard.start(send.una());
        cwndUsage.start(send.una());
        partialSegmentEnd = send.una();
        probes.heard(nowNanos);
        if (config.keepAlive()) {
            timers.set(Timer.KEEPALIVE, nowNanos + config.keepAliveIdleNanos());
        }
    }

    /** Drops everything without a word to anyone. */
    void forget() {
        enter(TcpState.CLOSED, closeCause);
        receiveQueue.release();
        outbox.takeReset();
        events = 0;
    }

    /** What may be in flight: during a recovery that reduces in proportion less than the congestion control's window, or more. */
    long cwndBytes() {
        boolean reducing = recovery.phase().isReducing() && congestion.usesProportionalRateReduction();
        return reducing ? recovery.reduction.cwndBytes() : congestion.cwndBytes();
    }

    /** RFC 6928 section 2, equation 1, with its exception after more than one lost SYN. */
    long initialWindowBytes() {
        if (synRetransmissions > 1) {
            return smss;
        }
        long segments = config.initialWindowSegments();
        return Math.min(segments * smss, Math.max(2L * smss, segments * INITIAL_WINDOW_UNIT));
    }

    /** The MSS option of our SYN or SYN-ACK. */
    int announcedMss() {
        return Handshake.announcedMss(opening, linkMss);
    }

    /** Payload of a full segment we send; 0 before the handshake. */
    int smss() {
        return smss;
    }

    /** For {@link CongestionControl#onAck}, reused from ACK to ACK. */
    AckSample ackSample() {
        if (ackSample == null) {
            ackSample = new AckSample();
        }
        return ackSample;
    }

    /** Our FIN's sequence number, once the output is shut. */
    long finSequence() {
        return sendQueue.end();
    }

    boolean isFinAcknowledged() {
        return ends.isFinSent() && send.una() > sendQueue.end();
    }

    /** Whether our ACKs say what arrived twice (RFC 2883). */
    boolean reportsDuplicates() {
        return negotiated.sack() && config.dsack();
    }

    /** Room for received bytes: what the window may offer. */
    int freeReceiveBytes() {
        int free = Math.max(0, receiveBuffer.bytes() - receiveQueue.bytes());
        return memoryPressure ? (int) Math.min(free, receive.wnd()) : free;
    }

    /** RFC 9293 section 3.8.6.2.2: the smallest worthwhile move of the right edge. */
    int worthwhileWindowStep() {
        return Math.min(receiveBuffer.bytes() / 2, announcedMss());
    }

    void raise(TcpEvent event) {
        events |= 1 << event.ordinal();
    }

    boolean hasEvent() {
        return events != 0;
    }

    TcpEvent pollEvent() {
        if (events == 0) {
            return null;
        }
        int bit = Integer.lowestOneBit(events);
        events &= ~bit;
        return EVENTS[Integer.numberOfTrailingZeros(bit)];
    }

    void checkInvariants() {
        timers.checkInvariants();
        pathMtu.checkInvariants();
        ecn.checkInvariants();
        receiveQueue.checkInvariants();
        limits.checkInvariants();
        if (negotiated == null) {
            return;
        }
        send.checkInvariants();
        fastOpen.checkInvariants(send, state);
        receive.checkInvariants();
        sendQueue.checkInvariants();
        reassembly.checkInvariants(receive.nxt());
        sacks.checkInvariants();
        receiveBuffer.checkInvariants();
        sendBuffer.checkInvariants();
        acks.checkInvariants();
        boolean over = state == TcpState.CLOSED || state == TcpState.TIME_WAIT || state == TcpState.LISTEN;
        if (!over) {
            records.checkInvariants(send.una(), send.nxt());
            recovery.checkInvariants(send);
            mtuSearch.checkInvariants(send);
            scoreboard.checkInvariants(send);
            boolean timed = timers.isSet(Timer.RETRANSMIT) || scoreboard.hasLost() || outbox.isSynDue() || state == TcpState.SYN_RECEIVED;
            assert send.outstanding() == 0 || timed
                : send.outstanding() + " outstanding and no retransmission timer in " + state;
        }
    }

    /** The cause of a connection that a timeout ends: why, if the network has told, as in Linux. */
    CloseCause timedOut(CloseCause cause) {
        return softError == CloseCause.NONE ? cause : softError;
    }

    /** Tells the peer by a reset that this connection is over, where RFC 9293 section 3.10.5 wants one, and closes. */
    void abort(CloseCause cause) {
        boolean mustReset = switch (state) {
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> true;
            case CLOSING, LAST_ACK -> !ends.isFinSent(); // entered when our FIN is owed: the peer may still wait for data before it
            case CLOSED, LISTEN, SYN_SENT, TIME_WAIT -> false; // no peer, or one that has said and heard farewell
        };
        if (mustReset) {
            outbox.reset(Handshake.segment(tuple, TcpFlags.RST).seq(SequenceNumbers.wrap(send.nxt()))
                .ack(SequenceNumbers.wrap(receive.nxt())));
        }
        enter(TcpState.CLOSED, cause);
        receiveQueue.release();
    }
}
