package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.testsuite.simulator.network.Packet;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A stack's way to the simulated network: cuts and serializes what the stack sends, verifies and joins what arrives. */
final class ChannelLink implements Link, LinkProvider, SegmentSink {
    private final IpAddress address;
    private final int linkMss;
    private final HostConditions conditions;
    private final LongSupplier simulationNanos;
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, false, true);
    /** Of what arrives. */
    private final IpHeader header = new IpHeader();
    private final IcmpReader icmp;
    private final List<SegmentListener> listeners = new ArrayList<>();
    private Route route;
    private EventLoop loop;
    private LinkReceiver receiver;
    private boolean closed;
    private long packetsSent;

    /** @param simulationNanos  the time that listeners are told */
    ChannelLink(ChannelHost.Identity identity, HostConditions conditions, LongSupplier simulationNanos) {
        address = identity.address();
        linkMss = identity.linkMss();
        this.conditions = conditions;
        this.simulationNanos = simulationNanos;
        header.addresses(identity.peer(), address);
        icmp = new IcmpReader(address);
    }

    void route(Route to) {
        route = to;
    }

    void addListener(SegmentListener listener) {
        listeners.add(listener);
    }

    long packetsSent() {
        return packetsSent;
    }

    // ---- what arrives

    /** Part of a read batch, which {@link #readComplete} ends. The packet's bytes pass. */
    void read(Packet packet) {
        if (closed) {
            packet.bytes().release();
            return;
        }
        if (packet.isIcmp()) {
            coalescer.flush();
            IcmpError error = icmp.read(packet);
            if (error != null) {
                receiver.onIcmp(error, loop.ticker().nanoTime());
            }
            return;
        }
        coalescer.offer(packet.bytes(), header.trafficClass(packet.ecn()));
        if (!conditions.coalescing()) {
            coalescer.flush();
        }
    }

    void readComplete() {
        if (!closed) {
            coalescer.flush();
            receiver.onReadComplete(loop.ticker().nanoTime());
        }
    }

    @Override
    public void onSegment(TcpSegment segment) {
        for (SegmentListener listener : listeners) {
            listener.onReceived(segment, simulationNanos.getAsLong());
        }
        receiver.onSegment(segment, loop.ticker().nanoTime());
    }

    @Override
    public void onDropped(DropReason reason) {
        receiver.onDropped(reason);
    }

    // ---- what the stack sends

    @Override
    public void write(TcpSegment segment) {
        for (SegmentListener listener : listeners) {
            listener.onSent(segment, simulationNanos.getAsLong());
        }
        int pieces = SegmentSplitter.pieceCount(segment);
        for (int i = 0; i < pieces; i++) {
            ByteBuf bytes = Unpooled.buffer(SegmentSplitter.pieceLength(segment));
            SegmentSplitter.writePieces(segment, i, 1, bytes, true);
            route.send(Packet.of(route, bytes, segment.ecn()));
        }
        packetsSent += pieces;
        segment.release();
    }

    @Override
    public void flush() {
        // written is sent
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    // ---- what the link is like

    @Override
    public Future<Link> open(EventLoop on, LinkReceiver to) {
        loop = on;
        receiver = to;
        return on.newSucceededFuture(this);
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        return address;
    }

    @Override
    public IpAddress boundAddress() {
        return address;
    }

    @Override
    public int udpPort() {
        return 0;
    }

    @Override
    public int maxSegmentSize(IpAddress remote) {
        return linkMss;
    }

    @Override
    public int maxPayloadBytes() {
        return conditions.maxPayloadBytes();
    }

    @Override
    public boolean carriesEcn() {
        return true;
    }

    @Override
    public Future<Void> close() {
        if (!closed) {
            receiver.onClosing();
            closed = true;
            receiver.onClosed();
        }
        return loop.newSucceededFuture(null);
    }
}
