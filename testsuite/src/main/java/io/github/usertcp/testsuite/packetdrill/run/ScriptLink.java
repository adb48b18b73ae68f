package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpHeaderReader;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.testsuite.packetdrill.script.IcmpPacket;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;

/** The network of the machine under test: plain IP, whose other end is the script. */
final class ScriptLink implements Link, LinkProvider {
    private static final int IPV6_HEADER_LENGTH = 40;
    /** What a TUN device with offloads takes at once. */
    private static final int MAX_SUPER_SEGMENT = 65_160;

    private final VirtualLoop loop;
    private final RunOptions options;
    private final Consumer<WirePacket> output;
    private final int mtuMss;
    private LinkReceiver receiver;
    private boolean closed;

    /** @param output  told of every packet the stack sends, cut to the MTU */
    ScriptLink(VirtualLoop loop, RunOptions options, int mss, Consumer<WirePacket> output) {
        this.loop = loop;
        this.options = options;
        this.output = output;
        mtuMss = mss;
    }

    /**
     * A segment arrives.
     *
     * @param segment       from the TCP header on; passes
     * @param trafficClass  of the IP packet around it
     */
    void inject(ByteBuf segment, int trafficClass) {
        TcpSegment parsed = new TcpSegment().source(options.remote(), 0).destination(options.local(), 0).trafficClass(trafficClass);
        DropReason reason = TcpHeaderReader.read(segment, segment.readerIndex(), segment.readableBytes(), parsed);
        segment.release();
        long now = loop.ticker().nanoTime();
        if (reason != null) {
            parsed.release();
            receiver.onDropped(reason);
        } else {
            int wireMss = options.inboundMss > 0 ? options.inboundMss : mtuMss;
            receiver.onSegment(parsed.segmentSize(parsed.payloadLength() > wireMss ? wireMss : 0), now);
        }
        receiver.onReadComplete(now);
    }

    /** An ICMP message about a packet of that connection arrives, from the peer. */
    void inject(IcmpPacket packet, Flow flow) {
        IpHeader header = new IpHeader().addresses(options.remote(), options.local());
        ByteBuf bytes = IcmpBytes.of(packet, flow, header);
        IcmpMessage message = new IcmpMessage();
        DropReason reason = IcmpMessage.read(bytes, 0, bytes.readableBytes(), header, message);
        long now = loop.ticker().nanoTime();
        IcmpError error = reason == null ? message.tcpError(bytes, 0) : null;
        if (reason != null) {
            receiver.onDropped(reason);
        } else if (error != null) {
            receiver.onIcmp(error, now);
        }
        receiver.onReadComplete(now);
    }

    @Override
    public void write(TcpSegment segment) {
        SegmentSplitter.split(segment, this::writePiece);
    }

    private void writePiece(TcpSegment piece) {
        ByteBuf packet = Unpooled.buffer();
        IpHeader header = new IpHeader().addresses(piece.source(), piece.destination()).trafficClass(piece.trafficClass());
        int length = SegmentSplitter.pieceLength(piece);
        int headerLength = header.isV4() ? Ipv4Header.MIN_LENGTH : IPV6_HEADER_LENGTH;
        packet.writeZero(headerLength);
        if (header.isV4()) {
            Ipv4Header.write(header, length, packet, 0);
        } else {
            Ipv6Header.write(header, length, packet, 0);
        }
        SegmentSplitter.writePieces(piece, 0, 1, packet, true);
        piece.release();
        output.accept(new WirePacket(packet, loop.nowMicros()));
        packet.release();
    }

    @Override
    public Future<Link> open(EventLoop on, LinkReceiver to) {
        receiver = to;
        return on.newSucceededFuture(this);
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        return options.local();
    }

    @Override
    public IpAddress boundAddress() {
        return options.local();
    }

    @Override
    public int udpPort() {
        return 0;
    }

    @Override
    public int maxSegmentSize(IpAddress remote) {
        return mtuMss;
    }

    @Override
    public int maxPayloadBytes() {
        return MAX_SUPER_SEGMENT;
    }

    @Override
    public boolean carriesEcn() {
        return true;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void flush() {
        // written is sent
    }

    @Override
    public Future<Void> close() {
        if (!closed) {
            closed = true;
            receiver.onClosing();
            receiver.onClosed();
        }
        return loop.newSucceededFuture(null);
    }
}
