package io.github.usertcp.testsuite.benchmark.tun;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace, removed with what runs in it when closed: a host with the kernel's TCP. Takes root and iproute2. */
final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "utcp-benchmark-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final Programs inside = new Programs("ip", "netns", "exec", name);

    NetworkNamespace() throws IOException, InterruptedException {
        outside("ip", "netns", "add", name);
        try {
            inside.run("ip", "link", "set", "lo", "up");
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** The file that is the namespace. */
    String path() {
        return "/run/netns/" + name;
    }

    /** What runs inside. */
    Programs programs() {
        return inside;
    }

    /** Connects two namespaces by a pair of veth devices. */
    void joinBy(String device, String address, NetworkNamespace other, String otherDevice, String otherAddress)
        throws IOException, InterruptedException {
        inside.run("ip", "link", "add", device, "type", "veth", "peer", "name", otherDevice, "netns", other.name);
        setUp(device, address);
        other.setUp(otherDevice, otherAddress);
    }

    /** Takes a device from the namespace of this process. */
    void take(String device, String address, int mtu) throws IOException, InterruptedException {
        outside("ip", "link", "set", device, "netns", name);
        inside.run("ip", "link", "set", device, "mtu", String.valueOf(mtu));
        setUp(device, address);
    }

    private void setUp(String device, String address) throws IOException, InterruptedException {
        inside.run("ip", "address", "add", address, "dev", device);
        inside.run("ip", "link", "set", device, "up");
    }

    private static void outside(String... command) throws IOException, InterruptedException {
        try (Programs programs = new Programs()) {
            programs.run(command);
        }
    }

    @Override
    public void close() throws IOException {
        inside.close();
        new ProcessBuilder("ip", "netns", "delete", name).start().onExit().join();
    }
}
