package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tcpdump sees of us one router away, and what tshark thinks of it. */
@Timeout(120)
class CaptureTest {
    private static final String OURS = "(ip.src == " + TunHost.V4 + " or ipv6.src == " + TunHost.V6 + ")";
    private static final String BAD = "(_ws.malformed or tcp.checksum.status == 0 or ip.checksum.status == 0 or icmp.checksum.status == 0"
        + " or icmpv6.checksum.status == 0 or _ws.expert.severity == 8388608)"; // an error

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyPacketOfOursIsSound(boolean offload) throws Exception {
        try (KernelHost router = KernelHost.create("ethtool"); KernelHost far = KernelHost.create("tcpdump", "tshark", "curl", "ping", "nc");
             TunHost host = TunHost.open(router, offload)) {
            router.routeTo(far);
            host.serve(80, WebService::new);
            Process tcpdump = startCapture(far);
            for (String url : new String[] {"http://" + TunHost.V4 + "/", "http://[" + TunHost.V6 + "]/"}) {
                far.run("head -c 3000000 /dev/urandom > up; curl -sSf -o got " + url + "3000000; curl -sSf -T up " + url);
                far.tryRun("curl -s " + url.substring(0, url.length() - 1) + ":81/");
            }
            far.run("ping -c 1 " + TunHost.V4 + "; ping -c 1 " + TunHost.V6);
            far.tryRun("echo x | nc -u -w 1 " + TunHost.V4 + " 9; echo x | nc -u -w 1 " + TunHost.V6 + " 9");
            endCapture(far, tcpdump);
            String read = "tshark -n -r trace.pcap -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -Y ";
            assertEquals("", far.run(read + "'" + OURS + " and " + BAD + "' 2> log-tshark"));
            int good = Integer.parseInt(far.run(read + "'" + OURS + " and tcp.checksum.status == 1' 2> log-tshark | wc -l").strip());
            assertTrue(good > 4000, () -> good + " segments seen, of two downloads of 3,000,000 bytes and more");
        }
    }

    private static Process startCapture(KernelHost host) throws IOException {
        Process tcpdump = host.start("exec tcpdump -i far -U -w trace.pcap 2> log-tcpdump");
        host.run("for i in $(seq 100); do grep -q listening log-tcpdump && exit 0; sleep 0.05; done; cat log-tcpdump; exit 1");
        return tcpdump;
    }

    private static void endCapture(KernelHost host, Process tcpdump) throws InterruptedException {
        tcpdump.toHandle().destroy();
        assertTrue(tcpdump.waitFor(10, TimeUnit.SECONDS));
    }
}
