package io.github.usertcp.stack;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.HalfOpen;
import io.github.usertcp.tcp.HandshakeEcn;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpTuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passive opens from SYN to third segment (RFC 9293 section 3.10.7.2, and 3.10.7.4 as far as it concerns SYN-RECEIVED),
 * on the compact entries of {@link SynQueue}. A connection comes into being with the segment that acknowledges our SYN, or, where {@link
 * FastOpenQueue} lets it, with the SYN.
 *
 * <p>When the queue, or a listener's share of it, is full, further SYNs are dropped and those that wait keep their place: evicting the
 * oldest would let a flood push out exactly the clients that are about to answer. Before it is, {@link SynCookies} take over.
 */
final class Handshakes implements Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
    private static final int MAX_UNSCALED_WINDOW = 65_535;
    /** Enough to reach any upper bound from any initial timeout, and no overflow. */
    private static final int MAX_DOUBLINGS = 16;

    private final TcpStack stack;
    private final SynQueue queue;
    private final InitialNumbers numbers;
    private final UnverifiedPeers peers;
    private final SynCookies cookies;
    private final int maxEntries;
    private final int maxEntriesPerListener;

    Handshakes(TcpStack stack, SynQueue queue, InitialNumbers numbers, UnverifiedPeers peers, SynCookies cookies,
               TcpStackConfig config) {
        this.stack = stack;
        this.queue = queue;
        this.numbers = numbers;
        this.peers = peers;
        this.cookies = cookies;
        maxEntries = config.maxHalfOpen();
        maxEntriesPerListener = config.maxHalfOpenPerListener();
    }

    /** A segment for a listener that belongs to none of its connections (RFC 9293 section 3.10.7.2). Takes ownership of it. */
    void inListen(TcpListener listener, TcpSegment segment, long nowNanos) {
        boolean taken = false;
        if (segment.isAck() && !segment.isRst()) {
            taken = !segment.isSyn() && receiveCookie(listener, segment, nowNanos);
            if (!taken) {
                stack.resets.answer(segment, nowNanos);
            }
        } else if (segment.isSyn() && !segment.isRst()) {
            receiveSyn(listener, segment, nowNanos);
        }
        if (!taken) {
            segment.release();
        }
    }

    private void receiveSyn(TcpListener listener, TcpSegment syn, long nowNanos) {
        if (stack.isFull()) {
            stack.stats().count(StackCounter.SYNS_REFUSED);
            return;
        }
        TcpTuple tuple = tupleOf(syn);
        TcpConfig config = listener.childConfig();
        HalfOpen halfOpen = HalfOpen.answer(syn, tuple, config, numbers, nowNanos);
        if (cookies.areDue(queue.size(), maxEntries) || cookies.areDue(listener.halfOpenCount(), maxEntriesPerListener)) {
            stack.stats().count(StackCounter.SYN_COOKIES_SENT);
            stack.batch.write(cookies.synAck(listener, tuple, halfOpen, stack.link().maxSegmentSize(syn.source()), nowNanos));
            return;
        }
        if (queue.size() >= maxEntries || listener.halfOpenCount() >= maxEntriesPerListener) {
            stack.stats().count(StackCounter.SYN_QUEUE_OVERFLOWS);
            return;
        }
        FastOpenQueue.Verdict fastOpen = listener.fastOpen().judge(syn, nowNanos);
        if (fastOpen.opens() && !listener.isAcceptQueueFull()) {
            openBySyn(listener, tuple, halfOpen, syn, fastOpen.cookie(), nowNanos);
            return;
        }
        int row = queue.add(listener, tuple, halfOpen);
        listener.halfOpened();
        answerSyn(row, syn, fastOpen.cookie(), nowNanos);
        queue.wheel().schedule(row, nowNanos + config.initialRtoNanos());
    }

    /** RFC 7413 section 4.2.2, step 4: a connection at once, which sends its SYN-ACK itself. */
    private void openBySyn(TcpListener listener, TcpTuple tuple, HalfOpen halfOpen, TcpSegment syn, byte[] cookie, long nowNanos) {
        int linkMss = stack.link().maxSegmentSize(syn.source());
        TcpConnection tcp = TcpConnection.openedBySyn(tuple, listener.childConfig(), halfOpen, syn, linkMss, nowNanos);
        stack.pathMtus.tell(tcp, nowNanos);
        tcp.answerWithCookie(cookie, syn.isFastOpenExperimental());
        StackConnection connection = stack.newConnection(tcp, null);
        listener.fastOpen().opened(connection);
        stack.add(connection);
        stack.batch.received(connection);
        listener.offer(connection);
    }

    /** A SYN, new or repeated, gets a SYN-ACK; a Fast Open cookie comes with the first only. */
    private void answerSyn(int row, TcpSegment syn, byte[] cookie, long nowNanos) {
        peers.heard(syn.source(), nowNanos);
        queue.countIn(row, TcpHeaderWriter.headerLength(syn));
        TcpSegment synAck = synAck(row, nowNanos).fastOpenCookie(cookie, syn.isFastOpenExperimental());
        TcpHeaderWriter.fitEcnOption(synAck, 0);
        send(row, synAck);
    }

    /** A segment for a half-open connection. Takes ownership of it. */
    void onSegment(int row, TcpSegment segment, long nowNanos) {
        boolean taken = false;
        if (segment.isRst()) {
            receiveRst(row, segment);
        } else if (segment.isSyn()) {
            receiveSynAgain(row, segment, nowNanos);
        } else if (!segment.isAck()) {
            stack.stats().count(StackCounter.HANDSHAKE_MISMATCHES);
        } else if (segment.ack() != queue.iss(row) + 1) {
            // RFC 9293 section 3.10.7.4, fifth step: not an acknowledgment of our SYN.
            stack.stats().count(StackCounter.HANDSHAKE_MISMATCHES);
            stack.resets.answer(segment, nowNanos);
        } else if (segment.seq() - queue.irs(row) - 1 >>> 16 != 0) {
            stack.stats().count(StackCounter.HANDSHAKE_MISMATCHES);
            challenge(row, nowNanos);
        } else {
            taken = receiveThird(row, segment, nowNanos);
        }
        if (!taken) {
            segment.release();
        }
    }

    /**
     * The network has an error to report about our SYN-ACK. As in Linux: if the peer cannot be reached the entry goes, silently, since
     * nobody has heard of it yet; a peer that is there after all repeats its SYN.
     *
     * @return whether the error was believed: whether it quotes our SYN (RFC 5927 section 4.1)
     */
    boolean onIcmp(int row, IcmpError error) {
        if (error.seq() != queue.iss(row)) {
            return false;
        }
        switch (error.kind()) {
            case NETWORK_UNREACHABLE, HOST_UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM -> {
                stack.stats().count(StackCounter.HANDSHAKES_UNREACHABLE);
                forget(row);
            }
            default -> { } // may pass, or be a filter's opinion: the next SYN-ACK will tell
        }
        return true;
    }

    /** RFC 5961 section 3.2: only a RST exactly at RCV.NXT counts. */
    private void receiveRst(int row, TcpSegment rst) {
        if (rst.seq() == queue.irs(row) + 1) {
            stack.stats().count(StackCounter.HANDSHAKES_RESET);
            forget(row);
        } else {
            stack.stats().count(StackCounter.HANDSHAKE_MISMATCHES);
        }
    }

    private void receiveSynAgain(int row, TcpSegment syn, long nowNanos) {
        if (!syn.isAck() && syn.seq() == queue.irs(row)) {
            queue.repeated(row);
            queue.ecn(row, HandshakeEcn.synRepeated(queue.ecn(row), syn));
            answerSyn(row, syn, null, nowNanos);
        } else {
            // RFC 5961 section 4.2: if the peer really started anew, its RST in answer to our ACK clears the way for its next SYN.
            stack.stats().count(StackCounter.HANDSHAKE_MISMATCHES);
            challenge(row, nowNanos);
        }
    }

    /** The peer has acknowledged our SYN. Returns whether the segment was passed on. */
    private boolean receiveThird(int row, TcpSegment segment, long nowNanos) {
        TcpListener listener = queue.listener(row);
        queue.verified(row);
        IpAddress remote = segment.source();
        peers.verified(remote);
        if (isBacklogged(listener)) {
            return false;
        }
        if (open(listener, queue.tuple(row), queue.halfOpen(row), segment, nowNanos)) {
            forget(row);
        } // else it was such as an old duplicate that PAWS rejects: the entry waits for a better one
        return true;
    }

    /** A segment that acknowledges what we do not remember having sent. Returns whether it was taken and is not to be answered. */
    private boolean receiveCookie(TcpListener listener, TcpSegment third, long nowNanos) {
        TcpTuple tuple = tupleOf(third);
        HalfOpen halfOpen = cookies.open(listener, tuple, third, numbers.timestampOffset(tuple), nowNanos);
        if (halfOpen == null) {
            stack.stats().count(StackCounter.SYN_COOKIES_REJECTED);
            return false;
        }
        peers.verified(third.source());
        if (isBacklogged(listener)) {
            third.release();
        } else if (open(listener, tuple, halfOpen, third, nowNanos)) {
            stack.stats().count(StackCounter.SYN_COOKIES_ACCEPTED);
        }
        return true;
    }

    private static TcpTuple tupleOf(TcpSegment in) {
        return new TcpTuple(in.destination(), in.destinationPort(), in.source(), in.sourcePort(), in.sourceUdpPort());
    }

    /** As in Linux: dropped, not reset. The peer believes it is connected; what it sends, or our next SYN-ACK, tries again. */
    private boolean isBacklogged(TcpListener listener) {
        if (!listener.isAcceptQueueFull() && !stack.isFull()) {
            return false;
        }
        stack.stats().count(StackCounter.ACCEPT_QUEUE_OVERFLOWS);
        return true;
    }

    /** Makes a connection of a half-open one and takes the segment. Returns whether the half-open one is at its end. */
    private boolean open(TcpListener listener, TcpTuple tuple, HalfOpen halfOpen, TcpSegment third, long nowNanos) {
        int linkMss = stack.link().maxSegmentSize(tuple.remoteAddress());
        TcpConnection tcp = TcpConnection.accepted(tuple, listener.childConfig(), halfOpen, linkMss, nowNanos);
        stack.pathMtus.tell(tcp, nowNanos);
        StackConnection connection = stack.newConnection(tcp, null);
        try {
            tcp.onSegment(third, nowNanos);
        } catch (RuntimeException e) {
            stack.batch.abortFaulty(connection, e);
            tcp.release();
            return true;
        }
        if (!tcp.state().isSynchronized()) {
            discard(tcp, nowNanos);
            return false;
        }
        stack.add(connection);
        stack.batch.received(connection);
        listener.offer(connection);
        return true;
    }

    private void discard(TcpConnection tcp, long nowNanos) {
        for (TcpSegment answer = tcp.pollSegment(nowNanos, 0); answer != null; answer = tcp.pollSegment(nowNanos, 0)) {
            stack.batch.write(answer);
        }
        tcp.release();
    }

    @Override
    public long earliestNanos() {
        return queue.wheel().earliestNanos();
    }

    @Override
    public void expire(long nowNanos) {
        TimingWheel wheel = queue.wheel();
        for (int row = wheel.pollExpired(nowNanos); row != TimingWheel.NONE; row = wheel.pollExpired(nowNanos)) {
            onTimeout(row, nowNanos);
        }
        wheel.refresh();
    }

    /** Retransmission with doubling timeout (RFC 6298 section 5.5), as far as an unverified peer may get any. */
    private void onTimeout(int row, long nowNanos) {
        TcpConfig config = queue.listener(row).childConfig();
        int timeouts = queue.timedOut(row);
        if (timeouts > config.synAckRetries()) {
            stack.stats().count(StackCounter.HANDSHAKES_TIMED_OUT);
            LOG.debug("{} {}: no third segment after {} timeouts", stack, queue.tuple(row), timeouts);
            forget(row);
            return;
        }
        long backedOff = config.initialRtoNanos() << Math.min(timeouts, MAX_DOUBLINGS);
        queue.wheel().schedule(row, nowNanos + Math.min(config.maxRtoNanos(), backedOff));
        queue.ecn(row, HandshakeEcn.synAckTimedOut(queue.ecn(row)));
        TcpSegment synAck = synAck(row, nowNanos);
        if (queue.isVerified(row) || peers.mayRepeat(queue, row, TcpHeaderWriter.headerLength(synAck), nowNanos)) {
            stack.stats().count(StackCounter.SYN_ACKS_REPEATED);
            queue.repeated(row);
            send(row, synAck);
        }
    }

    private TcpSegment synAck(int row, long nowNanos) {
        TcpConfig config = queue.listener(row).childConfig();
        return queue.halfOpen(row).toSynAck(queue.tuple(row), config, stack.link().maxSegmentSize(queue.remoteAddress(row)), nowNanos);
    }

    private void challenge(int row, long nowNanos) {
        HalfOpen halfOpen = queue.halfOpen(row);
        // The SYN-ACK without its SYN and its options says "I am at this point" to whoever is there.
        TcpSegment ack = halfOpen.toSynAck(queue.tuple(row), queue.listener(row).childConfig(), TcpConfig.MIN_SEGMENT_SIZE, nowNanos)
            .flags(TcpFlags.ACK).seq(halfOpen.iss() + 1).mss(TcpSegment.ABSENT).windowScale(TcpSegment.ABSENT).sackPermitted(false)
            .ecnOption(false, TcpSegment.ABSENT);
        if (halfOpen.rcvWscale() > 0) {
            ack.window(MAX_UNSCALED_WINDOW >>> halfOpen.rcvWscale());
        }
        send(row, ack);
    }

    private void send(int row, TcpSegment segment) {
        queue.countOut(row, TcpHeaderWriter.headerLength(segment));
        stack.batch.write(segment);
    }

    private void forget(int row) {
        queue.listener(row).halfOpenEnded();
        queue.remove(row);
    }
}
