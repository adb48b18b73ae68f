package io.github.usertcp.testsuite.packetdrill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commands change the stack's settings, which don't matter, and which are refused by name. */
class CommandTableTest {
    private final LinuxSettings settings = new LinuxSettings(RunOptions.of(List.of(), List.of()));

    private TcpConfig run(String command) {
        new CommandTable(settings, new Nstat(() -> null), false).run(command);
        return settings.config();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "sysctl -q net.ipv4.tcp_sack=0", "sysctl -q -e net/ipv4/tcp_sack=0", "sysctl -q net.ipv4.tcp_sack=\"0\"",
        "./set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0",
        "echo 0 > /proc/sys/net/ipv4/tcp_sack", "true; sysctl net.ipv4.tcp_ecn=0 net.ipv4.tcp_sack=0", "./defaults.sh\nsysctl -q net.ipv4.tcp_sack=0",
        "tc qdisc replace dev tun0 root pfifo && \\\nsysctl -q net.ipv4.tcp_sack=0",
    })
    void settingsAreChanged(String command) {
        assertTrue(settings.config().sack());
        assertFalse(run(command).sack());
        assertTrue(settings.isChanged());
    }

    @Test
    void productsAndListsAreUnderstood() {
        TcpConfig buffers = run("sysctl -q net.ipv4.tcp_rmem=\"4096 131072 $((6000*1000))\"");
        assertEquals(65_536, buffers.receiveBufferBytes());
        assertEquals(6_000_000, buffers.maxReceiveBufferBytes());
    }

    @Test
    void routesAndDevicesChangeWhatTheyHave() {
        assertEquals(3, run("ip route change 192.0.2.1/32 dev tun0 initcwnd 3 mtu lock 1040").initialWindowSegments());
        assertEquals(1000, settings.linkMss());
        assertEquals(500, run("ip route change 192.0.2.1/32 dev tun0 advmss 500 rto_min 40ms").maxSegmentSize());
        assertEquals(40_000_000, settings.config().minRtoNanos());
        run("ip link set dev tun0 mtu 9000");
        assertEquals(8960, settings.linkMss());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "./defaults.sh", "../common/defaults.sh", "tc qdisc add dev tun0 root fq", "ethtool -K tun0 tso off", "/tmp/sysctl_restore_${PPID}.sh",
        "nstat -n", "nstat",
        "ip tcp_metrics flush", "sysctl -q net.ipv4.tcp_fack=1", "echo 3 > /sys/module/tcp_cubic/parameters/hystart_detect", "# nothing", "",
    })
    void whatDoesNotMatterIsIgnored(String command) {
        run(command);
        assertFalse(settings.isChanged());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        rm -rf x                              | command rm
        sysctl -q net.ipv4.tcp_shrink_window=1 | tcp_shrink_window=1
        sysctl -q net.ipv4.tcp_unheard_of=1   | sysctl tcp_unheard_of
        sysctl -q net.ipv4.tcp_syn_retries=x  | sysctl tcp_syn_retries=x
        sysctl -q net.ipv4.tcp_congestion_control=vegas | tcp_congestion_control=vegas
        ip route change default features ecn  | ip route features
        'nstat | grep TcpExtTCPRcvQDrop | grep -q " 1 "' | nstat TcpExtTCPRcvQDrop
        """)
    void whatIsNotThereIsRefusedByName(String command, String feature) {
        assertEquals(feature, assertThrows(UnsupportedFeatureException.class, () -> run(command)).getMessage());
    }
}
