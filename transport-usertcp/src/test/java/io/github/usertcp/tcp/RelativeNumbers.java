package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/**
 * Between a trace's numbers and those of the wire. As in packetdrill, sequence numbers of a trace count from the initial sequence number of their sender
 * and acknowledgments from that of the other side; timestamps count from a base per side, so that our TSval is the script's time in milliseconds.
 * All bases lie just below 2^32, so that every trace wraps.
 */
final class RelativeNumbers {
    static final int ISS = 0xFFFF_FF00;
    static final int PEER_ISS = 0xFFFF_FE00;
    static final int TS_BASE = 0xFFFF_FF80;
    static final int PEER_TS_BASE = 0xFFFF_FFC0;

    private RelativeNumbers() {
    }

    /** A segment of the peer, from trace to wire, in place. */
    static TcpSegment fromPeer(TcpSegment segment) {
        segment.seq(segment.seq() + PEER_ISS);
        if (segment.isAck()) {
            segment.ackField(segment.ack() + ISS);
        }
        if (segment.hasTimestamps()) {
            segment.timestamps(segment.tsVal() + PEER_TS_BASE, segment.isAck() ? segment.tsEcr() + TS_BASE : segment.tsEcr());
        }
        return shiftSackBlocks(segment, ISS);
    }

    /** A copy of the header of a segment of ours, from wire to trace. */
    static TcpSegment ofOurs(TcpSegment wire) {
        TcpSegment segment = new TcpSegment().copyHeader(wire);
        segment.seq(segment.seq() - ISS);
        if (segment.isAck()) {
            segment.ackField(segment.ack() - PEER_ISS);
        }
        if (segment.hasTimestamps()) {
            segment.timestamps(segment.tsVal() - TS_BASE, segment.isAck() ? segment.tsEcr() - PEER_TS_BASE : segment.tsEcr());
        }
        return shiftSackBlocks(segment, -PEER_ISS);
    }

    private static TcpSegment shiftSackBlocks(TcpSegment segment, int by) {
        int count = segment.sackBlockCount();
        int[] edges = new int[2 * count];
        for (int i = 0; i < count; i++) {
            edges[2 * i] = segment.sackLeft(i) + by;
            edges[2 * i + 1] = segment.sackRight(i) + by;
        }
        segment.clearSackBlocks();
        for (int i = 0; i < count; i++) {
            segment.addSackBlock(edges[2 * i], edges[2 * i + 1]);
        }
        return segment;
    }
}
