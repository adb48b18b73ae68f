package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import io.github.usertcp.testsuite.simulator.network.Packet;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * A machine with one connection: does for a {@link TcpConnection} what stack and link do in production, in virtual time. Segments are
 * cut, written as bytes, read again and joined by the codec that ships.
 */
public final class EngineHost implements SimulatedHost, SegmentSink {
    private static final long NEVER = Long.MAX_VALUE;
    /** The clock's reading at the beginning: clocks start anywhere. */
    private static final long CLOCK_START_NANOS = 1_000_000_000L;

    private final VirtualTime time;
    private final HostConditions conditions;
    private final HostUser user;
    private final SplittableRandom random;
    private final SegmentCoalescer coalescer;
    /** Of what arrives. */
    private final IpHeader header = new IpHeader();
    private final ArrayDeque<Packet> inbox = new ArrayDeque<>();
    private final IcmpReader icmp;
    private final List<SegmentListener> listeners = new ArrayList<>();
    /** Another than at the beginning once a SYN has opened one. */
    private TcpConnection tcp;
    private FastOpenListener fastOpen;
    private LongConsumer afterStep = nowNanos -> { };
    private Route route;
    private long clockOffsetNanos = CLOCK_START_NANOS;
    private boolean readScheduled;
    private boolean draining;
    /** Of the wake-up that counts; earlier ones that were overtaken find another number here. */
    private long wakeUpNanos = NEVER;
    private long packetsSent;
    private long packetsDropped;

    public EngineHost(VirtualTime time, HostConditions conditions, TcpConnection tcp, HostUser user, SplittableRandom random) {
        this.time = time;
        this.conditions = conditions;
        this.tcp = tcp;
        this.user = user;
        this.random = random;
        coalescer = new SegmentCoalescer(this, false, conditions.checksums());
        header.addresses(tcp.tuple().remoteAddress(), tcp.tuple().localAddress());
        icmp = new IcmpReader(tcp.tuple().localAddress());
    }

    /** Where its packets go; to be told before anything is sent. */
    public void route(Route to) {
        route = to;
    }

    /** The connection, once in LISTEN, may be replaced by one that a SYN opens (RFC 7413). */
    public void fastOpen(FastOpenListener listener) {
        fastOpen = listener;
    }

    /** Tells one more of every segment, before it is cut and after it is joined. */
    public void addListener(SegmentListener listener) {
        listeners.add(listener);
    }

    /** Tells somebody the time whenever the connection has dealt with something. */
    public void afterEachStep(LongConsumer observer) {
        afterStep = observer;
    }

    public TcpConnection tcp() {
        return tcp;
    }

    /** What this host's clock shows. */
    public long nowNanos() {
        return time.nowNanos() + clockOffsetNanos;
    }

    @Override
    public void stepClock(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException("nanos: " + nanos + " (expected: 0 or more)");
        }
        clockOffsetNanos += nanos;
        wakeUpNanos = NEVER;
        drain();
    }

    /** Packets sent, every piece of a super-segment counted. */
    public long packetsSent() {
        return packetsSent;
    }

    /** Packets that were no segments when they arrived, or none with the right checksum, and errors that were not believed. */
    public long packetsDropped() {
        return packetsDropped;
    }

    /** The user wants to act at that time, whatever happens until then. */
    public void wakeUserAfter(long nanos) {
        time.after(nanos, this::drain);
    }

    @Override
    public void receive(Packet packet) {
        inbox.add(packet);
        if (conditions.readBatchNanos() == 0) {
            read();
        } else if (!readScheduled) {
            readScheduled = true;
            time.after(conditions.readBatchNanos(), this::read);
        }
    }

    private void read() {
        readScheduled = false;
        for (Packet packet = inbox.poll(); packet != null; packet = inbox.poll()) {
            if (packet.isIcmp()) {
                coalescer.flush();
                onIcmp(icmp.read(packet));
                continue;
            }
            coalescer.offer(packet.bytes(), header.trafficClass(packet.ecn()));
            if (!conditions.coalescing()) {
                coalescer.flush();
            }
        }
        coalescer.flush();
        drain();
    }

    private void onIcmp(IcmpError error) {
        TcpTuple tuple = tcp.tuple();
        boolean ours = error != null && error.localPort() == tuple.localPort() && error.remotePort() == tuple.remotePort();
        if (ours && tcp.onIcmp(error, nowNanos())) {
            check();
        } else {
            packetsDropped++;
        }
    }

    @Override
    public void onSegment(TcpSegment segment) {
        TcpTuple tuple = tcp.tuple();
        if (segment.sourcePort() != tuple.remotePort() || segment.destinationPort() != tuple.localPort()) {
            segment.release(); // a flipped bit that no checksum looked for
            packetsDropped++;
            return;
        }
        for (SegmentListener listener : listeners) {
            listener.onReceived(segment, time.nowNanos());
        }
        if (!isOpenedBy(segment)) {
            tcp.onSegment(segment, nowNanos());
        }
        check();
    }

    private boolean isOpenedBy(TcpSegment segment) {
        if (fastOpen == null || tcp.state() != TcpState.LISTEN) {
            return false;
        }
        TcpConnection opened = fastOpen.open(tcp.tuple(), segment, nowNanos());
        if (opened == null) {
            return false;
        }
        tcp = opened;
        segment.release();
        return true;
    }

    @Override
    public void onDropped(DropReason reason) {
        packetsDropped++;
    }

    /** The user acts and segments leave until both have nothing more to do at this instant. */
    public void drain() {
        if (draining) {
            return; // a link without delay has brought an answer already; the loop below comes to it
        }
        draining = true;
        do {
            user.act(this, nowNanos());
            check();
        } while (send() || tcp.hasEvent());
        draining = false;
        afterStep.accept(time.nowNanos());
        setTimer();
    }

    private boolean send() {
        boolean sent = false;
        for (TcpSegment segment = poll(); segment != null; segment = poll()) {
            check();
            for (SegmentListener listener : listeners) {
                listener.onSent(segment, time.nowNanos());
            }
            int pieces = SegmentSplitter.pieceCount(segment);
            for (int i = 0; i < pieces; i++) {
                ByteBuf bytes = Unpooled.buffer(SegmentSplitter.pieceLength(segment));
                SegmentSplitter.writePieces(segment, i, 1, bytes, conditions.checksums());
                route.send(Packet.of(route, bytes, segment.ecn()));
            }
            packetsSent += pieces;
            segment.release();
            sent = true;
        }
        return sent;
    }

    private TcpSegment poll() {
        return tcp.pollSegment(nowNanos(), conditions.maxPayloadBytes());
    }

    private void setTimer() {
        long deadline = tcp.deadlineNanos();
        if (deadline == NEVER) {
            return;
        }
        long wakeUp = Math.max(deadline - clockOffsetNanos, time.nowNanos());
        if (wakeUp >= wakeUpNanos) {
            return; // the earlier one looks again
        }
        wakeUpNanos = wakeUp;
        long lateness = conditions.timerLatenessNanos() == 0 ? 0 : random.nextLong(conditions.timerLatenessNanos() + 1);
        time.at(wakeUp + lateness, () -> wakeUp(wakeUp));
    }

    private void wakeUp(long scheduled) {
        if (scheduled != wakeUpNanos) {
            return;
        }
        wakeUpNanos = NEVER;
        if (tcp.deadlineNanos() <= nowNanos()) {
            tcp.onTimeout(nowNanos());
            check();
            drain();
        } else {
            setTimer();
        }
    }

    private void check() {
        if (conditions.checking()) {
            tcp.checkInvariants();
        }
    }

    /** Frees what the host still holds. */
    public void release() {
        inbox.forEach(packet -> packet.bytes().release());
        inbox.clear();
        tcp.release();
    }

    @Override
    public String toString() {
        return tcp + ", " + packetsSent + " packets sent";
    }
}
