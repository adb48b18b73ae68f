package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** A packet of which something has come: its payload, with holes in it. */
final class PartialPacket {
    static final int MAX_PIECES = 64;

    private static final int MAX_PACKET = 65_535;
    /** As much of a packet as an ICMP error quotes at most. */
    private static final int MAX_QUOTE = 1280;
    private static final int CE = 3;

    private final long deadlineNanos;
    private final int headerLength;
    private final ByteBufAllocator alloc;
    /** That of the packet's first fragment once it has come: where fragments differ, that one is right (RFC 8200 section 4.5). */
    private final IpHeader header = new IpHeader();
    /** Room for the header, then the payload. */
    private final ByteBuf bytes;
    /** Beginning of the packet's first fragment as it came, header included, or null. */
    private ByteBuf first;
    /** Where pieces start and end, in order. */
    private final int[] starts = new int[MAX_PIECES];
    private final int[] ends = new int[MAX_PIECES];
    private int pieces;
    private int received;
    /** Length of the whole payload, or -1 until the last fragment has come. */
    private int total = -1;
    private boolean congested;
    private boolean notCapable;

    /** Empty, of the packet that this is a fragment of. */
    PartialPacket(IpHeader fragment, ByteBufAllocator alloc, long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        this.alloc = alloc;
        headerLength = fragment.isV4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        bytes = alloc.directBuffer(2 * 1500, headerLength + MAX_PACKET);
    }

    /** Until when the rest is waited for. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Takes a fragment in, from a buffer that stays the caller's; returns why the whole packet is to be given up, or null if it is not. */
    DropReason add(ByteBuf packet, IpHeader fragment) {
        int start = fragment.fragmentOffset();
        int end = start + fragment.payloadLength();
        int at = 0;
        while (at < pieces && ends[at] <= start) {
            at++;
        }
        if (at < pieces && starts[at] == start && ends[at] == end) {
            return null; // a duplicate
        }
        boolean last = !fragment.hasMoreFragments();
        boolean beyond = total >= 0 && (end > total || last) || last && pieces > 0 && ends[pieces - 1] > end;
        if (at < pieces && starts[at] < end || beyond) {
            return DropReason.FRAGMENT_OVERLAP;
        }
        if (pieces == MAX_PIECES) {
            return DropReason.FRAGMENT_NO_ROOM;
        }
        insert(at, start, end);
        bytes.ensureWritable(Math.max(0, headerLength + end - bytes.writerIndex()));
        bytes.setBytes(headerLength + start, packet, packet.readerIndex() + fragment.headerLength(), end - start);
        bytes.writerIndex(Math.max(bytes.writerIndex(), headerLength + end));
        total = last ? end : total;
        if (start == 0) {
            keepFirst(packet);
        }
        int ecn = fragment.trafficClass() & CE;
        congested |= ecn == CE;
        notCapable |= ecn == 0;
        // RFC 3168 section 5.3: a mark is not lost; on a packet whose sender knows no ECN it is a forgery or a defect
        return congested && notCapable ? DropReason.FRAGMENT : null;
    }

    private void keepFirst(ByteBuf packet) {
        IpHeader.read(packet, packet.readerIndex(), packet.readableBytes(), header);
        int length = Math.min(packet.readableBytes(), MAX_QUOTE);
        first = alloc.directBuffer(length).writeBytes(packet, packet.readerIndex(), length);
    }

    private void insert(int at, int start, int end) {
        System.arraycopy(starts, at, starts, at + 1, pieces - at);
        System.arraycopy(ends, at, ends, at + 1, pieces - at);
        starts[at] = start;
        ends[at] = end;
        pieces++;
        received += end - start;
    }

    boolean isWhole() {
        return received == total;
    }

    /** The whole packet, header included, the caller's; it ends this one's life. */
    ByteBuf takeWhole() {
        header.fragment(0, false).trafficClass(congested ? header.trafficClass() | CE : header.trafficClass());
        if (header.isV4()) {
            Ipv4Header.write(header, total, bytes, 0);
        } else {
            Ipv6Header.write(header, total, bytes, 0);
        }
        first.release();
        return bytes;
    }

    /** Tells the sender that fragments are missing, if the first has come: without it, it would not know what the talk is of. */
    void reportTo(IcmpHost icmp, long nowNanos) {
        if (first != null) {
            icmp.report(IcmpErrorKind.FRAGMENTS_MISSING, 0, first, header, nowNanos);
        }
    }

    void release() {
        bytes.release();
        if (first != null) {
            first.release();
        }
    }
}
