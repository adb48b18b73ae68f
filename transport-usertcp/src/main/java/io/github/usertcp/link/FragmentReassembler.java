package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes packets of their fragments (RFC 791 section 3.2, RFC 8200 section 4.5). TCP avoids being fragmented, so the budget is small:
 * 16 packets, oldest first to go, each of at most 64 KiB and in at most 64 pieces, for as long as Linux waits: 30 seconds for those of
 * IPv4, 60 for those of IPv6. The sender of one that stays incomplete is told (RFC 1122 section 3.3.2, RFC 8200 section 4.5).
 *
 * <p>A fragment that overlaps another gives its packet up, of either version: RFC 5722 section 4 wants it for IPv6, and Linux does it for
 * IPv4 since FragmentSmack. One that repeats another exactly is a duplicate and ignored.
 */
final class FragmentReassembler {
    static final int MAX_PACKETS = 16;
    /** Departs from RFC 1122 3.3.2: it has 60 to 120 seconds; at today's rates identifications are used again in less (RFC 4963). */
    static final long TIMEOUT_NANOS_V4 = 30_000_000_000L;
    /** RFC 8200 section 4.5. */
    static final long TIMEOUT_NANOS_V6 = 60_000_000_000L;

    private static final int MAX_PACKET = 65_535;
    /** In an IPv6 header; and in a fragment header, behind the number of the next one. */
    private static final int PAYLOAD_LENGTH = 4;
    private static final int FRAGMENT_OFFSET = 2;

    /** What the fragments of a packet have in common; the protocol in IPv4 only (RFC 8200 section 4.5). */
    private record Key(IpAddress source, IpAddress destination, int identification, int protocol) {
    }

    private final ByteBufAllocator alloc;
    private final IcmpHost icmp;
    private final Consumer<DropReason> drops;
    private final Map<Key, PartialPacket> packets = new LinkedHashMap<>();

    /**
     * Without a fragment yet.
     *
     * @param icmp   tells senders what is wrong with their fragments
     * @param drops  gets the reason of each packet given up, and of each fragment that is none
     */
    FragmentReassembler(ByteBufAllocator alloc, IcmpHost icmp, Consumer<DropReason> drops) {
        this.alloc = alloc;
        this.icmp = icmp;
        this.drops = drops;
    }

    /**
     * Takes a fragment, in the readable bytes of a packet that stays the caller's.
     *
     * @return the whole packet, header included, the caller's; or null while it is not whole
     */
    ByteBuf add(ByteBuf fragment, IpHeader header, long nowNanos) {
        if (!isPossible(fragment, header, nowNanos)) {
            drops.accept(DropReason.FRAGMENT);
            return null;
        }
        boolean v4 = header.isV4();
        Key key = new Key(header.source(), header.destination(), header.identification(), v4 ? header.protocol() : 0);
        PartialPacket packet = packets.get(key);
        if (packet == null) {
            makeRoom();
            packet = new PartialPacket(header, alloc, nowNanos + (v4 ? TIMEOUT_NANOS_V4 : TIMEOUT_NANOS_V6));
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
        return packet.takeWhole();
    }

    /** Whether lengths and offset can be those of a fragment. Of IPv6, RFC 8200 section 4.5 has the sender told if they can not. */
    private boolean isPossible(ByteBuf fragment, IpHeader header, long nowNanos) {
        int length = header.payloadLength();
        boolean v4 = header.isV4();
        boolean unaligned = header.hasMoreFragments() && (length & 7) != 0;
        boolean tooLong = header.fragmentOffset() + length > (v4 ? MAX_PACKET - Ipv4Header.MIN_LENGTH : MAX_PACKET);
        if (!v4 && (unaligned || tooLong)) {
            int field = unaligned ? PAYLOAD_LENGTH : header.protocolOffset() + FRAGMENT_OFFSET;
            icmp.report(IcmpErrorKind.PARAMETER_PROBLEM, field, fragment, header, nowNanos);
        }
        return length > 0 && !unaligned && !tooLong;
    }

    /** Gives up what has waited for too long. */
    void expire(long nowNanos) {
        Iterator<PartialPacket> all = packets.values().iterator();
        while (all.hasNext()) {
            PartialPacket packet = all.next();
            if (nowNanos - packet.deadlineNanos() >= 0) {
                all.remove();
                drops.accept(DropReason.FRAGMENT_TIMEOUT);
                packet.reportTo(icmp, nowNanos);
                packet.release();
            }
        }
    }

    /** Whether nothing is waited for. */
    boolean isEmpty() {
        return packets.isEmpty();
    }

    /** In how many nanoseconds from now the next packet is to be {@linkplain #expire given up}, of those that there are. */
    long nanosToDeadline(long nowNanos) {
        long nanos = Long.MAX_VALUE;
        for (PartialPacket packet : packets.values()) {
            nanos = Math.min(nanos, packet.deadlineNanos() - nowNanos);
        }
        return nanos;
    }

    void release() {
        packets.values().forEach(PartialPacket::release);
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
}
