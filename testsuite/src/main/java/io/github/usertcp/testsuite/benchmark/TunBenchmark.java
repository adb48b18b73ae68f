package io.github.usertcp.testsuite.benchmark;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A kernel client against our server through a TUN device, beside the same client against a kernel server through a pair of veth devices;
 * all with an MTU of 1500. Takes root, iproute2 and python3, in which the kernel's ends are written: most of their time is the kernel's.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@benchmark-tun -Dbenchmark.arguments="5 3"     rounds, seconds
 * </pre>
 */
public final class TunBenchmark {
    private static final int PORT = 5001;
    private static final int DEFAULT_ROUNDS = 3;
    private static final int DEFAULT_SECONDS = 3;

    /** What a client does; its letter tells the server. */
    private enum Work {
        DOWNLOAD("bulk from server to client, MB/s"),
        UPLOAD("bulk from client to server, MB/s"),
        PING_PONG("64 B ping-pong, median, us");

        private final String title;

        Work(String title) {
            this.title = title;
        }
    }

    private enum Path {
        VETH("kernel to kernel, veth"),
        TUN("usertcp, TUN with offload"),
        TUN_PLAIN("usertcp, TUN without offload");

        private final String title;

        Path(String title) {
            this.title = title;
        }
    }

    private final int seconds;
    private final Map<Work, Map<Path, List<Double>>> results = new EnumMap<>(Work.class);

    private TunBenchmark(int seconds) {
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        // Tracking buffers would measure the tracking.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        TunBenchmark benchmark = new TunBenchmark(args.length > 1 ? Integer.parseInt(args[1]) : DEFAULT_SECONDS);
        try (AwakeCores cores = new AwakeCores(); NetworkNamespace client = new NetworkNamespace("utcp-client");
             NetworkNamespace server = new NetworkNamespace("utcp-server")) {
            System.out.println("cores " + (cores.areAwake() ? "kept awake" : "may sleep") + ", " + rounds + " rounds of "
                + benchmark.seconds + " s\n");
            client.joinBy("veth0", "10.91.0.1/24", server, "veth1", "10.91.0.2/24");
            server.start("python3", "-c", KernelEnds.SERVER, "10.91.0.2", String.valueOf(PORT));
            for (int round = 0; round < rounds; round++) {
                benchmark.runRound(client);
            }
        }
        System.out.println(benchmark.toMarkdown());
    }

    /** Each work on every path, right after the other. */
    private void runRound(NetworkNamespace client) throws Exception {
        for (Work work : Work.values()) {
            measure(work, Path.VETH, client, "10.91.0.2");
            measureTun(work, Path.TUN, client, true);
            measureTun(work, Path.TUN_PLAIN, client, false);
        }
    }

    private void measureTun(Work work, Path path, NetworkNamespace client, boolean offload) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        TunLinkProvider link = TunLink.device("utcp%d").address("10.90.0.2/24").mtu(1500).offload(offload).configure(false);
        TcpStack stack = TcpStack.builder().link(link).open(group.next()).get();
        try {
            client.take(((TunLink) stack.link()).deviceName(), "10.90.0.1/24");
            new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new KernelEnds.Served());
                    }
                })
                .bind(new InetSocketAddress(PORT)).sync();
            measure(work, path, client, "10.90.0.2");
        } finally {
            stack.close().sync();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private void measure(Work work, Path path, NetworkNamespace client, String server) throws IOException, InterruptedException {
        double value = Double.parseDouble(client.run("python3", "-c", KernelEnds.CLIENT, server, String.valueOf(PORT),
            work.name().substring(0, 1), String.valueOf(seconds)).strip());
        System.err.printf("%-30s %-35s %,10.1f%n", path.title, work.title, value);
        results.computeIfAbsent(work, w -> new EnumMap<>(Path.class)).computeIfAbsent(path, p -> new ArrayList<>()).add(value);
    }

    private String toMarkdown() {
        StringBuilder table = new StringBuilder("| median |");
        for (Path path : Path.values()) {
            table.append(' ').append(path.title).append(" |");
        }
        table.append(" TUN : veth | without offload : veth |\n|---|---:|---:|---:|---:|---:|\n");
        for (Map.Entry<Work, Map<Path, List<Double>>> row : results.entrySet()) {
            double veth = median(row.getValue().get(Path.VETH));
            double tun = median(row.getValue().get(Path.TUN));
            double plain = median(row.getValue().get(Path.TUN_PLAIN));
            table.append(String.format(Locale.ROOT, "| %s | %,.1f | %,.1f | %,.1f | %.2f | %.2f |%n", row.getKey().title, veth, tun, plain,
                tun / veth, plain / veth));
        }
        return table.toString();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
