package io.github.usertcp.testsuite.simulator.network;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Traffic of others through a link: packets as large as it takes, up to Ethernet's, at a constant rate while it is on, exponentially
 * distributed times of on and off (the classic model of a busy link), no answer to losses.
 */
public final class CrossTraffic {
    private static final int PACKET_BYTES = 1500;

    private final VirtualTime time;
    private final SimulatedLink link;
    private final Route route;
    private final long packetNanos;
    private final long meanOnNanos;
    private final long meanOffNanos;
    private final long endNanos;
    private final SplittableRandom random;
    private long onUntilNanos;

    /**
     * Traffic that has not begun.
     *
     * @param bitsPerSecond  while it is on
     * @param meanOnNanos    mean length of on-times, and of the off-times between them
     * @param endNanos       when it is over, or the simulation would never be
     */
    public CrossTraffic(VirtualTime time, SimulatedLink link, long bitsPerSecond, long meanOnNanos, long endNanos,
                        SplittableRandom random) {
        this.time = time;
        this.link = link;
        route = new Route(Packet::release, List.of(link));
        packetNanos = PACKET_BYTES * 8_000_000_000L / bitsPerSecond;
        this.meanOnNanos = meanOnNanos;
        meanOffNanos = meanOnNanos;
        this.endNanos = endNanos;
        this.random = random;
    }

    /** Begins with a time of silence. */
    public void start() {
        time.after(exponential(meanOffNanos), this::turnOn);
    }

    private void turnOn() {
        onUntilNanos = time.nowNanos() + exponential(meanOnNanos);
        send();
    }

    private void send() {
        if (time.nowNanos() > endNanos) {
            return;
        }
        if (time.nowNanos() > onUntilNanos) {
            start();
            return;
        }
        int bytes = Math.min(PACKET_BYTES, link.conditions().mtuBytes());
        route.send(Packet.filler(route, Unpooled.EMPTY_BUFFER, bytes));
        time.after(packetNanos * bytes / PACKET_BYTES, this::send);
    }

    private long exponential(long meanNanos) {
        return (long) (-Math.log(1 - random.nextDouble()) * meanNanos);
    }
}
