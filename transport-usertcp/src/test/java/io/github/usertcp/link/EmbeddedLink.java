package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** A {@link UdpLink} without a socket: the same bytes, over a {@link VirtualNetwork}. It counts flushes, can be made full, and can be taken away. */
public final class EmbeddedLink implements Link, SegmentSink {
    private static final int MSS = 1452;
    private static final int MAX_PAYLOAD = 44 * MSS;

    private final VirtualNetwork network;
    private final EventLoop loop;
    private final LinkReceiver receiver;
    private final VirtualNetwork.Endpoint endpoint;
    private final Promise<Void> closed;
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, true, false);
    private final ArrayDeque<Runnable> outgoing = new ArrayDeque<>();
    private boolean batchOpen;
    private boolean open = true;
    private int room = Integer.MAX_VALUE;
    private int flushes;
    private int probes;
    private int hostPathMtu = Integer.MAX_VALUE;
    private int questions;

    EmbeddedLink(VirtualNetwork network, EventLoop loop, LinkReceiver receiver, VirtualNetwork.Endpoint endpoint) {
        this.network = network;
        this.loop = loop;
        this.receiver = receiver;
        this.endpoint = endpoint;
        closed = loop.newPromise();
    }

    VirtualNetwork.Endpoint endpoint() {
        return endpoint;
    }

    /** How often the stack flushed. */
    public int flushes() {
        return flushes;
    }

    public int probes() {
        return probes;
    }

    public int queued() {
        return outgoing.size();
    }

    /** From now on the link is full once so many segments are queued, and flushing sends nothing. */
    public void block(int segments) {
        room = segments;
    }

    public void unblock() {
        room = Integer.MAX_VALUE;
        flush();
        receiver.onWritable();
    }

    /** The network tells that nobody is there. */
    public void unreachable(String address, int udpPort) {
        receiver.onUnreachable(IpAddress.parse(address), udpPort, loop.ticker().nanoTime());
    }

    /** What the host knows of every path, without telling unless asked. */
    public void hostPathMtu(int bytes) {
        hostPathMtu = bytes;
    }

    /** How often the host was asked for what it knows of a path. */
    public int questions() {
        return questions;
    }

    /** The host itself sends no packets as large to those addresses. */
    public void tooBig(String... addresses) {
        Map<IpAddress, Integer> pathMtus = new HashMap<>();
        for (String address : addresses) {
            pathMtus.put(IpAddress.parse(address), hostPathMtu);
        }
        receiver.onTooBig(pathMtus, loop.ticker().nanoTime());
    }

    /** The network has something to say about a segment. */
    public void icmp(IcmpError error) {
        receiver.onIcmp(error, loop.ticker().nanoTime());
        receiver.onReadComplete(loop.ticker().nanoTime());
    }

    /** As if the event loop had shut down. */
    public void takeAway() {
        room = Integer.MAX_VALUE;
        receiver.onClosing();
        flush();
        end();
    }

    void arrive(ByteBuf datagram, VirtualNetwork.Endpoint from) {
        if (!open) {
            datagram.release();
            return;
        }
        if (!batchOpen) {
            batchOpen = true;
            loop.execute(this::readComplete);
        }
        coalescer.offer(datagram, from.address(), from.udpPort(), endpoint.address(), endpoint.udpPort());
    }

    private void readComplete() {
        coalescer.flush();
        batchOpen = false;
        receiver.onReadComplete(loop.ticker().nanoTime());
    }

    @Override
    public void onSegment(TcpSegment segment) {
        receiver.onSegment(segment, loop.ticker().nanoTime());
    }

    @Override
    public void onDropped(DropReason reason) {
        receiver.onDropped(reason);
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        return endpoint.address();
    }

    @Override
    public IpAddress boundAddress() {
        return endpoint.address();
    }

    @Override
    public int udpPort() {
        return endpoint.udpPort();
    }

    @Override
    public int maxSegmentSize(IpAddress remote) {
        return MSS;
    }

    @Override
    public int maxPayloadBytes() {
        return MAX_PAYLOAD;
    }

    @Override
    public boolean isWritable() {
        return open && outgoing.size() < room;
    }

    @Override
    public void write(TcpSegment segment) {
        VirtualNetwork.Endpoint to = new VirtualNetwork.Endpoint(segment.destination(), segment.destinationUdpPort());
        for (int piece = 0; piece < SegmentSplitter.pieceCount(segment); piece++) {
            ByteBuf datagram = Unpooled.buffer();
            SegmentSplitter.writePieces(segment, piece, 1, datagram, false);
            outgoing.add(() -> network.carry(datagram, endpoint, to));
        }
        segment.release();
    }

    @Override
    public void flush() {
        flushes++;
        while (room == Integer.MAX_VALUE && !outgoing.isEmpty()) {
            outgoing.poll().run();
        }
    }

    @Override
    public void probe(IpAddress remote, int udpPort) {
        probes++;
    }

    @Override
    public int pathMtu(IpAddress remote) {
        questions++;
        return hostPathMtu;
    }

    @Override
    public Future<Void> close() {
        if (open) {
            flush();
            end();
        }
        return closed;
    }

    private void end() {
        open = false;
        receiver.onClosed();
        closed.trySuccess(null);
    }

    @Override
    public String toString() {
        return "embedded " + endpoint.address() + ":" + endpoint.udpPort();
    }
}
