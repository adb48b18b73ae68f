package io.github.usertcp.testsuite.hostile;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Two connections and the network between them, in virtual time. Segments are cut, written as bytes, impaired, joined and read again, as a
 * link would; time jumps from one arrival or deadline to the next.
 */
final class EnginePair implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MAX_PAYLOAD_BYTES = 65_535;

    private final SplittableRandom random;
    private final Impairment impairment;
    private final EngineEnd client;
    private final EngineEnd server;
    private final PriorityQueue<Packet> network =
        new PriorityQueue<>(Comparator.comparingLong(Packet::arrivalNanos).thenComparingLong(Packet::number));
    private long packetCount;
    private long nowNanos;

    EnginePair(EngineEnd client, EngineEnd server, Impairment impairment, SplittableRandom random) {
        this.client = client;
        this.server = server;
        this.impairment = impairment;
        this.random = random;
    }

    /** Lets time pass until nothing is on its way and nothing will ever happen any more; fails if that is not reached in so many steps. */
    void run(int maxSteps) {
        settle();
        for (int step = 0; step < maxSteps; step++) {
            long next = Math.min(Math.min(client.tcp().deadlineNanos(), server.tcp().deadlineNanos()),
                network.isEmpty() ? Long.MAX_VALUE : network.peek().arrivalNanos());
            if (next == Long.MAX_VALUE) {
                return;
            }
            nowNanos = Math.max(nowNanos, next);
            deliver(client);
            deliver(server);
            expire(client);
            expire(server);
            settle();
        }
        throw new AssertionError("not over after " + maxSteps + " steps and " + nowNanos / NANOS_PER_MILLI + " ms: " + client + ", " + server);
    }

    private void deliver(EngineEnd to) {
        SegmentCoalescer coalescer = new SegmentCoalescer(new SegmentSink() {
            @Override
            public void onSegment(TcpSegment segment) {
                to.tcp().onSegment(segment, nowNanos);
                to.tcp().checkInvariants();
            }

            @Override
            public void onDropped(DropReason reason) {
                throw new AssertionError("a segment we wrote does not read: " + reason);
            }
        }, false, false);
        for (Packet packet = pollArrived(to); packet != null; packet = pollArrived(to)) {
            TcpTuple tuple = to.tcp().tuple();
            coalescer.offer(packet.bytes(), tuple.remoteAddress(), 0, tuple.localAddress(), 0);
        }
        coalescer.flush();
    }

    private Packet pollArrived(EngineEnd to) {
        Packet first = network.stream().filter(packet -> packet.to() == to && packet.arrivalNanos() <= nowNanos)
            .min(network.comparator()).orElse(null);
        network.remove(first);
        return first;
    }

    private void expire(EngineEnd end) {
        end.tcp().onTimeout(nowNanos);
        end.tcp().checkInvariants();
    }

    /** Users act and segments leave until both sides have nothing more to do at this instant. */
    private void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (EngineEnd end : new EngineEnd[] {client, server}) {
                end.act(nowNanos);
                end.tcp().checkInvariants();
                for (TcpSegment segment = poll(end); segment != null; segment = poll(end)) {
                    end.tcp().checkInvariants();
                    SegmentSplitter.split(segment, piece -> send(piece, end == client ? server : client));
                    busy = true;
                }
            }
        }
    }

    private TcpSegment poll(EngineEnd end) {
        return end.tcp().pollSegment(nowNanos, MAX_PAYLOAD_BYTES);
    }

    private void send(TcpSegment segment, EngineEnd to) {
        ByteBuf bytes = Unpooled.buffer(SegmentSplitter.trainLength(segment));
        SegmentSplitter.writeTrain(segment, bytes, false);
        segment.release();
        int copies = random.nextDouble() < impairment.loss() ? 0 : random.nextDouble() < impairment.duplication() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delayMillis = random.nextInt(impairment.minDelayMillis(), impairment.maxDelayMillis() + 1);
            network.add(new Packet(nowNanos + delayMillis * NANOS_PER_MILLI, packetCount++, to, bytes.retainedDuplicate()));
        }
        bytes.release();
    }

    @Override
    public void close() {
        network.forEach(packet -> packet.bytes().release());
        client.tcp().release();
        server.tcp().release();
    }

    private record Packet(long arrivalNanos, long number, EngineEnd to, ByteBuf bytes) {
    }
}
