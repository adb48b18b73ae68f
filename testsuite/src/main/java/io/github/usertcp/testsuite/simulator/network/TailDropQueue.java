package io.github.usertcp.testsuite.simulator.network;

import java.util.ArrayDeque;

/**
 * First in, first out, and no more than so many bytes. With a marking threshold it marks ECN capable packets that find more than so much
 * before them, which is all that DCTCP asks of a switch (RFC 8257 section 3.1).
 */
public final class TailDropQueue implements PacketQueue {
    private final ArrayDeque<Packet> packets = new ArrayDeque<>();
    private final long limitBytes;
    private final long markAboveBytes;
    private PacketObserver observer = PacketObserver.NONE;
    private long bytes;

    public TailDropQueue(long limitBytes) {
        this(limitBytes, Long.MAX_VALUE);
    }

    /**
     * A queue that marks.
     *
     * @param markAboveBytes  {@link Long#MAX_VALUE} for never
     */
    public TailDropQueue(long limitBytes, long markAboveBytes) {
        this.limitBytes = limitBytes;
        this.markAboveBytes = markAboveBytes;
    }

    @Override
    public void offer(Packet packet, long nowNanos) {
        // One packet always fits, or a limit below the MTU would be a black hole.
        if (bytes > 0 && bytes + packet.wireBytes() > limitBytes) {
            observer.onFate(packet, PacketFate.DROPPED_BY_QUEUE);
            packet.release();
            return;
        }
        if (bytes > markAboveBytes && packet.isEcnCapable()) {
            packet.mark();
            observer.onFate(packet, PacketFate.MARKED);
        }
        bytes += packet.wireBytes();
        packets.add(packet);
    }

    @Override
    public Packet poll(long nowNanos) {
        Packet packet = packets.poll();
        if (packet != null) {
            bytes -= packet.wireBytes();
        }
        return packet;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void observer(PacketObserver newObserver) {
        observer = newObserver;
    }
}
