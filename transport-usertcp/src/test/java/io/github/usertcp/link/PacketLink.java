package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpPrefix;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;

/** A {@link TunLink} without a device: the same IP packets, which the test takes and hands over. */
final class PacketLink implements Link, SegmentSink {
    private static final int MTU = 1500;
    private static final int MSS = 1440;
    private static final int MAX_PAYLOAD = 44 * MSS;

    /** What packets and whatever is made of them are made of; it counts, which is exact and faster than to look for leaks. */
    final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);

    private final EventLoop loop;
    private final LinkReceiver receiver;
    private final IpAddress v4;
    private final IpAddress v6;
    private final boolean headers;
    private final EmbeddedChannel wire = new EmbeddedChannel();
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, true, false);
    private final IpOutput output;
    private final IpInput input;
    private final FragmentTimer fragmentTimer;
    private boolean open = true;

    /**
     * Of a host with an address of each family.
     *
     * @param headers  whether packets have a virtio header in front
     */
    PacketLink(EventLoop loop, LinkReceiver receiver, IpAddress v4, IpAddress v6, boolean headers) {
        this.loop = loop;
        this.receiver = receiver;
        this.v4 = v4;
        this.v6 = v6;
        this.headers = headers;
        wire.config().setAllocator(memory);
        output = new IpOutput(wire, headers, MTU);
        OwnAddresses ours = new OwnAddresses(List.of(new IpPrefix(v4, 24), new IpPrefix(v6, 64)),
            List.of(), List.of(new IpPrefix(v4, 32), new IpPrefix(v6, 128)), false);
        IcmpHost icmp = new IcmpHost(ours, output, memory, receiver);
        FragmentReassembler fragments = new FragmentReassembler(memory, icmp, receiver::onDropped);
        input = new IpInput(ours, this, coalescer, icmp, fragments);
        fragmentTimer = new FragmentTimer(loop, fragments, wire::flushOutbound);
    }

    /** Takes a packet, with a virtio header in front if this host has them; and the reference to it. */
    void receive(ByteBuf packet) {
        if (headers) {
            input.acceptWithHeader(packet, loop.ticker().nanoTime());
        } else {
            input.accept(packet, false, 0, loop.ticker().nanoTime());
        }
    }

    /** The read batch is over. */
    void readComplete() {
        fragmentTimer.arm(loop.ticker().nanoTime());
        coalescer.flush();
        receiver.onReadComplete(loop.ticker().nanoTime());
        wire.flushOutbound();
    }

    /** What has been sent since the last call, the caller's. */
    List<ByteBuf> takeSent() {
        List<ByteBuf> sent = new ArrayList<>();
        for (ByteBuf packet = wire.readOutbound(); packet != null; packet = wire.readOutbound()) {
            sent.add(packet);
        }
        return sent;
    }

    /** Bytes of packets, in whole or in part, that somebody still holds. */
    long memoryHeld() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }

    @Override
    public void onSegment(TcpSegment segment) {
        receiver.onSegment(PayloadWaste.avoid(segment, memory), loop.ticker().nanoTime());
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
        return remote.isV4() ? v4 : v6;
    }

    @Override
    public IpAddress boundAddress() {
        return IpAddress.ANY_V6;
    }

    @Override
    public int udpPort() {
        return 0;
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
    public boolean carriesEcn() {
        return true;
    }

    @Override
    public boolean isWritable() {
        return open;
    }

    @Override
    public void write(TcpSegment segment) {
        output.write(segment);
        segment.release();
    }

    @Override
    public void flush() {
        wire.flushOutbound();
    }

    @Override
    public Future<Void> close() {
        if (open) {
            open = false;
            coalescer.flush();
            fragmentTimer.cancel();
            input.release();
            receiver.onClosed();
            wire.finishAndReleaseAll();
        }
        return loop.newSucceededFuture(null);
    }

    @Override
    public String toString() {
        return "packets of " + v4;
    }
}
