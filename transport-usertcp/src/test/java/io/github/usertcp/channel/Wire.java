package io.github.usertcp.channel;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One end of a wire in memory: what is written waits at the other end until {@link #deliver}. Carries plain IP, keeps a list of what passed. */
final class Wire implements Link, LinkProvider {
    private final String name;
    private final IpAddress address;
    private final List<String> log;
    private final Deque<TcpSegment> inbox = new ArrayDeque<>();
    private Wire peer;
    private EventLoop loop;
    private LinkReceiver receiver;
    private boolean closed;

    private Wire(String name, String address, List<String> log) {
        this.name = name;
        this.address = IpAddress.parse(address);
        this.log = log;
    }

    /** Two ends, at 10.0.0.1 and 10.0.0.2. */
    static Wire[] pair(List<String> log) {
        Wire a = new Wire("client", "10.0.0.1", log);
        Wire b = new Wire("server", "10.0.0.2", log);
        a.peer = b;
        b.peer = a;
        return new Wire[] {a, b};
    }

    /** @return false if there was nothing to deliver */
    boolean deliver() {
        if (inbox.isEmpty() || closed) {
            return false;
        }
        long now = loop.ticker().nanoTime();
        for (TcpSegment segment = inbox.poll(); segment != null; segment = inbox.poll()) {
            receiver.onSegment(segment, now);
        }
        receiver.onReadComplete(now);
        return true;
    }

    @Override
    public Future<Link> open(EventLoop onLoop, LinkReceiver to) {
        loop = onLoop;
        receiver = to;
        return onLoop.newSucceededFuture(this);
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        return remote.isV4() ? address : IpAddress.ANY_V6;
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
        return 1460;
    }

    @Override
    public int maxPayloadBytes() {
        return 65_160;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void write(TcpSegment segment) {
        log.add(name + ": " + segment);
        if (peer.closed || !segment.destination().equals(peer.address)) {
            segment.release();
        } else {
            peer.inbox.add(segment);
        }
    }

    @Override
    public void flush() {
        // written is sent
    }

    @Override
    public Future<Void> close() {
        if (!closed) {
            receiver.onClosing();
            closed = true;
            receiver.onClosed();
            inbox.forEach(TcpSegment::release);
            inbox.clear();
        }
        return loop.newSucceededFuture(null);
    }
}
