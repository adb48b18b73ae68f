package io.github.usertcp.stack;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TimeWait;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the link delivers to where it belongs: a connection, else a TIME-WAIT entry, else a half-open connection, else a
 * listener, else nobody, which is answered by RST (RFC 9293 section 3.10.7.1). A read batch ends with {@link Batch#complete}.
 */
final class Arrivals implements LinkReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    /** Null until the link is open, and nothing can come before it is. */
    private TcpStack stack;

    void deliverTo(TcpStack opened) {
        stack = opened;
    }

    @Override
    public void onSegment(TcpSegment segment, long nowNanos) {
        if (stack == null) {
            segment.release();
            return;
        }
        stack.batch.begin(nowNanos);
        stack.stats().count(StackCounter.SEGMENTS_RECEIVED);
        if (LOG.isTraceEnabled()) {
            LOG.trace("{} < {}", stack, segment);
        }
        stack.taps.received(segment, nowNanos);
        TupleKey key = stack.key.incoming(segment);
        StackConnection connection = stack.connections.find(key);
        if (connection != null) {
            inConnection(connection, segment, nowNanos);
            return;
        }
        int timeWait = stack.timeWaits.find(key);
        if (timeWait != TimeWaitTable.NONE && !reopens(timeWait, segment)) {
            inTimeWait(timeWait, segment, nowNanos);
            segment.release();
            return;
        }
        int halfOpen = stack.synQueue.find(key);
        if (halfOpen != SynQueue.NONE) {
            stack.handshakes.onSegment(halfOpen, segment, nowNanos);
            return;
        }
        unknown(segment, nowNanos);
    }

    private void inConnection(StackConnection connection, TcpSegment segment, long nowNanos) {
        try {
            connection.tcp().onSegment(segment, nowNanos);
        } catch (RuntimeException e) {
            stack.batch.abortFaulty(connection, e);
        }
        stack.batch.received(connection);
    }

    /** Removes a TIME-WAIT entry that gives way to a SYN (RFC 6191). */
    private boolean reopens(int row, TcpSegment segment) {
        boolean reopens = !segment.isRst() && stack.timeWaits.entry(row).permitsReuse(segment)
            && stack.listeners.find(segment.destination(), segment.destinationPort()) != null;
        if (reopens) {
            stack.timeWaits.remove(row);
            stack.stats().count(StackCounter.TIME_WAITS_REUSED);
        }
        return reopens;
    }

    /** RFC 9293 section 3.10.7.4 for TIME-WAIT. */
    private void inTimeWait(int row, TcpSegment segment, long nowNanos) {
        if (segment.isRst()) {
            // RFC 1337 section 3, fix (F1): a RST, forged or late, must not end TIME-WAIT before its time.
            stack.stats().count(StackCounter.TIME_WAIT_RESETS_IGNORED);
            return;
        }
        TimeWait entry = stack.timeWaits.entry(row);
        if (segment.sequenceLength() == 0) {
            return; // two ends in TIME-WAIT that answered each other's ACKs would never stop
        }
        if (segment.isFin() && segment.seq() + segment.sequenceLength() == entry.rcvNxt()) {
            stack.timeWaits.restart(row, nowNanos);
        }
        stack.batch.write(entry.toAck(stack.timeWaits.tuple(row), nowNanos));
    }

    /** For a listener, or for nobody. Takes ownership. */
    private void unknown(TcpSegment segment, long nowNanos) {
        TcpListener listener = stack.listeners.find(segment.destination(), segment.destinationPort());
        boolean opens = listener != null && opens(segment);
        if (opens || !stack.link().passOn(segment)) {
            unclaimed(listener, segment, nowNanos);
        }
    }

    private static boolean opens(TcpSegment segment) {
        return segment.isSyn() && !segment.isAck() && !segment.isRst();
    }

    private void unclaimed(TcpListener listener, TcpSegment segment, long nowNanos) {
        if (listener != null) {
            stack.handshakes.inListen(listener, segment, nowNanos);
        } else {
            stack.stats().count(StackCounter.NO_CONNECTION);
            stack.resets.answer(segment, nowNanos);
            segment.release();
        }
    }

    @Override
    public boolean onStray(TcpSegment segment, long nowNanos) {
        if (stack == null || !isForUs(segment)) {
            return false;
        }
        stack.stats().count(StackCounter.STRAYS_TAKEN);
        onSegment(segment, nowNanos);
        stack.batch.complete();
        return true;
    }

    private boolean isForUs(TcpSegment segment) {
        TupleKey key = stack.key.incoming(segment);
        return stack.connections.contains(key) || stack.synQueue.find(key) != SynQueue.NONE
            || stack.timeWaits.find(key) != TimeWaitTable.NONE
            || opens(segment) && stack.listeners.find(segment.destination(), segment.destinationPort()) != null;
    }

    @Override
    public void onUnclaimed(TcpSegment segment, long nowNanos) {
        stack.batch.begin(nowNanos);
        unclaimed(stack.listeners.find(segment.destination(), segment.destinationPort()), segment, nowNanos);
        stack.batch.complete();
    }

    @Override
    public void onReadComplete(long nowNanos) {
        if (stack != null && stack.batch.isOpen()) {
            stack.batch.complete();
        }
    }

    @Override
    public void onDropped(DropReason reason) {
        if (stack != null) {
            stack.stats().countDrop(reason);
        }
    }

    @Override
    public void onWritable() {
        if (stack != null && !stack.batch.isOpen()) {
            stack.batch.begin(stack.nowNanos());
            stack.batch.complete();
        }
    }

    @Override
    public void onIcmp(IcmpError error, long nowNanos) {
        if (stack == null) {
            return;
        }
        stack.batch.begin(nowNanos);
        stack.stats().count(StackCounter.ICMP_ERRORS);
        LOG.trace("{} < {}", stack, error);
        if (!isForUs(error) && stack.link().passOn(error)) {
            return;
        }
        if (!isBelieved(error, nowNanos)) {
            onUnclaimed(error, nowNanos);
        }
    }

    private boolean isForUs(IcmpError error) {
        TupleKey key = keyOf(error);
        return stack.connections.contains(key) || stack.synQueue.find(key) != SynQueue.NONE;
    }

    private TupleKey keyOf(IcmpError error) {
        return stack.key.set(error.local(), error.localPort(), error.remote(), error.remotePort(), 0);
    }

    private boolean isBelieved(IcmpError error, long nowNanos) {
        TupleKey key = keyOf(error);
        StackConnection connection = stack.connections.find(key);
        int halfOpen = connection != null ? SynQueue.NONE : stack.synQueue.find(key);
        return connection != null ? icmpForConnection(connection, error, nowNanos)
            : halfOpen != SynQueue.NONE && stack.handshakes.onIcmp(halfOpen, error);
    }

    @Override
    public boolean onStray(IcmpError error, long nowNanos) {
        if (stack == null || !isForUs(error)) {
            return false;
        }
        stack.stats().count(StackCounter.STRAYS_TAKEN);
        onIcmp(error, nowNanos);
        stack.batch.complete();
        return true;
    }

    @Override
    public void onUnclaimed(IcmpError error, long nowNanos) {
        stack.stats().count(StackCounter.ICMP_ERRORS_IGNORED);
    }

    private boolean icmpForConnection(StackConnection connection, IcmpError error, long nowNanos) {
        TcpConnection tcp = connection.tcp();
        try {
            int before = tcp.pathMtuBytes();
            boolean believed = tcp.onIcmp(error, nowNanos);
            stack.pathMtuReports.learn(tcp, before, nowNanos);
            return believed;
        } catch (RuntimeException e) {
            stack.batch.abortFaulty(connection, e);
            return true;
        } finally {
            stack.batch.received(connection);
        }
    }

    @Override
    public void onUnreachable(IpAddress remote, int udpPort, long nowNanos) {
        if (stack == null) {
            return;
        }
        stack.stats().count(StackCounter.UNREACHABLES);
        stack.batch.begin(nowNanos);
        for (StackConnection connection : stack.connections.toArray()) {
            if (connection.tcp().state() == TcpState.SYN_SENT && connection.tcp().tuple().remoteUdpPort() == udpPort
                && connection.tcp().tuple().remoteAddress().equals(remote)) {
                connection.tcp().onUnreachable(CloseCause.REFUSED, nowNanos);
                stack.batch.received(connection);
            }
        }
        stack.batch.complete();
    }

    @Override
    public void onTooBig(Map<IpAddress, Integer> pathMtus, long nowNanos) {
        if (stack != null) {
            stack.pathMtuReports.tooBig(pathMtus, nowNanos);
        }
    }

    @Override
    public void onClosing() {
        if (stack != null) {
            stack.farewell.saidByLink();
        }
    }

    @Override
    public void onFailed(Throwable cause) {
        if (stack != null) {
            LOG.warn("{}: {}", stack, cause.getMessage(), cause);
            stack.farewell.linkFailed();
        }
    }

    @Override
    public void onClosed() {
        if (stack != null) {
            stack.farewell.finish();
        }
    }
}
