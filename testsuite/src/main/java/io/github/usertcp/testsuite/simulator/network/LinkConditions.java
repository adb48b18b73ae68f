package io.github.usertcp.testsuite.simulator.network;

/**
 * What a link does to packets, its queue apart. Immutable, every change is another; a link may be given others while it carries packets.
 * Probabilities are per packet.
 */
public final class LinkConditions implements Cloneable {
    /** That of a link that takes every packet. */
    public static final int MAX_MTU = 65_535;


    private long bitsPerSecond;
    private long delayNanos;
    private long jitterNanos;
    private double reordering;
    private long reorderingNanos;
    private double duplication;
    private double corruption;
    private LossModel loss = LossModel.NONE;
    private int mtuBytes = MAX_MTU;
    private boolean blackOut;

    private LinkConditions() {
    }

    /**
     * Nothing but rate and delay.
     *
     * @param bitsPerSecond  how fast packets leave the queue, IP header included; 0 for no limit, and then no queue
     * @param delayNanos     propagation delay
     */
    public static LinkConditions of(long bitsPerSecond, long delayNanos) {
        return new LinkConditions().rateAndDelay(bitsPerSecond, delayNanos);
    }

    public LinkConditions rateAndDelay(long newBitsPerSecond, long newDelayNanos) {
        LinkConditions changed = clone();
        changed.bitsPerSecond = newBitsPerSecond;
        changed.delayNanos = newDelayNanos;
        return changed;
    }

    /** A random addition to the delay, up to {@code maxNanos}, that keeps packets in order. */
    public LinkConditions jitter(long maxNanos) {
        LinkConditions changed = clone();
        changed.jitterNanos = maxNanos;
        return changed;
    }

    /** Packets are held up for a random time, up to {@code maxNanos}, and may be overtaken. */
    public LinkConditions reordering(double probability, long maxNanos) {
        LinkConditions changed = clone();
        changed.reordering = probability;
        changed.reorderingNanos = maxNanos;
        return changed;
    }

    /** Packets arrive twice. */
    public LinkConditions duplication(double probability) {
        LinkConditions changed = clone();
        changed.duplication = probability;
        return changed;
    }

    /** One bit of a packet is flipped. The hosts at both ends must verify checksums. */
    public LinkConditions corruption(double probability) {
        LinkConditions changed = clone();
        changed.corruption = probability;
        return changed;
    }

    /** Losses on the wire, behind the queue. */
    public LinkConditions loss(LossModel model) {
        LinkConditions changed = clone();
        changed.loss = model;
        return changed;
    }

    /** Longer packets are dropped. */
    public LinkConditions mtu(int bytes) {
        LinkConditions changed = clone();
        changed.mtuBytes = bytes;
        return changed;
    }

    /** Everything is dropped. */
    public LinkConditions blackOut(boolean on) {
        LinkConditions changed = clone();
        changed.blackOut = on;
        return changed;
    }

    public long bitsPerSecond() {
        return bitsPerSecond;
    }

    public long delayNanos() {
        return delayNanos;
    }

    long jitterNanos() {
        return jitterNanos;
    }

    double reordering() {
        return reordering;
    }

    long reorderingNanos() {
        return reorderingNanos;
    }

    double duplication() {
        return duplication;
    }

    double corruption() {
        return corruption;
    }

    LossModel loss() {
        return loss;
    }

    public int mtuBytes() {
        return mtuBytes;
    }

    boolean isBlackOut() {
        return blackOut;
    }

    /** How long a packet takes to leave. */
    long transmissionNanos(Packet packet) {
        return bitsPerSecond == 0 ? 0 : packet.wireBytes() * 8_000_000_000L / bitsPerSecond;
    }

    @Override
    protected LinkConditions clone() {
        try {
            return (LinkConditions) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return bitsPerSecond / 1000 + " kbit/s, " + delayNanos / 1000 + " us, jitter " + jitterNanos / 1000 + " us, reordering "
            + reordering + " by " + reorderingNanos / 1000 + " us, duplication " + duplication + ", corruption " + corruption + ", " + loss
            + ", MTU " + mtuBytes + (blackOut ? ", black-out" : "");
    }
}
