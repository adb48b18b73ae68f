package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpHeaderReader;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkProvider;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A network in one thread and in virtual time, which joins {@link EmbeddedLink}s and lets a test play a peer by hand. Datagrams are real bytes, so that what the
 * codec does is part of every test; each arrives after a fixed delay, unless the test's filter loses it.
 */
public final class VirtualNetwork {
    /** Where datagrams go to. */
    record Endpoint(IpAddress address, int udpPort) {
    }

    private final MockTicker ticker = Ticker.newMockTicker();
    private final DeadlineWatcher io = new DeadlineWatcher();
    private final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), executor -> io, ticker);
    private final Map<Endpoint, EmbeddedLink> links = new HashMap<>();
    private final Map<Endpoint, List<TcpSegment>> received = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private Predicate<TcpSegment> passes = segment -> true;
    private long delayNanos;

    public EventLoop loop() {
        return loop;
    }

    /** A link to be opened on this network. */
    public LinkProvider link(String address, int udpPort) {
        return (eventLoop, receiver) -> {
            EmbeddedLink link = new EmbeddedLink(this, eventLoop, receiver, new Endpoint(IpAddress.parse(address), udpPort));
            links.put(link.endpoint(), link);
            return eventLoop.newSucceededFuture(link);
        };
    }

    public EmbeddedLink opened(String address, int udpPort) {
        return links.get(new Endpoint(IpAddress.parse(address), udpPort));
    }

    /** How long each datagram travels. Default: none at all. */
    public VirtualNetwork delay(Duration oneWay) {
        delayNanos = oneWay.toNanos();
        return this;
    }

    /** Loses every segment that does not pass. */
    public VirtualNetwork losing(Predicate<TcpSegment> lost) {
        passes = lost.negate();
        return this;
    }

    /** Everything that was sent, lost or not, in packetdrill notation. */
    public List<String> log() {
        return log;
    }

    /** Does everything there is to do now. */
    public void run() {
        io.deadlineNanos = -1;
        while (loop.run(0, 0) > 0) {
            io.deadlineNanos = -1;
        }
    }

    /** Lets time pass, stopping wherever something is due. */
    public void advance(Duration duration) {
        long end = ticker.nanoTime() + duration.toNanos();
        run();
        while (ticker.nanoTime() < end) {
            long next = io.deadlineNanos < 0 ? end : Math.min(end, io.deadlineNanos);
            ticker.advance(Math.max(1, next - ticker.nanoTime()), TimeUnit.NANOSECONDS);
            run();
        }
    }

    /** Sends a segment by hand; source and destination are those set in it, the source's UDP port the one given. */
    public void inject(TcpSegment segment) {
        ByteBuf datagram = Unpooled.buffer();
        int headerLength = TcpHeaderWriter.write(segment, datagram.ensureWritable(60), 0);
        datagram.writerIndex(headerLength).writeBytes(segment.payload());
        Endpoint from = new Endpoint(segment.source(), segment.sourceUdpPort());
        Endpoint to = new Endpoint(segment.destination(), segment.destinationUdpPort());
        segment.release();
        injectBytes(datagram, from, to);
        run();
    }

    /** Sends any bytes by hand. */
    public void injectBytes(ByteBuf datagram, IpAddress from, int fromUdpPort, IpAddress to, int toUdpPort) {
        injectBytes(datagram, new Endpoint(from, fromUdpPort), new Endpoint(to, toUdpPort));
    }

    private void injectBytes(ByteBuf datagram, Endpoint from, Endpoint to) {
        received.computeIfAbsent(from, none -> new ArrayList<>());
        carry(datagram, from, to);
    }

    /** Takes what arrived where no link is, but segments were injected from. */
    public List<TcpSegment> takeReceived(IpAddress address, int udpPort) {
        List<TcpSegment> segments = received.getOrDefault(new Endpoint(address, udpPort), List.of());
        List<TcpSegment> copy = List.copyOf(segments);
        if (!segments.isEmpty()) {
            segments.clear();
        }
        return copy;
    }

    void carry(ByteBuf datagram, Endpoint from, Endpoint to) {
        TcpSegment segment = new TcpSegment().source(from.address(), 0).destination(to.address(), 0).udpPorts(from.udpPort(), to.udpPort());
        boolean readable = TcpHeaderReader.read(datagram, datagram.readerIndex(), datagram.readableBytes(), segment) == null;
        if (readable) {
            log.add(segment.toString());
        }
        if (readable && !passes.test(segment)) {
            segment.release();
            datagram.release();
            return;
        }
        EmbeddedLink link = links.get(to);
        if (link == null && readable && received.containsKey(to)) {
            received.get(to).add(new TcpSegment().copyHeader(segment).payload(Unpooled.copiedBuffer(segment.payload())));
        }
        segment.release();
        if (link == null) {
            datagram.release();
        } else if (delayNanos == 0) {
            link.arrive(datagram, from);
        } else {
            loop.schedule(() -> link.arrive(datagram, from), delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Does no I/O, but learns from the loop when it would have to wake up. */
    private static final class DeadlineWatcher implements IoHandler {
        private long deadlineNanos = -1;

        @Override
        public int run(IoHandlerContext context) {
            deadlineNanos = context.deadlineNanos();
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException("register");
        }

        @Override
        public void wakeup() {
            // There is nobody to wake: the test runs the loop.
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return true;
        }
    }
}
