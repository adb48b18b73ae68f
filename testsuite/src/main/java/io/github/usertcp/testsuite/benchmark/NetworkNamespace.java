package io.github.usertcp.testsuite.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network namespace, with what runs in it removed when closed. Takes root and iproute2. */
final class NetworkNamespace implements AutoCloseable {
    private final String name;
    private final List<Process> running = new ArrayList<>();

    NetworkNamespace(String prefix) throws IOException, InterruptedException {
        name = prefix + "-" + ProcessHandle.current().pid();
        execute(List.of("ip", "netns", "add", name));
    }

    /** Connects two namespaces by a pair of veth devices. */
    void joinBy(String device, String address, NetworkNamespace other, String otherDevice, String otherAddress)
        throws IOException, InterruptedException {
        run("ip", "link", "add", device, "type", "veth", "peer", "name", otherDevice, "netns", other.name);
        setUp(device, address);
        other.setUp(otherDevice, otherAddress);
    }

    /** Takes a device from the namespace of this process. */
    void take(String device, String address) throws IOException, InterruptedException {
        execute(List.of("ip", "link", "set", device, "netns", name));
        setUp(device, address);
    }

    private void setUp(String device, String address) throws IOException, InterruptedException {
        run("ip", "address", "add", address, "dev", device);
        run("ip", "link", "set", device, "up");
    }

    /** Runs a program inside and returns what it prints. */
    String run(String... command) throws IOException, InterruptedException {
        return execute(inside(command));
    }

    /** Starts a program inside that ends with the namespace. */
    void start(String... command) throws IOException {
        running.add(new ProcessBuilder(inside(command)).inheritIO().start());
    }

    private List<String> inside(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(Arrays.asList(command));
        return all;
    }

    private static String execute(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: run as root, with iproute2 and python3 installed");
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        running.forEach(Process::destroy);
        new ProcessBuilder("ip", "netns", "delete", name).start().onExit().join();
    }
}
