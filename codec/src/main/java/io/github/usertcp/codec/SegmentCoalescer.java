package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Joins consecutive segments of one connection into super-segments, as a network card's receive offload does, so that the
 * connection is entered once for 64 KiB and not once for every MSS. The inverse of {@link SegmentSplitter}: splitting what comes
 * out gives what went in, with the same headers and in the same order.
 *
 * <p>Segments are joined if they carry payload, follow each other without a gap, belong to the same connection, and do not differ
 * in acknowledgment, window, options, ECN flags or traffic class; so nothing that means something by being repeated (a duplicate
 * ACK, a window update) is ever lost. All pieces have the length of the first, which becomes the {@link TcpSegment#segmentSize()} of the
 * result; a shorter piece, PSH or FIN ends a super-segment, and so does anything that does not continue it. SYN, RST and URG
 * are never joined, and CWR only where the next segment has it too, as in the counter of accurate ECN (RFC 9768 section 3.2.2). A
 * segment that stays alone keeps its segment size of 0.
 *
 * <p>Use, by a link that reads datagrams: one {@link #offer} for each, one {@link #flush} when the read batch ends, because
 * nothing waits for the next batch.
 *
 * <p>A datagram costs no garbage of its own: its header is parsed into one segment that is used again and again, and only a run
 * of segments makes a new one. With {@code exclusiveMemory}, the payloads of datagrams that are slices of one buffer (UDP_GRO,
 * recvmmsg) are moved together in that buffer; otherwise the payload of a joined segment is a composite buffer. One run is open
 * at a time; segments of several connections come out in the order in which they went in.
 *
 * <p>Not thread-safe; it holds nothing between {@code flush} and the next {@code offer}.
 */
public final class SegmentCoalescer {
    /** Most bytes of payload in a super-segment, unless fewer are asked for. */
    public static final int MAX_PAYLOAD = 64 * 1024;

    private static final int ENDING_FLAGS = TcpFlags.PSH | TcpFlags.FIN;
    private static final int JOINABLE_FLAGS = TcpFlags.ACK | TcpFlags.ECE | TcpFlags.CWR | TcpFlags.AE | ENDING_FLAGS;

    private final SegmentSink sink;
    private final boolean verifyChecksums;
    private final int maxPayload;
    private final PayloadRun payload;
    private final TcpSegment scratch = new TcpSegment();

    /** The header of the open run, or null if there is none. */
    private TcpSegment head;
    private int segmentSize;
    private int payloadLength;

    /**
     * A coalescer with an empty run.
     *
     * @param exclusiveMemory  true if nobody else reads the memory of what is offered, nor the memory between two buffers cut
     *     from the same one and offered one after the other: the coalescer then writes to it
     * @param verifyChecksums  true to drop datagrams whose TCP checksum is wrong, for which both addresses must be known
     */
    public SegmentCoalescer(SegmentSink sink, boolean exclusiveMemory, boolean verifyChecksums) {
        this(sink, exclusiveMemory, verifyChecksums, MAX_PAYLOAD);
    }

    /** The same, of super-segments with at most {@code maxPayload} bytes of payload, for a way on that takes no more. */
    public SegmentCoalescer(SegmentSink sink, boolean exclusiveMemory, boolean verifyChecksums, int maxPayload) {
        this.sink = sink;
        this.verifyChecksums = verifyChecksums;
        this.maxPayload = maxPayload;
        payload = new PayloadRun(exclusiveMemory);
    }

    /**
     * Takes the readable bytes of a datagram as one TCP segment. Its reference passes to the coalescer. Bytes that are no segment
     * are released, and told to the sink with a reason; nothing the network sends makes this throw.
     *
     * @param sourceUdpPort  0 if the segment did not travel in UDP; likewise {@code destinationUdpPort}
     */
    public void offer(ByteBuf datagram, IpAddress source, int sourceUdpPort, IpAddress destination, int destinationUdpPort) {
        scratch.source(source, 0).destination(destination, 0).udpPorts(sourceUdpPort, destinationUdpPort).trafficClass(0);
        offerBytes(datagram);
    }

    /** Likewise for the payload of an IP packet. */
    public void offer(ByteBuf payload, IpHeader header) {
        scratch.source(header.source(), 0).destination(header.destination(), 0).udpPorts(0, 0).trafficClass(header.trafficClass());
        offerBytes(payload);
    }

    private void offerBytes(ByteBuf datagram) {
        int index = datagram.readerIndex();
        int length = datagram.readableBytes();
        DropReason reason = readHeader(datagram, index, length);
        if (reason != null) {
            datagram.release();
            sink.onDropped(reason);
            return;
        }
        int headerLength = TcpHeaderReader.headerLength(datagram, index);
        accept(scratch, datagram, index + headerLength, length - headerLength);
    }

    /** Takes a segment, whose ownership passes to the coalescer. One that has a segment size already is passed on as it is. */
    public void offer(TcpSegment segment) {
        ByteBuf bytes = segment.takePayload();
        accept(segment, bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    /** Hands the open run, if there is one, to the sink. */
    public void flush() {
        if (head != null) {
            TcpSegment segment = head.payload(payload.take());
            if (payloadLength > segmentSize) {
                segment.segmentSize(segmentSize);
            }
            head = null;
            sink.onSegment(segment);
        }
    }

    private DropReason readHeader(ByteBuf datagram, int index, int length) {
        DropReason reason = TcpHeaderReader.readHeader(datagram, index, length, scratch);
        if (reason == null) {
            reason = TcpHeaderReader.checkAddresses(scratch);
        }
        if (reason == null && verifyChecksums
            && !TcpChecksum.isValid(datagram, index, length, scratch.source(), scratch.destination())) {
            reason = DropReason.BAD_CHECKSUM;
        }
        return reason;
    }

    private void accept(TcpSegment next, ByteBuf holder, int index, int length) {
        if (head != null && continues(next, length) && payload.append(holder, index, length)) {
            head.addFlags(next.flags() & ENDING_FLAGS).repeatsCwr(next.hasFlags(TcpFlags.CWR));
            payloadLength += length;
        } else {
            flush();
            head = next == scratch ? new TcpSegment().copyHeader(scratch) : next;
            segmentSize = length;
            payloadLength = length;
            if (length > 0) {
                payload.begin(holder, index, length);
            } else {
                holder.release(); // a pure ACK keeps no datagram alive
                payload.begin(Unpooled.EMPTY_BUFFER, 0, 0);
            }
        }
        if (!isOpen(length)) {
            flush();
        }
    }

    /** True if another segment could still be joined to the run, whose last piece has this length. */
    private boolean isOpen(int lastLength) {
        return lastLength == segmentSize && lastLength > 0 && payloadLength < maxPayload
            && (head.flags() & TcpFlags.ACK) != 0 && (head.flags() & (~JOINABLE_FLAGS | ENDING_FLAGS)) == 0
            && head.urgentPointer() == 0 && head.segmentSize() == 0;
    }

    private boolean continues(TcpSegment next, int length) {
        return next.seq() == head.seq() + payloadLength
            && length > 0 && length <= segmentSize && length <= maxPayload - payloadLength
            && ((next.flags() ^ head.flags()) & ~ENDING_FLAGS) == 0
            && next.ack() == head.ack() && next.window() == head.window() && next.urgentPointer() == 0 && next.segmentSize() == 0
            && next.trafficClass() == head.trafficClass() && isSameConnection(next) && next.sameOptions(head);
    }

    private boolean isSameConnection(TcpSegment next) {
        return next.sourcePort() == head.sourcePort() && next.destinationPort() == head.destinationPort()
            && next.sourceUdpPort() == head.sourceUdpPort() && next.destinationUdpPort() == head.destinationUdpPort()
            && next.source().equals(head.source()) && next.destination().equals(head.destination());
    }
}
