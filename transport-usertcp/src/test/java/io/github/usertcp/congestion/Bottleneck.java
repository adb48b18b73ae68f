package io.github.usertcp.congestion;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A path with one first-in first-out queue at a constant rate, and flows over it that always have data: just enough of a network to see
 * where a congestion control settles. Every packet is a full segment and is acknowledged by itself; a lost one is noticed when the next
 * arrives. Everything follows from the seed.
 */
final class Bottleneck {
    static final int SMSS = 1448;
    static final long MILLIS = 1_000_000;

    private double bytesPerNano;
    private long rttNanos;
    private final long queueLimitBytes;
    private final double randomLoss;
    private long loseEvery = Long.MAX_VALUE;
    private long carried;
    final List<Flow> flows = new ArrayList<>();
    private final Random random;
    private double freeAtNanos;
    long now;

    Bottleneck(double megabits, long rttMillis, double queueProducts, double randomLoss, long seed) {
        change(megabits, rttMillis);
        queueLimitBytes = (long) (productBytes() * queueProducts);
        this.randomLoss = randomLoss;
        random = new Random(seed);
    }

    /** The path is another one from now on. */
    void change(double megabits, long rttMillis) {
        bytesPerNano = megabits / 8 * 1e6 / 1e9;
        rttNanos = rttMillis * MILLIS;
    }

    /** Loses every so many packets one, not by chance. */
    void loseEvery(long packets) {
        loseEvery = packets;
    }

    /** The bandwidth-delay product. */
    double productBytes() {
        return bytesPerNano * rttNanos;
    }

    Flow add(CongestionControl control) {
        Flow flow = new Flow(this, control);
        flows.add(flow);
        return flow;
    }

    Bottleneck runUntil(long millis) {
        while (true) {
            Flow next = flows.get(0);
            for (Flow flow : flows) {
                if (flow.nextEventNanos() < next.nextEventNanos()) {
                    next = flow;
                }
            }
            if (next.nextEventNanos() > millis * MILLIS) {
                now = millis * MILLIS;
                return this;
            }
            now = Math.max(now, next.nextEventNanos());
            next.step();
        }
    }

    /** @return when the acknowledgment comes back; -1 if the packet is lost */
    long carry() {
        double queued = Math.max(0, freeAtNanos - now) * bytesPerNano;
        if (queued + SMSS > queueLimitBytes) {
            return -1;
        }
        freeAtNanos = Math.max(freeAtNanos, now) + SMSS / bytesPerNano;
        carried++;
        return carried % loseEvery == 0 || random.nextDouble() < randomLoss ? -1 : (long) freeAtNanos + rttNanos;
    }

    long queuedBytes() {
        return (long) (Math.max(0, freeAtNanos - now) * bytesPerNano);
    }
}
