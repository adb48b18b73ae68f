package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A network namespace: a host with the kernel's TCP and nothing but a loopback interface. Removed, with all that runs in it, when closed. */
final class KernelHost implements AutoCloseable {
    static final String V4 = "10.9.0.1";
    static final String V6 = "fd09::1";
    /** Of a host behind a router. */
    static final String FAR_V4 = "10.8.0.2";
    static final String FAR_V6 = "fd08::2";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int LIMIT_SECONDS = 60;

    private final String name = "utcp-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final List<Process> running = new ArrayList<>();
    private final Path directory;

    static String address(boolean v4) {
        return v4 ? V4 : V6;
    }

    private KernelHost() {
        try {
            directory = Files.createTempDirectory(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a namespace; skips the test if this machine cannot, or lacks one of the programs. */
    static KernelHost create(String... programs) {
        assumeTrue(new File("/dev/net/tun").canWrite(), "skipped: /dev/net/tun is missing, or not for this user; run as root where it is");
        for (String program : List.of("ip", "sh")) {
            assumeProgram(program);
        }
        for (String program : programs) {
            assumeProgram(program);
        }
        KernelHost host = new KernelHost();
        Result made = execute(List.of("ip", "netns", "add", host.name));
        assumeTrue(made.status() == 0, "skipped: no network namespace can be made here: " + made.output());
        host.run("ip link set lo up");
        return host;
    }

    private static void assumeProgram(String program) {
        for (String path : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")) {
            if (new File(path, program).canExecute()) {
                return;
            }
        }
        assumeTrue(false, "skipped: the program " + program + " is not installed");
    }

    /** Runs a shell command in the namespace of this process. */
    static String outside(String command) {
        return execute(List.of("sh", "-c", command)).output();
    }

    /** What a program said, and its exit status. */
    record Result(int status, String output) {
    }

    /** Takes a device of the namespace that this process is in, and gives it addresses. */
    void take(String device, int mtu) {
        Result moved = execute(List.of("ip", "link", "set", device, "netns", name));
        assertEquals(0, moved.status(), moved::output);
        run("ip link set " + device + " mtu " + mtu + " up; ip address add " + V4 + "/24 dev " + device
            + (mtu >= 1280 ? "; ip address add " + V6 + "/64 dev " + device + " nodad" : ""));
    }

    /**
     * Makes this host a router between the TUN device and another one, that has neither checksum nor segmentation offload: what arrives
     * there has been cut and summed up as if by a network card.
     */
    void routeTo(KernelHost far) {
        run("ip link add near type veth peer name far netns " + far.name
            + "; ip address add 10.8.0.1/24 dev near; ip address add fd08::1/64 dev near nodad; ip link set near up");
        far.run("ip address add " + FAR_V4 + "/24 dev far; ip address add " + FAR_V6 + "/64 dev far nodad; ip link set far up"
            + "; ip route add default via 10.8.0.1; ip route add default via fd08::1; ethtool -K far tx off tso off gso off gro off");
        run("ethtool -K near tx off tso off gso off gro off");
        sysctl("net.ipv4.ip_forward", 1).sysctl("net.ipv6.conf.all.forwarding", 1);
    }

    /** Joins this host to another one by a pair of veth devices, named as given, with addresses on either side that may end in "nodad". */
    void join(String device, List<String> addresses, KernelHost other, String otherDevice, List<String> otherAddresses) {
        run("ip link add " + device + " type veth peer name " + otherDevice + " netns " + other.name);
        setUp(device, addresses);
        other.setUp(otherDevice, otherAddresses);
    }

    private void setUp(String device, List<String> addresses) {
        run("ip link set " + device + " up");
        for (String address : addresses) {
            run("ip address add " + address + " dev " + device);
        }
    }

    /** What a thread opens to enter the namespace. */
    String namespacePath() {
        return "/run/netns/" + name;
    }

    /** Sets a sysctl of the namespace, which is removed if that fails. */
    KernelHost sysctl(String key, Object value) {
        String path = "/proc/sys/" + key.replace('.', '/');
        if (tryRun("echo " + value + " > " + path).status() != 0) {
            close();
            fail(path + " cannot be set to " + value);
        }
        return this;
    }

    /** A file for programs to read or write, gone with the host. */
    Path file(String fileName) {
        return directory.resolve(fileName);
    }

    /** Runs a shell command inside and returns its output, both streams; the test fails if the command does, or takes a minute. */
    String run(String command) {
        Result result = tryRun(command);
        assertEquals(0, result.status(), () -> command + "\n" + result.output());
        return result.output();
    }

    Result tryRun(String command) {
        return execute(inside("cd " + directory + "; " + command));
    }

    /** Starts a shell command inside, that ends with the host at the latest. */
    Process start(String command) throws IOException {
        Process process = new ProcessBuilder(inside(command)).directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(file("log-" + running.size()).toFile()).start();
        running.add(process);
        return process;
    }

    /** Runs a Python program inside and returns what it prints. */
    String python(String program) {
        return run("python3 -u " + script(program));
    }

    Process startPython(String program) throws IOException {
        return start("python3 -u " + script(program));
    }

    private Path script(String program) {
        try {
            return Files.writeString(file("program-" + COUNT.incrementAndGet() + ".py"), program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until something inside listens on that TCP port. */
    void awaitListener(int port) {
        run("for i in $(seq 100); do ss -Hltn 'sport = :" + port + "' | grep -q . && exit 0; sleep 0.05; done; exit 1");
    }

    private List<String> inside(String command) {
        return List.of("ip", "netns", "exec", name, "sh", "-c", command);
    }

    private static Result execute(List<String> command) {
        try {
            Path output = Files.createTempFile("usertcp", ".out");
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
                boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                }
                String text = Files.readString(output, StandardCharsets.ISO_8859_1);
                assertTrue(ended, () -> command + " takes more than " + LIMIT_SECONDS + " s\n" + text);
                return new Result(process.exitValue(), text);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Process process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        execute(List.of("ip", "netns", "delete", name));
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
