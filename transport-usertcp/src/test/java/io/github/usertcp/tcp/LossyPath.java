package io.github.usertcp.tcp;

import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Two endpoints and the network between them in virtual time: each wire segment is lost, doubled or held up by chance, the chance being a seed's.
 */
final class LossyPath {
    /** Chances out of 1000, delays in nanoseconds. */
    record Quality(int lost, int doubled, int heldUp, long delayNanos, long holdUpNanos) {
        boolean isPerfect() {
            return lost + doubled + heldUp == 0;
        }
    }

    private record Flight(long arrivalNanos, long number, StreamEndpoint to, TcpSegment segment) {
    }

    private static final int LOG_LINES = 200;

    private final Random random;
    private final Quality quality;
    private final StreamEndpoint[] ends;
    private final PriorityQueue<Flight> flights =
        new PriorityQueue<>(Comparator.comparingLong(Flight::arrivalNanos).thenComparingLong(Flight::number));
    private final ArrayDeque<String> log = new ArrayDeque<>();
    private long nowNanos = -1_000_000_000L;
    private long departures;

    LossyPath(Random random, Quality quality, StreamEndpoint first, StreamEndpoint second) {
        this.random = random;
        this.quality = quality;
        ends = new StreamEndpoint[] {first, second};
    }

    /** Runs until nothing is under way and no timer is set, or so much virtual time has passed. */
    void run(long limitNanos) {
        long end = nowNanos + limitNanos;
        for (StreamEndpoint endpoint : ends) {
            endpoint.begin(nowNanos);
            send(endpoint);
        }
        while (true) {
            long next = flights.isEmpty() ? Long.MAX_VALUE : flights.peek().arrivalNanos;
            for (StreamEndpoint endpoint : ends) {
                next = Math.min(next, endpoint.deadlineNanos());
            }
            if (next == Long.MAX_VALUE) {
                return;
            }
            nowNanos = Math.max(nowNanos, next);
            if (nowNanos > end) {
                throw new AssertionError("still busy after " + limitNanos / 1_000_000_000L + " s: " + this);
            }
            step();
        }
    }

    private void step() {
        while (!flights.isEmpty() && flights.peek().arrivalNanos <= nowNanos) {
            Flight flight = flights.poll();
            note(flight.to + " gets   " + flight.segment);
            flight.to.receive(flight.segment, nowNanos);
        }
        for (StreamEndpoint endpoint : ends) {
            endpoint.wake(nowNanos);
            send(endpoint);
        }
    }

    private void send(StreamEndpoint from) {
        StreamEndpoint to = from == ends[0] ? ends[1] : ends[0];
        for (TcpSegment segment = from.poll(nowNanos); segment != null; segment = from.poll(nowNanos)) {
            SegmentSplitter.split(segment, piece -> depart(from, to, piece));
        }
    }

    private void depart(StreamEndpoint from, StreamEndpoint to, TcpSegment piece) {
        if (random.nextInt(1000) < quality.lost) {
            note(from + " loses  " + piece);
            piece.release();
            return;
        }
        note(from + " sends  " + piece);
        if (random.nextInt(1000) < quality.doubled) {
            TcpSegment copy = new TcpSegment().copyHeader(piece).payload(piece.payload().copy());
            flights.add(new Flight(arrival(), departures++, to, copy));
        }
        flights.add(new Flight(arrival(), departures++, to, piece));
    }

    private long arrival() {
        long late = random.nextInt(1000) < quality.heldUp ? (long) (random.nextDouble() * quality.holdUpNanos) : 0;
        return nowNanos + quality.delayNanos + late;
    }

    private void note(String line) {
        if (log.size() == LOG_LINES) {
            log.removeFirst();
        }
        log.addLast(nowNanos / 1e6 + " ms  " + line);
    }

    /** Gives back what is still under way. */
    void release() {
        flights.forEach(flight -> flight.segment.release());
        flights.clear();
        for (StreamEndpoint endpoint : ends) {
            endpoint.connection.release();
        }
    }

    @Override
    public String toString() {
        return ends[0].describe() + "; " + ends[1].describe() + "; last segments (wire numbers):\n" + String.join("\n", log);
    }
}
