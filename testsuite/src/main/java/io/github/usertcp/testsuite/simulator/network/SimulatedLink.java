package io.github.usertcp.testsuite.simulator.network;

import io.netty.buffer.ByteBuf;
import java.util.SplittableRandom;

/**
 * One direction of a link: a queue, a transmitter of a certain rate, and a wire on which packets travel, get lost, overtake each other.
 *
 * <pre>
 *   carry -- too big? black-out? --> queue --> transmitter --> lost? twice? flipped? --> delay, jitter --> next hop
 * </pre>
 */
public final class SimulatedLink {
    private final VirtualTime time;
    private final SplittableRandom random;
    private final PacketQueue queue;
    private LinkConditions conditions;
    private PacketObserver observer = PacketObserver.NONE;
    private boolean transmitting;
    private boolean bad;
    /** Arrival of the newest packet that was not held up: jitter keeps the order. */
    private long lastArrivalNanos;
    private long carriedBytes;

    public SimulatedLink(VirtualTime time, LinkConditions conditions, PacketQueue queue, SplittableRandom random) {
        this.time = time;
        this.conditions = conditions;
        this.queue = queue;
        this.random = random;
    }

    /** Tells one more of what becomes of packets here. */
    public void addObserver(PacketObserver next) {
        observer = observer.and(next);
        queue.observer(observer);
    }

    public LinkConditions conditions() {
        return conditions;
    }

    /** From now on: a path change, a black-out, its end. What is on the wire already arrives, and may be overtaken. */
    public void conditions(LinkConditions newConditions) {
        conditions = newConditions;
        lastArrivalNanos = 0;
    }

    /** Bytes of IP packets that have left the transmitter. */
    public long carriedBytes() {
        return carriedBytes;
    }

    /** IP packet bytes that wait. */
    public long queuedBytes() {
        return queue.bytes();
    }

    void carry(Packet packet) {
        if (packet.wireBytes() > conditions.mtuBytes()) {
            discard(packet, PacketFate.TOO_BIG);
        } else if (conditions.isBlackOut()) {
            discard(packet, PacketFate.BLACKED_OUT);
        } else if (conditions.bitsPerSecond() == 0) {
            leave(packet);
        } else {
            queue.offer(packet, time.nowNanos());
            if (!transmitting) {
                transmitNext();
            }
        }
    }

    private void transmitNext() {
        Packet packet = queue.poll(time.nowNanos());
        transmitting = packet != null;
        if (transmitting) {
            time.after(conditions.transmissionNanos(packet), () -> {
                leave(packet);
                transmitNext();
            });
        }
    }

    private void leave(Packet packet) {
        carriedBytes += packet.wireBytes();
        if (isLost()) {
            discard(packet, PacketFate.LOST);
            return;
        }
        if (chance(conditions.duplication())) {
            observer.onFate(packet, PacketFate.DUPLICATED);
            travel(packet.copy());
        }
        if (packet.bytes().isReadable() && chance(conditions.corruption())) {
            observer.onFate(packet, PacketFate.CORRUPTED);
            flipOneBit(packet.bytes());
        }
        travel(packet);
    }

    private void travel(Packet packet) {
        long arrival = time.nowNanos() + conditions.delayNanos();
        if (conditions.jitterNanos() > 0) {
            arrival += random.nextLong(conditions.jitterNanos() + 1);
        }
        arrival = Math.max(arrival, lastArrivalNanos);
        if (chance(conditions.reordering())) {
            arrival += random.nextLong(conditions.reorderingNanos() + 1);
        } else {
            lastArrivalNanos = arrival;
        }
        time.at(arrival, () -> packet.route.forward(packet));
    }

    private boolean isLost() {
        LossModel loss = conditions.loss();
        if (loss.toBad() > 0 && chance(bad ? loss.toGood() : loss.toBad())) {
            bad = !bad;
        }
        return chance(bad ? loss.lossInBad() : loss.lossInGood());
    }

    private void flipOneBit(ByteBuf bytes) {
        int bit = random.nextInt(bytes.readableBytes() * Byte.SIZE);
        int index = bytes.readerIndex() + bit / Byte.SIZE;
        bytes.setByte(index, bytes.getByte(index) ^ 1 << bit % Byte.SIZE);
    }

    private void discard(Packet packet, PacketFate fate) {
        observer.onFate(packet, fate);
        packet.release();
    }

    private boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }
}
