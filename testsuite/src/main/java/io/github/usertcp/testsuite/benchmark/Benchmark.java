package io.github.usertcp.testsuite.benchmark;

import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.testsuite.benchmark.BenchmarkOptions.Words;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ResourceLeakDetector;
import java.util.List;

/**
 * Measures usertcp on epoll beside Netty's epoll TCP, Netty's QUIC and raw UDP, and prints a table of medians and ratios.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@benchmark
 *   mvn ... -Dbenchmark.arguments="--rounds 3 --seconds 1 --only bulk,pingpong"
 * </pre>
 */
public final class Benchmark {
    static final Words WORDS = new Words(List.of("bulk", "pingpong", "connects", "many"), List.of("usertcp", "epoll", "quic", "udp"));

    private static final String SUBJECT = "usertcp";

    /** What IP, UDP and TCP headers leave of Ethernet's 1500 bytes; on its own, loopback takes 64 KiB, from us as from the kernel. */
    private static final int ETHERNET_SEGMENT_BYTES = 1500 - 20 - 8 - 20;

    private static final List<Workload> WORKLOADS = List.of(new BulkTransfer(), new PingPong(), new Connects(), new ManyConnections());

    private static final List<Transport> TRANSPORTS = List.of(
        new StreamTransport(SUBJECT, UserTcpServerSocketChannel.class, UserTcpSocketChannel.class),
        new StreamTransport("usertcp, MTU 1500", UserTcpServerSocketChannel.class, UserTcpSocketChannel.class)
            .maxSegmentSize(ETHERNET_SEGMENT_BYTES),
        new StreamTransport("epoll TCP", EpollServerSocketChannel.class, EpollSocketChannel.class),
        new QuicTransport(),
        new RawUdpTransport());

    private final BenchmarkOptions options;
    private final Results results = new Results();

    private Benchmark(BenchmarkOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws InterruptedException {
        BenchmarkOptions options = BenchmarkOptions.parseOrExit("Benchmark", WORDS, args);
        // Tracking buffers would measure the tracking.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        new Benchmark(options).run();
    }

    private void run() throws InterruptedException {
        try (AwakeCores cores = new AwakeCores()) {
            System.out.println(Headline.of(options, cores) + "\n");
            for (int round = 0; round < options.rounds(); round++) {
                runRound(round);
            }
        }
        System.out.println(results.toMarkdown(SUBJECT));
    }

    /** Every transport right after the other on the same work, in an order that turns with the rounds. */
    private void runRound(int round) throws InterruptedException {
        for (Workload workload : WORKLOADS) {
            for (int i = 0; i < TRANSPORTS.size(); i++) {
                measure(workload, TRANSPORTS.get((i + round) % TRANSPORTS.size()), round);
            }
        }
    }

    private void measure(Workload workload, Transport transport, int round) throws InterruptedException {
        if (!options.includes(transport.name(), workload.name()) || workload.needsConnections() && !transport.hasConnections()) {
            return;
        }
        try (Loops loops = new Loops()) {
            workload.run(transport, loops, options.duration(), (measure, value) -> {
                results.add(transport.name(), measure, value);
                System.err.printf("round %d  %-18s %-45s %,12.1f %s%n",
                    round + 1, transport.name(), measure.title(), value, measure.unit());
            });
            transport.close();
        }
    }
}
