package io.github.usertcp.testsuite.simulator.network;

import io.github.usertcp.codec.EcnCodepoint;
import io.netty.buffer.ByteBuf;

/** A packet on its way: the bytes of a TCP segment or an ICMP message, and of an IP header what routers look at. */
public final class Packet {
    /** An IPv4 header without options: counted on the wire, not carried. */
    public static final int IP_HEADER_BYTES = 20;

    final Route route;
    int hop;
    long queuedNanos;
    private final ByteBuf bytes;
    private final int wireBytes;
    private final Content content;
    private int ecn;

    private enum Content { SEGMENT, ICMP, NOTHING }

    private Packet(Route route, ByteBuf bytes, int wireBytes, Content content, int ecn) {
        this.route = route;
        this.bytes = bytes;
        this.wireBytes = wireBytes;
        this.content = content;
        this.ecn = ecn;
    }

    /**
     * A packet at the start of its route.
     *
     * @param bytes  a TCP segment, owned by the packet
     * @param ecn    an {@link EcnCodepoint}
     */
    public static Packet of(Route route, ByteBuf bytes, int ecn) {
        return new Packet(route, bytes, bytes.readableBytes() + IP_HEADER_BYTES, Content.SEGMENT, ecn);
    }

    /** The same for an ICMP message. */
    static Packet icmp(Route route, ByteBuf bytes) {
        return new Packet(route, bytes, bytes.readableBytes() + IP_HEADER_BYTES, Content.ICMP, EcnCodepoint.NOT_ECT);
    }

    /** A packet of nobody's interest that takes room in queues. */
    static Packet filler(Route route, ByteBuf empty, int wireBytes) {
        return new Packet(route, empty, wireBytes, Content.NOTHING, EcnCodepoint.NOT_ECT);
    }

    /** The same once more, at the same place. */
    Packet copy() {
        Packet copy = new Packet(route, bytes.copy(), wireBytes, content, ecn);
        copy.hop = hop;
        return copy;
    }

    /** It carries a TCP segment. */
    public boolean isSegment() {
        return content == Content.SEGMENT;
    }

    /** It carries an ICMP message. */
    public boolean isIcmp() {
        return content == Content.ICMP;
    }

    /** The segment, from the TCP header on, or the ICMP message. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Length of the IP packet. */
    public int wireBytes() {
        return wireBytes;
    }

    public int ecn() {
        return ecn;
    }

    /** RFC 3168 section 5: a queue may mark instead of drop. */
    boolean isEcnCapable() {
        return ecn != EcnCodepoint.NOT_ECT;
    }

    void mark() {
        ecn = EcnCodepoint.CE;
    }

    void release() {
        bytes.release();
    }
}
