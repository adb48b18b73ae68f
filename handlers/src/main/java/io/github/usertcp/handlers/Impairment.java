package io.github.usertcp.handlers;

import java.time.Duration;
import java.util.Objects;

/**
 * What a network does to the packets of one direction. Immutable: each method returns another one, and throws
 * {@link IllegalArgumentException} naming setting, value and range when the value is out of range. Probabilities are from 0 to 1, for each
 * packet.
 *
 * <pre>
 *   in -- rate: queue, transmitter -- loss? -- duplication? -- delay, jitter, reordering -- out
 * </pre>
 *
 * <p>There is no corruption: a packet with a wrong checksum is not delivered, so that it is a lost one.
 */
public final class Impairment {
    private static final Impairment NONE = new Impairment();
    private static final Duration MAX_DELAY = Duration.ofMinutes(10);
    /** As many packets of 1460 bytes as fill 15 MiB, the largest receive window that {@code TcpConfig.defaults()} offers. */
    private static final int DEFAULT_HELD_PACKETS = 10_000;
    private static final int DEFAULT_HELD_BYTES = 16 << 20;

    private double lossAfterDelivery;
    private double lossAfterLoss;
    private double duplication;
    private double reordering;
    private long reorderingNanos;
    private long delayNanos;
    private long jitterNanos;
    private long bitsPerSecond;
    private int queueBytes;
    private int maxHeldPackets = DEFAULT_HELD_PACKETS;
    private int maxHeldBytes = DEFAULT_HELD_BYTES;

    private Impairment() {
    }

    private Impairment(Impairment from) {
        lossAfterDelivery = from.lossAfterDelivery;
        lossAfterLoss = from.lossAfterLoss;
        duplication = from.duplication;
        reordering = from.reordering;
        reorderingNanos = from.reorderingNanos;
        delayNanos = from.delayNanos;
        jitterNanos = from.jitterNanos;
        bitsPerSecond = from.bitsPerSecond;
        queueBytes = from.queueBytes;
        maxHeldPackets = from.maxHeldPackets;
        maxHeldBytes = from.maxHeldBytes;
    }

    /** Everything comes through, at once and once: where the others start. */
    public static Impairment none() {
        return NONE;
    }

    /** Packets are lost, each by itself. Default 0; 1 is a black-out. */
    public Impairment loss(double probability) {
        check("loss", probability, 0, 1);
        return losing(probability, probability);
    }

    /**
     * Packets are lost, several in a row (Gilbert's model). Replaces {@link #loss}.
     *
     * @param share        share of packets lost in the long run, 0 to 0.5
     * @param meanPackets  mean length of a run of losses, 1 to 10,000 packets
     */
    public Impairment lossInBursts(double share, double meanPackets) {
        check("share", share, 0, 0.5);
        check("meanPackets", meanPackets, 1, 10_000);
        return losing(share / (1 - share) / meanPackets, 1 - 1 / meanPackets);
    }

    private Impairment losing(double afterDelivery, double afterLoss) {
        Impairment changed = new Impairment(this);
        changed.lossAfterDelivery = afterDelivery;
        changed.lossAfterLoss = afterLoss;
        return changed;
    }

    /** Packets arrive that much later. 0 to 10 minutes, default 0. */
    public Impairment delay(Duration value) {
        Impairment changed = new Impairment(this);
        changed.delayNanos = nanos("delay", value);
        return changed;
    }

    /** A random addition to the delay, from 0 to {@code max}, all of them equally likely, that keeps packets in order. Default 0. */
    public Impairment jitter(Duration max) {
        Impairment changed = new Impairment(this);
        changed.jitterNanos = nanos("jitter", max);
        return changed;
    }

    /**
     * Packets are held up for a random time besides, and may be overtaken then. Default 0.
     *
     * @param max  the longest such time, up to 10 minutes
     */
    public Impairment reordering(double probability, Duration max) {
        Impairment changed = new Impairment(this);
        changed.reordering = check("reordering", probability, 0, 1);
        changed.reorderingNanos = nanos("reordering", max);
        return changed;
    }

    /** Packets arrive twice, the second copy with a jitter of its own. Default 0. */
    public Impairment duplication(double probability) {
        Impairment changed = new Impairment(this);
        changed.duplication = check("duplication", probability, 0, 1);
        return changed;
    }

    /**
     * Packets leave one after the other, at a certain rate; what does not fit the queue before it is dropped. Default: no limit.
     *
     * @param perSecond  bits, IP header included and, over UDP, the UDP header: 1,000 to 10^12
     * @param waiting    length of the queue in bytes, counted likewise, 0 to 1 GiB; one packet is taken always. A usual length
     *     is what the rate carries in a round trip. What waits is held back, see {@link #holding}
     */
    public Impairment rate(long perSecond, int waiting) {
        Impairment changed = new Impairment(this);
        changed.bitsPerSecond = (long) check("rate", perSecond, 1_000, 1e12);
        changed.queueBytes = (int) check("queue", waiting, 0, 1 << 30);
        return changed;
    }

    /**
     * How much may be held back, for whatever reason; the excess is dropped. Default 10,000 packets, 16 MiB.
     *
     * @param packets  1 to 1,000,000. A packet keeps alive the buffer it was read into, which may be larger
     * @param bytes    IP header included: 1 byte to 1 GiB
     */
    public Impairment holding(int packets, int bytes) {
        Impairment changed = new Impairment(this);
        changed.maxHeldPackets = (int) check("packets", packets, 1, 1_000_000);
        changed.maxHeldBytes = (int) check("bytes", bytes, 1, 1 << 30);
        return changed;
    }

    double lossAfterDelivery() {
        return lossAfterDelivery;
    }

    double lossAfterLoss() {
        return lossAfterLoss;
    }

    double duplication() {
        return duplication;
    }

    double reordering() {
        return reordering;
    }

    long reorderingNanos() {
        return reorderingNanos;
    }

    long delayNanos() {
        return delayNanos;
    }

    long jitterNanos() {
        return jitterNanos;
    }

    boolean hasRate() {
        return bitsPerSecond > 0;
    }

    /** How long that many bytes take to leave. */
    long transmissionNanos(int bytes) {
        return (long) (bytes * 8e9 / bitsPerSecond);
    }

    /** How long a full queue takes to leave. */
    long queueNanos() {
        return transmissionNanos(queueBytes);
    }

    int maxHeldPackets() {
        return maxHeldPackets;
    }

    int maxHeldBytes() {
        return maxHeldBytes;
    }

    /** In the words of the methods above, such as {@code loss 0.01, delay 20000 us}; what is 0 is left out. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (lossAfterDelivery > 0) {
            text.append(", loss ").append(lossAfterDelivery);
        }
        if (lossAfterLoss != lossAfterDelivery) {
            text.append(", after a loss ").append(lossAfterLoss);
        }
        append(text, "delay", delayNanos);
        append(text, "jitter", jitterNanos);
        if (reordering > 0) {
            append(text, "reordering " + reordering + " by", reorderingNanos);
        }
        if (duplication > 0) {
            text.append(", duplication ").append(duplication);
        }
        if (hasRate()) {
            text.append(", rate ").append(bitsPerSecond).append(" bit/s, queue ").append(queueBytes).append(" bytes");
        }
        return text.isEmpty() ? "none" : text.substring(2);
    }

    private static void append(StringBuilder text, String name, long nanos) {
        if (nanos > 0) {
            text.append(", ").append(name).append(' ').append(nanos / 1000).append(" us");
        }
    }

    private static long nanos(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + MAX_DELAY.toMinutes() + " minutes)");
        }
        return value.toNanos();
    }

    private static double check(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) { // not a number is neither
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
