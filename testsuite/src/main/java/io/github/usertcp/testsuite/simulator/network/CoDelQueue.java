package io.github.usertcp.testsuite.simulator.network;

import java.util.ArrayDeque;

/**
 * Controlled delay (RFC 8289). The idea: a queue that drains within an interval is a good one however long; one whose packets have all
 * waited longer than a target for a whole interval stands, and loses (or marks) packets ever faster until it doesn't.
 *
 * <pre>
 *   time to the next drop = interval / sqrt(drops of this episode)
 * </pre>
 * Units are nanoseconds and bytes. ECN capable packets are marked where others are dropped (RFC 8289 section 3.1, as Linux does).
 */
public final class CoDelQueue implements PacketQueue {
    /** RFC 8289 section 4.2 and 4.3. */
    public static final long TARGET_NANOS = 5_000_000;
    public static final long INTERVAL_NANOS = 100_000_000;

    /** A backlog of one full packet is no standing queue (RFC 8289 section 5.3). */
    private static final int MAX_PACKET_BYTES = 1500;
    private static final long BELOW = -1;

    private final ArrayDeque<Packet> packets = new ArrayDeque<>();
    private final long limitBytes;
    private PacketObserver observer = PacketObserver.NONE;
    private long bytes;
    /** When the sojourn time will have been above target for an interval, or {@link #BELOW}. */
    private long firstAboveNanos = BELOW;
    private boolean dropping;
    private long dropNextNanos;
    private int count;
    private int lastCount;
    /** Of the packet polled last: it has waited too long, and so did all before it for an interval. */
    private boolean okToDrop;

    public CoDelQueue(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void offer(Packet packet, long nowNanos) {
        if (bytes > 0 && bytes + packet.wireBytes() > limitBytes) {
            drop(packet);
            return;
        }
        packet.queuedNanos = nowNanos;
        bytes += packet.wireBytes();
        packets.add(packet);
    }

    /** RFC 8289 section 5.5. */
    @Override
    public Packet poll(long nowNanos) {
        Packet packet = take(nowNanos);
        if (dropping) {
            return pollWhileDropping(packet, nowNanos);
        }
        if (!okToDrop) {
            return packet;
        }
        Packet next = punish(packet, nowNanos);
        dropping = true;
        // The rate that controlled the queue a moment ago is a better start than the slowest one.
        int drops = count - lastCount;
        count = drops > 1 && nowNanos - dropNextNanos < 16 * INTERVAL_NANOS ? drops : 1;
        dropNextNanos = controlLaw(nowNanos);
        lastCount = count;
        return next;
    }

    private Packet pollWhileDropping(Packet first, long nowNanos) {
        Packet packet = first;
        dropping = okToDrop;
        while (dropping && nowNanos >= dropNextNanos) {
            boolean marked = packet.isEcnCapable();
            packet = punish(packet, nowNanos);
            count++;
            dropping = okToDrop;
            if (dropping) {
                dropNextNanos = controlLaw(dropNextNanos);
            }
            if (marked) {
                break;
            }
        }
        return packet;
    }

    private long controlLaw(long nanos) {
        return nanos + (long) (INTERVAL_NANOS / Math.sqrt(count));
    }

    /** RFC 8289 section 5.6. */
    private Packet take(long nowNanos) {
        okToDrop = false;
        Packet packet = packets.poll();
        if (packet == null) {
            firstAboveNanos = BELOW;
            return null;
        }
        bytes -= packet.wireBytes();
        if (nowNanos - packet.queuedNanos < TARGET_NANOS || bytes <= MAX_PACKET_BYTES) {
            firstAboveNanos = BELOW;
        } else if (firstAboveNanos == BELOW) {
            firstAboveNanos = nowNanos + INTERVAL_NANOS;
        } else {
            okToDrop = nowNanos >= firstAboveNanos;
        }
        return packet;
    }

    /** Marks the packet and gives it back, or drops it and gives the next. */
    private Packet punish(Packet packet, long nowNanos) {
        if (packet.isEcnCapable()) {
            packet.mark();
            observer.onFate(packet, PacketFate.MARKED);
            return packet;
        }
        drop(packet);
        return take(nowNanos);
    }

    private void drop(Packet packet) {
        observer.onFate(packet, PacketFate.DROPPED_BY_QUEUE);
        packet.release();
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
