package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes packets of their fragments (RFC 791 section 3.2, RFC 8200 section 4.5). TCP avoids being fragmented, so the budget is small:
 * 16 packets, oldest first to go, each of at most 64 KiB and in at most 64 pieces, for 30 seconds.
 *
 * <p>A fragment that overlaps another gives its packet up, of either version: RFC 5722 section 4 wants it for IPv6, and Linux does it for
 * IPv4 since FragmentSmack. One that repeats another exactly is a duplicate and ignored.
 */
final class FragmentReassembler {
    static final int MAX_PACKETS = 16;
    static final int MAX_PIECES = 64;
    /** Linux's ipfrag_time; RFC 8200 section 4.5 has 60 seconds, RFC 1122 section 3.3.2 60 to 120, from times of slower links. */
    static final long TIMEOUT_NANOS = 30_000_000_000L;

    private static final int MAX_PACKET = 65_535;
    private static final int CE = 3;

    /** What the fragments of a packet have in common. */
    private record Key(IpAddress source, IpAddress destination, int identification, int protocol) {
    }

    private final ByteBufAllocator alloc;
    private final Consumer<DropReason> drops;
    private final Map<Key, Packet> packets = new LinkedHashMap<>();

    /** Tells {@code drops} the reason of each packet given up, and of each fragment that is none. */
    FragmentReassembler(ByteBufAllocator alloc, Consumer<DropReason> drops) {
        this.alloc = alloc;
        this.drops = drops;
    }

    /**
     * Takes a fragment, in the readable bytes of a packet that stays the caller's.
     *
     * @return the whole packet, header included, the caller's; or null while it is not whole
     */
    ByteBuf add(ByteBuf fragment, IpHeader header, long nowNanos) {
        expire(nowNanos);
        int start = header.fragmentOffset();
        int length = header.payloadLength();
        int headerLength = header.isV4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        boolean unaligned = header.hasMoreFragments() && (length & 7) != 0;
        if (length == 0 || unaligned || start + length > (header.isV4() ? MAX_PACKET - headerLength : MAX_PACKET)) {
            drops.accept(DropReason.FRAGMENT);
            return null;
        }
        Key key = new Key(header.source(), header.destination(), header.identification(), header.protocol());
        Packet packet = packets.get(key);
        if (packet == null) {
            makeRoom();
            packet = new Packet(headerLength, nowNanos);
            packets.put(key, packet);
        }
        DropReason reason = packet.add(fragment, header);
        if (reason != null) {
            giveUp(key, reason);
            return null;
        }
        if (!packet.isWhole()) {
            return null;
        }
        packets.remove(key);
        return packet.takeWhole(header);
    }

    /** Gives up what has waited for too long. */
    void expire(long nowNanos) {
        Iterator<Packet> oldest = packets.values().iterator();
        while (oldest.hasNext()) {
            Packet packet = oldest.next();
            if (nowNanos - packet.sinceNanos < TIMEOUT_NANOS) {
                return;
            }
            oldest.remove();
            packet.release();
            drops.accept(DropReason.FRAGMENT_TIMEOUT);
        }
    }

    void release() {
        packets.values().forEach(Packet::release);
        packets.clear();
    }

    private void makeRoom() {
        if (packets.size() == MAX_PACKETS) {
            giveUp(packets.keySet().iterator().next(), DropReason.FRAGMENT_NO_ROOM);
        }
    }

    private void giveUp(Key key, DropReason reason) {
        packets.remove(key).release();
        drops.accept(reason);
    }

    /** A packet of which something has come. */
    private final class Packet {
        private final int headerLength;
        private final long sinceNanos;
        /** Room for the header, then the payload, with holes in it. */
        private final ByteBuf bytes;
        /** Where pieces start and end, in order. */
        private final int[] starts = new int[MAX_PIECES];
        private final int[] ends = new int[MAX_PIECES];
        private int pieces;
        private int received;
        /** Length of the whole payload, or -1 until the last fragment has come. */
        private int total = -1;
        private boolean congested;
        private boolean notCapable;

        Packet(int headerLength, long sinceNanos) {
            this.headerLength = headerLength;
            this.sinceNanos = sinceNanos;
            bytes = alloc.directBuffer(2 * 1500, headerLength + MAX_PACKET);
        }

        DropReason add(ByteBuf fragment, IpHeader header) {
            int start = header.fragmentOffset();
            int end = start + header.payloadLength();
            int at = 0;
            while (at < pieces && ends[at] <= start) {
                at++;
            }
            if (at < pieces && starts[at] == start && ends[at] == end) {
                return null; // a duplicate
            }
            boolean last = !header.hasMoreFragments();
            boolean beyond = total >= 0 && (end > total || last) || last && pieces > 0 && ends[pieces - 1] > end;
            if (at < pieces && starts[at] < end || beyond) {
                return DropReason.FRAGMENT_OVERLAP;
            }
            if (pieces == MAX_PIECES) {
                return DropReason.FRAGMENT_NO_ROOM;
            }
            insert(at, start, end);
            bytes.ensureWritable(Math.max(0, headerLength + end - bytes.writerIndex()));
            bytes.setBytes(headerLength + start, fragment, fragment.readerIndex() + header.headerLength(), end - start);
            bytes.writerIndex(Math.max(bytes.writerIndex(), headerLength + end));
            total = last ? end : total;
            int ecn = header.trafficClass() & CE;
            congested |= ecn == CE;
            notCapable |= ecn == 0;
            // RFC 3168 section 5.3: a mark is not lost; on a packet whose sender knows no ECN it is a forgery or a defect
            return congested && notCapable ? DropReason.FRAGMENT : null;
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

        /** With the header of the fragment that came last, which is the same in all that matters. */
        ByteBuf takeWhole(IpHeader header) {
            IpHeader whole = new IpHeader().addresses(header.source(), header.destination()).protocol(header.protocol())
                .hopLimit(header.hopLimit()).trafficClass(congested ? header.trafficClass() | CE : header.trafficClass());
            if (header.isV4()) {
                Ipv4Header.write(whole, total, bytes, 0);
            } else {
                Ipv6Header.write(whole, total, bytes, 0);
            }
            return bytes;
        }

        void release() {
            bytes.release();
        }
    }
}
