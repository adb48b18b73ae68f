package io.github.usertcp.testsuite.benchmark.tun;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ObjDoubleConsumer;

/**
 * A kernel client whose connections another TCP in user space accepts on a TAP device and passes on to a kernel server on the loopback
 * interface: slirp4netns with libslirp, or passt's pasta.
 */
final class UserModeNetwork implements Contender {
    static final String LOOPBACK = "127.0.0.1";

    private static final String DEVICE = "tap0";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String program;
    private final int mtu;
    /** Where the host's loopback interface is found in the namespace. */
    private final String gateway;
    /** Of the namespace's path and the MTU. */
    private final BiFunction<String, Integer, String> command;

    private UserModeNetwork(String program, int mtu, String gateway, BiFunction<String, Integer, String> command) {
        this.program = program;
        this.mtu = mtu;
        this.gateway = gateway;
        this.command = command;
    }

    static UserModeNetwork slirp4netns(int mtu) {
        return new UserModeNetwork("slirp4netns", mtu, "10.0.2.2", (path, bytes) ->
            "slirp4netns --configure --mtu=" + bytes + " --netns-type=path " + path + " " + DEVICE);
    }

    /** Without the splicing of loopback connections, in which no TCP of its own takes part. */
    static UserModeNetwork pasta(int mtu) {
        return new UserModeNetwork("pasta", mtu, "10.93.0.1", (path, bytes) ->
            "pasta --foreground --quiet --ipv4-only --runas 0 --config-net --netns-only --netns " + path + " --ns-ifname " + DEVICE
                + " --address 10.93.0.2 --netmask 24 --gateway 10.93.0.1 --mtu " + bytes
                + " --tcp-ports none --udp-ports none --tcp-ns none --udp-ns none");
    }

    static String name(String program, int mtu) {
        return program + ", MTU " + mtu;
    }

    @Override
    public String name() {
        return name(program, mtu);
    }

    @Override
    public boolean needsWarmUp() {
        return false;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.of(Work.DOWNLOAD, Work.UPLOAD);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        if (!Programs.isInstalled(program)) {
            throw new UnavailableException("not installed");
        }
        try (NetworkNamespace client = new NetworkNamespace(); Programs host = new Programs()) {
            InetSocketAddress server = KernelServer.start(host, LOOPBACK);
            awaitDevice(client, host.start(command.apply(client.path(), mtu).split(" ")));
            KernelClient.measure(client, new InetSocketAddress(gateway, server.getPort()), work, duration, results);
        }
    }

    private static void awaitDevice(NetworkNamespace client, Process network) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); !client.programs().run("ip", "route").contains(DEVICE); Thread.sleep(20)) {
            if (!network.isAlive()) {
                throw new UnavailableException("it ended: " + Programs.output(network));
            }
            if (System.nanoTime() > end) {
                throw new UnavailableException("no device after " + PATIENCE.toSeconds() + " s");
            }
        }
    }
}
