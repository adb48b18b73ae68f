package io.github.usertcp.handlers;

import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.EventExecutor;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The network that packets of one direction go through: decides what becomes of each, and holds back what arrives later, by a timer on the
 * event loop. What it is told to do is read for every packet, so that it may change any time.
 *
 * <p>The transmitter is not a queue of packets but the time until which it is busy: a packet leaves it when those before it have, and
 * finds the queue full if that is too far away.
 *
 * <p>Event loop only.
 */
final class ImpairedPath {
    private static final int UDP_HEADER = 8;

    private final ImpairedDirection direction;
    private final SplittableRandom random;
    private final EventExecutor executor;
    private final PacketExit exit;
    private final DeadlineTimer timer;
    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private long heldBytes;
    private Impairment impairment;
    /** Whether the packet before was lost. */
    private boolean lost;
    private long busyUntilNanos;
    /** When the last packet arrives that is not held up besides: none behind it arrives earlier. */
    private long lastArrivalNanos;
    private long packets;
    /** The largest number of a packet that has left. */
    private long newestLeft;
    private boolean open = true;

    ImpairedPath(ImpairedDirection direction, SplittableRandom random, EventExecutor executor, PacketExit exit) {
        this.direction = direction;
        this.random = random;
        this.executor = executor;
        this.exit = exit;
        impairment = direction.impairment();
        busyUntilNanos = executor.ticker().nanoTime();
        lastArrivalNanos = busyUntilNanos;
        timer = new DeadlineTimer(executor, this::onDeadline, this::close);
    }

    /**
     * Takes a packet, that is, a segment that is not to be cut, and ownership of it.
     *
     * @param promise  succeeds at once if the packet is lost, as nobody notices who has sent it; or null
     */
    void accept(TcpSegment packet, ChannelPromise promise, long nowNanos) {
        if (!open) {
            exit.leave(packet, promise, nowNanos);
            return;
        }
        if (impairment != direction.impairment()) {
            impairment = direction.impairment();
            lastArrivalNanos = nowNanos;
        }
        direction.count(ImpairmentCounter.PACKETS);
        int bytes = wireBytes(packet);
        if (isQueueFull(bytes, nowNanos)) {
            drop(packet, promise, ImpairmentCounter.QUEUE_OVERFLOWS);
            return;
        }
        long departureNanos = transmit(bytes, nowNanos);
        lost = chance(lost ? impairment.lossAfterLoss() : impairment.lossAfterDelivery());
        if (lost) {
            drop(packet, promise, ImpairmentCounter.LOST);
            return;
        }
        TcpSegment copy = chance(impairment.duplication()) ? copy(packet) : null;
        travel(new Held(arrival(departureNanos), ++packets, packet, promise, bytes), nowNanos);
        if (copy != null) {
            direction.count(ImpairmentCounter.DUPLICATED);
            travel(new Held(arrival(departureNanos), ++packets, copy, null, bytes), nowNanos);
        }
    }

    /** From now on, everything comes through at once, and what is held back does so now. */
    void close() {
        if (open) {
            open = false;
            timer.stop();
            letGo(Long.MAX_VALUE, executor.ticker().nanoTime());
        }
    }

    /** The end: what is held back is thrown away, and whoever waits for it to be sent waits for nothing. */
    void discard(Exception cause) {
        open = false;
        timer.stop();
        for (Held next = held.poll(); next != null; next = held.poll()) {
            next.packet.release();
            if (next.promise != null) {
                next.promise.tryFailure(cause);
            }
        }
        heldBytes = 0;
    }

    private boolean isQueueFull(int bytes, long nowNanos) {
        return impairment.hasRate() && busyUntilNanos > nowNanos
            && busyUntilNanos - nowNanos + impairment.transmissionNanos(bytes) > impairment.queueNanos();
    }

    /** Returns when the packet's last bit has left. */
    private long transmit(int bytes, long nowNanos) {
        if (!impairment.hasRate()) {
            return nowNanos;
        }
        busyUntilNanos = Math.max(busyUntilNanos, nowNanos) + impairment.transmissionNanos(bytes);
        return busyUntilNanos;
    }

    private long arrival(long departureNanos) {
        long arrival = departureNanos + impairment.delayNanos();
        if (impairment.jitterNanos() > 0) {
            arrival += random.nextLong(impairment.jitterNanos() + 1);
        }
        arrival = Math.max(arrival, lastArrivalNanos);
        if (chance(impairment.reordering())) {
            return arrival + random.nextLong(impairment.reorderingNanos() + 1);
        }
        lastArrivalNanos = arrival;
        return arrival;
    }

    private void travel(Held packet, long nowNanos) {
        if (packet.arrivalNanos <= nowNanos && (held.isEmpty() || packet.compareTo(held.peek()) < 0)) {
            leave(packet, nowNanos);
        } else if (held.size() >= impairment.maxHeldPackets() || heldBytes + packet.bytes > impairment.maxHeldBytes()) {
            drop(packet.packet, packet.promise, ImpairmentCounter.HELD_OVERFLOWS);
        } else {
            direction.count(ImpairmentCounter.DELAYED);
            held.add(packet);
            heldBytes += packet.bytes;
            timer.set(packet.arrivalNanos);
        }
    }

    private void onDeadline() {
        long now = executor.ticker().nanoTime();
        letGo(now, now);
    }

    private void letGo(long untilNanos, long nowNanos) {
        boolean late = false;
        try {
            while (!held.isEmpty() && held.peek().arrivalNanos <= untilNanos) {
                Held next = held.poll();
                heldBytes -= next.bytes;
                late = true;
                leave(next, nowNanos);
            }
            if (late) {
                exit.lateComplete(nowNanos);
            }
        } finally {
            if (open && !held.isEmpty()) {
                timer.set(held.peek().arrivalNanos);
            }
        }
    }

    private void leave(Held packet, long nowNanos) {
        if (packet.number < newestLeft) {
            direction.count(ImpairmentCounter.REORDERED);
        } else {
            newestLeft = packet.number;
        }
        exit.leave(packet.packet, packet.promise, nowNanos);
    }

    private void drop(TcpSegment packet, ChannelPromise promise, ImpairmentCounter reason) {
        direction.count(reason);
        packet.release();
        if (promise != null) {
            promise.trySuccess();
        }
    }

    private boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private static TcpSegment copy(TcpSegment packet) {
        return new TcpSegment().copyHeader(packet).payload(packet.payload().retainedDuplicate());
    }

    /** Length of the IP packet. */
    private static int wireBytes(TcpSegment packet) {
        int ipHeader = packet.destination().isV4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        return ipHeader + (packet.destinationUdpPort() != 0 ? UDP_HEADER : 0) + SegmentSplitter.pieceLength(packet);
    }

    /** A packet on its way. Ordered by arrival; those that arrive together stay in their order. */
    private record Held(long arrivalNanos, long number, TcpSegment packet, ChannelPromise promise, int bytes) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            return arrivalNanos != other.arrivalNanos ? Long.compare(arrivalNanos, other.arrivalNanos) : Long.compare(number, other.number);
        }
    }
}
