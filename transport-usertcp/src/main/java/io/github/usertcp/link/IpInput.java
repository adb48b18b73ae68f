package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.codec.TcpHeaderReader;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tun.VirtioNetHeader;
import io.netty.buffer.ByteBuf;

/**
 * What a host does with IP packets that arrive (RFC 1122 section 3, RFC 8200): TCP goes to the coalescer, ICMP is answered or
 * reported, to everything else the sender hears that nobody wants it, or that there is no such host. Fragments wait for the others of their
 * packet. Whatever is wrong is dropped and counted.
 */
final class IpInput {
    private final OwnAddresses ours;
    private final SegmentSink sink;
    private final SegmentCoalescer coalescer;
    private final IcmpHost icmp;
    private final FragmentReassembler fragments;
    private final IpHeader header = new IpHeader();

    /** For the packets to those addresses; the coalescer delivers to the same sink. */
    IpInput(OwnAddresses ours, SegmentSink sink, SegmentCoalescer coalescer, IcmpHost icmp, FragmentReassembler fragments) {
        this.ours = ours;
        this.sink = sink;
        this.coalescer = coalescer;
        this.icmp = icmp;
        this.fragments = fragments;
    }

    /** Takes the readable bytes as a {@link VirtioNetHeader} and an IP packet, and the reference to them. */
    void acceptWithHeader(ByteBuf packet, long nowNanos) {
        if (packet.readableBytes() < VirtioNetHeader.LENGTH) {
            drop(packet, DropReason.BAD_IP_HEADER);
            return;
        }
        int index = packet.readerIndex();
        boolean checksumGood = VirtioNetHeader.isChecksumGood(packet, index);
        int segmentSize = VirtioNetHeader.tcpSegmentSize(packet, index);
        accept(packet.skipBytes(VirtioNetHeader.LENGTH), checksumGood, segmentSize, nowNanos);
    }

    /**
     * Takes the readable bytes as an IP packet, and the reference to them.
     *
     * @param checksumGood  true if the transport's checksum needs no look
     * @param segmentSize   payload of each piece if it is a TCP super-segment, else 0
     */
    void accept(ByteBuf packet, boolean checksumGood, int segmentSize, long nowNanos) {
        DropReason reason = IpHeader.read(packet, packet.readerIndex(), packet.readableBytes(), header);
        if (reason == null || header.problemOffset() >= 0) {
            DropReason wrong = checkAddresses(); // before whatever else is wrong: only who has sent to us is told of that
            reason = wrong != null ? wrong : reason;
        }
        if (reason != null) {
            report(packet, reason, nowNanos);
            drop(packet, reason);
            return;
        }
        if (header.isFragment()) {
            acceptFragment(packet, nowNanos);
            return;
        }
        packet.writerIndex(packet.readerIndex() + header.headerLength() + header.payloadLength()); // behind it may be padding
        if (header.protocol() == TcpChecksum.PROTOCOL) {
            acceptTcp(packet.skipBytes(header.headerLength()), checksumGood, segmentSize);
            return;
        }
        try {
            acceptOther(packet, nowNanos);
        } finally {
            packet.release();
        }
    }

    private DropReason checkAddresses() {
        IpAddress source = header.source();
        if (!ours.allowSource(source) || source.equals(header.destination())) {
            return DropReason.BAD_ADDRESS;
        }
        return ours.contain(header.destination()) ? null : DropReason.NOT_OURS;
    }

    /** Tells the sender of a packet that is not taken, where it is to be told. */
    private void report(ByteBuf packet, DropReason reason, long nowNanos) {
        if (reason == DropReason.UNKNOWN_OPTION && header.problemOffset() >= 0) {
            icmp.report(IcmpErrorKind.UNKNOWN_OPTION, header.problemOffset(), packet, header, nowNanos);
        } else if (reason == DropReason.SOURCE_ROUTE && header.problemOffset() >= 0) {
            icmp.report(IcmpErrorKind.PARAMETER_PROBLEM, header.problemOffset(), packet, header, nowNanos);
        } else if (reason == DropReason.NOT_OURS && header.fragmentOffset() == 0 && ours.areRouterFor(header.destination())) {
            // Departs from RFC 1122 3.2.1.3: a host discards in silence what is for another. But the networks of this one begin and end
            // here, so that nobody else would say that there is no such host; without a word, a connect to it takes minutes to fail.
            icmp.report(IcmpErrorKind.HOST_UNREACHABLE, 0, packet, header, nowNanos);
        }
    }

    private void acceptFragment(ByteBuf packet, long nowNanos) {
        ByteBuf whole;
        try {
            whole = fragments.add(packet, header, nowNanos);
        } finally {
            packet.release();
        }
        if (whole != null) {
            accept(whole, false, 0, nowNanos);
        }
    }

    void release() {
        fragments.release();
    }

    private void acceptTcp(ByteBuf bytes, boolean checksumGood, int segmentSize) {
        int index = bytes.readerIndex();
        int length = bytes.readableBytes();
        if (!checksumGood && !TcpChecksum.isValid(bytes, index, length, header.source(), header.destination())) {
            drop(bytes, DropReason.BAD_CHECKSUM);
        } else if (segmentSize == 0) {
            coalescer.offer(bytes, header);
        } else {
            acceptSuperSegment(bytes, index, length, segmentSize);
        }
    }

    private void acceptSuperSegment(ByteBuf bytes, int index, int length, int segmentSize) {
        TcpSegment segment = new TcpSegment().source(header.source(), 0).destination(header.destination(), 0)
            .trafficClass(header.trafficClass());
        DropReason reason = TcpHeaderReader.readHeader(bytes, index, length, segment);
        if (reason == null) {
            reason = TcpHeaderReader.checkAddresses(segment);
        }
        if (reason != null) {
            drop(bytes, reason);
            return;
        }
        bytes.skipBytes(TcpHeaderReader.headerLength(bytes, index));
        coalescer.offer(segment.segmentSize(segmentSize < bytes.readableBytes() ? segmentSize : 0).payload(bytes));
    }

    private void acceptOther(ByteBuf packet, long nowNanos) {
        if (header.protocol() == (header.isV4() ? IcmpMessage.PROTOCOL_V4 : IcmpMessage.PROTOCOL_V6)) {
            DropReason reason = icmp.accept(packet, header, nowNanos);
            if (reason != null) {
                sink.onDropped(reason);
            }
        } else {
            sink.onDropped(DropReason.NOT_TCP);
            icmp.refuseProtocol(packet, header, nowNanos);
        }
    }

    private void drop(ByteBuf packet, DropReason reason) {
        packet.release();
        sink.onDropped(reason);
    }
}
