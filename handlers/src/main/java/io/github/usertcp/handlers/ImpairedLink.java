package io.github.usertcp.handlers;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A bad network between a stack and its link, over UDP or a TUN device: loses, delays, reorders and duplicates packets. Wrap the link's
 * provider with it where the stack is built.
 *
 * <pre>{@code
 * Impairment bad = Impairment.none().delay(Duration.ofMillis(5)).jitter(Duration.ofMillis(1)).loss(0.01);
 * ImpairedLink impaired = new ImpairedLink(link, bad, bad, 4711);
 * TcpStack stack = TcpStack.builder().link(impaired).open(loop).get();
 * }</pre>
 *
 * <p>What a link sends and receives whole, by segmentation offload of a TUN device or as a train of datagrams, is cut here into the packets
 * that the network carries; each meets its own fate; those that come through together are joined again. So losses are those of single
 * packets, and offload stays in use. Over UDP a segment between loopback addresses is one packet of up to 64 KiB, unless the link's MTU is
 * set.
 *
 * <p>ICMP messages pass untouched. A link that is full pushes back as before; only {@link Impairment#rate} and
 * {@link Impairment#holding} drop for want of room. When the link closes, what is held back on its way out leaves at once.
 *
 * <p>A {@link SegmentTap} around it shows what the stack sends and gets; one inside, around the provider, what goes over the wire.
 *
 * <p>May be opened several times, on several event loops; each link then draws the same numbers from the seed. Which packet meets which of
 * them is a matter of real time, unless time is virtual.
 */
public final class ImpairedLink implements LinkProvider {
    private final LinkProvider provider;
    private final ImpairedDirection outbound;
    private final ImpairedDirection inbound;
    private final long seed;

    /** Impairs packets that the stack sends by {@code outbound}, those that it is sent by {@code inbound}. */
    public ImpairedLink(LinkProvider provider, Impairment outbound, Impairment inbound, long seed) {
        this.provider = Objects.requireNonNull(provider, "provider");
        this.outbound = new ImpairedDirection(outbound);
        this.inbound = new ImpairedDirection(inbound);
        this.seed = seed;
    }

    /** The direction of what the stack sends. Any thread. */
    public ImpairedDirection outbound() {
        return outbound;
    }

    /** The direction of what the stack is sent. Any thread. */
    public ImpairedDirection inbound() {
        return inbound;
    }

    @Override
    public Future<Link> open(EventLoop loop, LinkReceiver receiver) {
        Promise<Link> impaired = loop.newPromise();
        Receiver inner = new Receiver(receiver);
        provider.open(loop, inner).addListener((Future<Link> opened) -> {
            if (!opened.isSuccess()) {
                impaired.tryFailure(opened.cause());
                return;
            }
            SplittableRandom random = new SplittableRandom(seed);
            Sender sender = new Sender(opened.getNow(), outbound, random.split());
            inner.opened(sender, inbound, random.split());
            if (!impaired.trySuccess(sender)) {
                sender.close(); // cancelled meanwhile
            }
        });
        return impaired;
    }

    /** The way out. */
    private static final class Sender extends ForwardingLink implements PacketExit, SegmentSink {
        private final ImpairedPath path;
        private final SegmentCoalescer coalescer;

        Sender(Link link, ImpairedDirection direction, SplittableRandom random) {
            super(link);
            coalescer = new SegmentCoalescer(this, false, false, link.maxPayloadBytes());
            path = new ImpairedPath(direction, random, link.eventLoop(), this);
        }

        @Override
        public void write(TcpSegment segment) {
            long now = link.eventLoop().ticker().nanoTime();
            SegmentSplitter.split(segment, packet -> path.accept(packet, null, now));
        }

        @Override
        public void flush() {
            coalescer.flush();
            link.flush();
        }

        @Override
        public void leave(TcpSegment packet, ChannelPromise promise, long nowNanos) {
            coalescer.offer(packet);
        }

        @Override
        public void lateComplete(long nowNanos) {
            flush();
        }

        @Override
        public void onSegment(TcpSegment segment) {
            link.write(segment);
        }

        @Override
        public void onDropped(DropReason reason) {
            throw new AssertionError("segments are not read here: " + reason);
        }

        @Override
        public Future<Void> close() {
            EventLoop loop = link.eventLoop();
            if (loop.inEventLoop()) {
                letGo();
            } else if (!loop.isShuttingDown()) {
                loop.execute(this::letGo);
            }
            return link.close();
        }

        /** Everything that is held back leaves, and what is written from now on does so at once. */
        void letGo() {
            path.close();
            coalescer.flush();
        }

        void discard() {
            path.discard(new ClosedChannelException());
        }
    }

    /** The way in. */
    private static final class Receiver extends ForwardingReceiver implements PacketExit, SegmentSink {
        private final SegmentCoalescer coalescer = new SegmentCoalescer(this, false, false);
        /** Null until the link is open: before, there is nobody to hear. It may be opened by another thread than the event loop's. */
        private volatile ImpairedPath path;
        private Sender sender;
        private long batchNanos;

        Receiver(LinkReceiver receiver) {
            super(receiver);
        }

        void opened(Sender opened, ImpairedDirection direction, SplittableRandom random) {
            sender = opened;
            path = new ImpairedPath(direction, random, opened.eventLoop(), this);
        }

        @Override
        public void onSegment(TcpSegment segment, long nowNanos) {
            ImpairedPath current = path;
            if (current == null) {
                receiver.onSegment(segment, nowNanos);
            } else {
                SegmentSplitter.split(segment, packet -> current.accept(packet, null, nowNanos));
            }
        }

        @Override
        public void onReadComplete(long nowNanos) {
            coalescer.flush();
            receiver.onReadComplete(nowNanos);
        }

        @Override
        public void leave(TcpSegment packet, ChannelPromise promise, long nowNanos) {
            batchNanos = nowNanos;
            coalescer.offer(packet);
        }

        @Override
        public void lateComplete(long nowNanos) {
            onReadComplete(nowNanos);
        }

        @Override
        public void onSegment(TcpSegment segment) {
            receiver.onSegment(segment, batchNanos);
        }

        @Override
        public void onClosing() {
            if (path != null) {
                sender.letGo();
            }
            receiver.onClosing();
            if (path != null) {
                sender.flush(); // the stack's farewells
            }
        }

        @Override
        public void onClosed() {
            receiver.onClosed();
            if (path != null) {
                sender.discard();
                path.discard(new ClosedChannelException());
            }
        }
    }
}
