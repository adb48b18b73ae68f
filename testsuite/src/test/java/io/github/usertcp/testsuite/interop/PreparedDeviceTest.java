package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that an administrator has prepared, in processes that may do less than this one: the {@link DeviceProgram}. */
@Timeout(120)
class PreparedDeviceTest {
    private static final int NOBODY = 65_534;
    private static final String AS_NOBODY = "setpriv --reuid=" + NOBODY + " --regid=" + NOBODY + " --clear-groups ";
    private static final long SIZE = 10_000_000;

    @TempDir
    static Path readable;
    private static String classPath;

    private KernelHost kernel;

    /** Copies the class path to where every user may read it; a home directory is seldom such a place. */
    @BeforeAll
    static void copyClassPath() throws IOException {
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
        StringJoiner copies = new StringJoiner(File.pathSeparator);
        int count = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (new File(entry).exists()) {
                Path copy = readable.resolve(count++ + "-" + new File(entry).getName());
                KernelHost.outside("cp -r '" + entry + "' " + copy + "; chmod -R a+rX " + copy);
                copies.add(copy.toString());
            }
        }
        classPath = copies.toString();
    }

    @BeforeEach
    void start() {
        kernel = KernelHost.create("setpriv", "python3", "curl", "sha256sum", "ethtool");
    }

    @AfterEach
    void stop() {
        if (kernel != null) {
            kernel.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anybodyServesThroughADeviceMadeForHim(boolean offload) throws Exception {
        prepare("mine", "user " + NOBODY);
        serve(AS_NOBODY, offload ? "mine" : "mine plain");
        assertOffload("mine", offload);
        getAndPut();
    }

    @Test
    void whoMayNotOpenADeviceIsToldWhatToDo() {
        prepare("mine", "user " + NOBODY);
        prepare("roots", "user 0");
        List<String> said = run(AS_NOBODY, "none", "none configure", "roots", "mine configure", "mine", "none");
        String prepareIt = "TUN device DEVICE: not permitted: run with CAP_NET_ADMIN, or let an administrator prepare the device"
            + " (ip tuntap add dev DEVICE mode tun user NAME) and open it with configure(false)";
        String setItUp = "TUN device DEVICE: up: not permitted: run with CAP_NET_ADMIN, or let an administrator set it and open the device"
            + " with configure(false)";
        assertEquals(List.of(
            "none: " + prepareIt.replace("DEVICE", "none"), "none configure: " + prepareIt.replace("DEVICE", "none"),
            "roots: " + prepareIt.replace("DEVICE", "roots"), "mine configure: " + setItUp.replace("DEVICE", "mine"), "mine: open",
            "none: " + prepareIt.replace("DEVICE", "none")), said);
    }

    @Test
    void whoMayNotOpenTheDeviceFileIsToldWhatToDo() {
        kernel.run("ip tuntap add dev mine mode tun user " + NOBODY);
        String hidden = "mount -t tmpfs -o mode=755 none /dev/net && mknod -m 600 /dev/net/tun c 10 200 && ";
        assertEquals(List.of("mine: /dev/net/tun may not be opened by this user: run as root, or have its permissions changed"),
            run(hidden + AS_NOBODY, "mine"));
    }

    @Test
    void aMissingDeviceFileIsToldWithWhatToDo() {
        assertEquals(List.of("utcp0: /dev/net/tun is missing: load the kernel module (modprobe tun), or give the container the device"
            + " (--device /dev/net/tun)"), run("mount -t tmpfs none /dev/net && ", "utcp0"));
    }

    /** A filter of system calls plays the kernel that knows the device but not its offload. */
    @Test
    void aKernelThatRefusesOffloadGetsSinglePackets() throws Exception {
        prepare("refused", "");
        serve("python3 " + refusingOffload(), "refused");
        assertOffload("refused", false);
        getAndPut();
    }

    /** The device stays when its user goes, and so does what it has been told. */
    @Test
    void offloadLeftOnByThePreviousUserIsTurnedOff() throws Exception {
        prepare("used", "");
        serve("", "used", "used plain");
        assertOffload("used", false);
        getAndPut();
    }

    private void prepare(String device, String owner) {
        kernel.run("ip tuntap add dev " + device + " mode tun " + owner + "; ip address add " + KernelHost.V4 + "/24 dev " + device
            + "; ip address add " + KernelHost.V6 + "/64 dev " + device + " nodad; ip link set " + device + " up");
    }

    /** What the program says of devices, the last of which it cannot open. */
    private List<String> run(String prefix, String... devices) {
        return kernel.run(command(prefix, devices)).lines().filter(line -> Stream.of(devices).anyMatch(device -> line.startsWith(device + ":")))
            .toList();
    }

    /** Starts the program and waits until it serves. */
    private void serve(String prefix, String... devices) throws IOException {
        kernel.start(command(prefix, devices) + " > log-program 2>&1");
        kernel.run("for i in $(seq 600); do grep -q serving log-program && exit 0; sleep 0.05; done; cat log-program; exit 1");
    }

    private static String command(String prefix, String... devices) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return "set -e; " + prefix + java + " -XX:TieredStopAtLevel=1 -cp '" + classPath + "' " + DeviceProgram.class.getName() + " '"
            + String.join("' '", devices) + "'";
    }

    /** A program that has the kernel refuse TUNSETOFFLOAD with any flag to the command that follows, and starts it (seccomp(2)). */
    private String refusingOffload() throws IOException {
        assumeTrue(List.of("amd64", "aarch64").contains(System.getProperty("os.arch")), "skipped: the number of ioctl is not known");
        return Files.writeString(kernel.file("refuse.py"), """
            import ctypes, os, struct, sys
            ioctl = {'x86_64': 16, 'aarch64': 29}[os.uname().machine]
            load, equal, test, give = 0x20, 0x15, 0x45, 0x06
            steps = [(load, 0, 0, 0), (equal, 0, 4, ioctl), (load, 0, 0, 24), (equal, 0, 2, 0x400454d0),
                     (load, 0, 0, 32), (test, 1, 0, 0xffff), (give, 0, 0, 0x7fff0000), (give, 0, 0, 0x00050000 | 22)]
            code = ctypes.create_string_buffer(b''.join(struct.pack('=HBBI', *step) for step in steps))
            program = ctypes.create_string_buffer(struct.pack('@HP', len(steps), ctypes.addressof(code)))
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
                sys.exit('no filter: ' + os.strerror(ctypes.get_errno()))
            os.execv(sys.argv[1], sys.argv[1:])
            """) + " ";
    }

    private void assertOffload(String device, boolean expected) {
        String features = kernel.run("ethtool -k " + device);
        String state = expected ? "on" : "off";
        assertTrue(features.contains("tcp-segmentation-offload: " + state) && features.contains("tx-checksumming: " + state), features);
    }

    private void getAndPut() {
        String digest = Pattern.digest(SIZE);
        for (String url : new String[] {"http://" + TunHost.V4 + "/", "http://[" + TunHost.V6 + "]/"}) {
            kernel.run("curl -sSf -o got " + url + SIZE);
            assertEquals(digest, kernel.run("sha256sum got").substring(0, 64), "GET " + url);
            assertEquals(digest, kernel.run("curl -sSf -T got " + url).strip(), "PUT " + url);
        }
    }
}
