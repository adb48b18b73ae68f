package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.testsuite.benchmark.AwakeCores;
import io.github.usertcp.testsuite.benchmark.BenchmarkOptions;
import io.github.usertcp.testsuite.benchmark.BenchmarkOptions.Words;
import io.github.usertcp.testsuite.benchmark.Headline;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Our TCP behind a TUN device beside the kernel's, packets moved by raw reads and writes, and other TCPs in user space, for clients in
 * network namespaces. Takes root, iproute2 and python3; slirp4netns and pasta are left out where they are not installed.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@benchmark-tun
 *   mvn ... -Dbenchmark.arguments="--rounds 3 --only download,usertcp,veth"
 * </pre>
 */
public final class TunBenchmark {
    static final Words WORDS = new Words(List.of("download", "upload", "pingpong"),
        List.of("usertcp", "veth", "raw", "slirp4netns", "pasta"));

    static final List<Contender> CONTENDERS = List.of(
        new KernelOverVeth(),
        new UsertcpServer(true),
        new UsertcpServer(false),
        new RawRelay(),
        new RawWrites(),
        new RawReads(),
        new UsertcpRelay(Mtu.ETHERNET),
        UserModeNetwork.slirp4netns(Mtu.ETHERNET),
        UserModeNetwork.pasta(Mtu.ETHERNET),
        new UsertcpRelay(Mtu.LARGE),
        UserModeNetwork.slirp4netns(Mtu.LARGE),
        UserModeNetwork.pasta(Mtu.LARGE),
        new UsertcpClient());

    /** Namespaces have that of the machine. */
    private static final Path CONGESTION_CONTROL = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");

    private static final Duration WARM_UP = Duration.ofSeconds(1);

    private final BenchmarkOptions options;
    private final ComparisonTable table = new ComparisonTable(Goals.comparisons());
    private final Set<Contender> unavailable = new HashSet<>();

    private TunBenchmark(BenchmarkOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException {
        BenchmarkOptions options = BenchmarkOptions.parseOrExit("TunBenchmark", WORDS, args);
        unwindWhenTerminated(Thread.currentThread());
        // Tracking buffers would measure the tracking.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            new TunBenchmark(options).run();
        } catch (InterruptedException e) {
            System.err.println("ended before its time");
        }
    }

    /** Ctrl-C or a signal to end interrupts the measurement, so that its namespaces and programs go the way they always do. */
    private static void unwindWhenTerminated(Thread main) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            main.interrupt();
            try {
                main.join();
            } catch (InterruptedException ignored) {
                // nobody interrupts a shutdown
            }
        }));
    }

    private void run() throws IOException, InterruptedException {
        try (AwakeCores cores = new AwakeCores()) {
            System.out.println(Headline.of(options, cores));
            System.out.println("The kernel's congestion control is " + Files.readString(CONGESTION_CONTROL));
            warmUp();
            for (int round = 0; round < options.rounds(); round++) {
                runRound(round);
            }
        }
        System.out.println(table.toMarkdown());
    }

    /** Without it the first round would measure the compiler. */
    private void warmUp() throws IOException, InterruptedException {
        for (Contender contender : CONTENDERS) {
            for (Work work : chosenWorks(contender)) {
                if (contender.needsWarmUp()) {
                    contender.measure(work, WARM_UP, (figure, value) -> { });
                }
            }
        }
    }

    /** Every contender right after the other at the same work, in an order that turns with the rounds. */
    private void runRound(int round) throws IOException, InterruptedException {
        for (Work work : Work.values()) {
            for (int i = 0; i < CONTENDERS.size(); i++) {
                Contender contender = CONTENDERS.get((i + round) % CONTENDERS.size());
                if (chosenWorks(contender).contains(work) && !unavailable.contains(contender)) {
                    measure(work, contender, round);
                }
            }
        }
    }

    private List<Work> chosenWorks(Contender contender) {
        return contender.works().stream().filter(work -> options.includes(contender.name(), work.word())).toList();
    }

    private void measure(Work work, Contender contender, int round) throws IOException, InterruptedException {
        try {
            contender.measure(work, options.duration(), (figure, value) -> {
                table.add(contender.name(), figure, value);
                System.err.printf("round %d  %-36s %-52s %,10.1f%n", round + 1, contender.name(), figure.title(), value);
            });
        } catch (UnavailableException e) {
            unavailable.add(contender);
            System.err.println("skipped: " + contender.name() + ": " + e.getMessage());
        }
    }
}
