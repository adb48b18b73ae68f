package io.github.usertcp.stack;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.HalfOpen;
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
 * oldest would let a flood push out exactly the clients that are about to answer. This is the place where SYN cookies would answer instead.
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
    private final int maxEntries;
    private final int maxEntriesPerListener;

    Handshakes(TcpStack stack, SynQueue queue, InitialNumbers numbers, UnverifiedPeers peers, TcpStackConfig config) {
        this.stack = stack;
        this.queue = queue;
        this.numbers = numbers;
        this.peers = peers;
        maxEntries = config.maxHalfOpen();
        maxEntriesPerListener = config.maxHalfOpenPerListener();
    }

    /** A segment for a listener that belongs to none of its connections (RFC 9293 section 3.10.7.2). The caller keeps it. */
    void inListen(TcpListener listener, TcpSegment segment, long nowNanos) {
        if (segment.isRst()) {
            return;
        }
        if (segment.isAck()) {
            stack.resets.answer(segment, nowNanos);
        } else if (segment.isSyn()) {
            receiveSyn(listener, segment, nowNanos);
        }
    }

    private void receiveSyn(TcpListener listener, TcpSegment syn, long nowNanos) {
        if (stack.isFull()) {
            stack.stats().count(StackCounter.SYNS_REFUSED);
            return;
        }
        if (queue.size() >= maxEntries || listener.halfOpenCount() >= maxEntriesPerListener) {
            stack.stats().count(StackCounter.SYN_QUEUE_OVERFLOWS);
            return;
        }
        TcpTuple tuple = new TcpTuple(syn.destination(), syn.destinationPort(), syn.source(), syn.sourcePort(), syn.sourceUdpPort());
        TcpConfig config = listener.childConfig();
        HalfOpen halfOpen = HalfOpen.answer(syn, tuple, config, numbers, nowNanos);
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
        send(row, synAck(row, nowNanos).fastOpenCookie(cookie, syn.isFastOpenExperimental()));
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
        if (listener.isAcceptQueueFull() || stack.isFull()) {
            // As in Linux: dropped, not reset. The peer believes it is connected; what it sends, or our next SYN-ACK, tries again.
            stack.stats().count(StackCounter.ACCEPT_QUEUE_OVERFLOWS);
            return false;
        }
        TcpTuple tuple = queue.tuple(row);
        int linkMss = stack.link().maxSegmentSize(remote);
        TcpConnection tcp = TcpConnection.accepted(tuple, listener.childConfig(), queue.halfOpen(row), linkMss, nowNanos);
        stack.pathMtus.tell(tcp, nowNanos);
        StackConnection connection = stack.newConnection(tcp, null);
        try {
            tcp.onSegment(segment, nowNanos);
        } catch (RuntimeException e) {
            forget(row);
            stack.batch.abortFaulty(connection, e);
            tcp.release();
            return true;
        }
        if (tcp.state().isSynchronized()) {
            forget(row);
            stack.add(connection);
            stack.batch.received(connection);
            listener.offer(connection);
        } else {
            discard(tcp, nowNanos); // such as an old duplicate that PAWS rejects: the entry waits for a better one
        }
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
            .flags(TcpFlags.ACK).seq(halfOpen.iss() + 1).mss(TcpSegment.ABSENT).windowScale(TcpSegment.ABSENT).sackPermitted(false);
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
