package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.testsuite.packetdrill.script.ScriptOption;
import io.github.usertcp.testsuite.packetdrill.script.ScriptSyntaxException;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.List;
import java.util.Set;

/** How a script is run: what its own options say, and over them those of the command line. Times are microseconds. */
final class RunOptions {
    private static final double MICROS_PER_PERCENT = 0.01;
    private static final int IPV4_AND_TCP_HEADERS = 40;
    private static final int IPV6_AND_TCP_HEADERS = 60;
    /** Options that matter only to a tool that talks to a kernel through a device. */
    private static final Set<String> WITHOUT_MEANING = Set.of("define", "verbose", "speed", "netmask_ip", "gateway_ip", "local_linux_ip",
        "remote_linux_ip", "wire_client", "wire_server", "wire_server_at", "wire_client_dev", "wire_server_dev", "dry_run", "debug",
        "send_omit_free", "init_scripts", "is_anyip", "persistent_tun_dev", "use_expect", "persistent_src_port");

    private long toleranceMicros = 4000;
    private double tolerancePercent = 12.5;
    private boolean ipv6;
    private IpAddress local;
    private IpAddress remote;
    int mtu = 1500;
    int inboundMss;
    int bindPort = 8080;
    int connectPort = 8080;
    double tsTickMicros;
    boolean tsEcrScaled;
    boolean strictSegments;
    boolean packetsNonFatal;
    boolean checkTsEcr;
    boolean checkChecksum;
    boolean noSurplus;

    /** @param overriding  options of the command line, which win */
    static RunOptions of(List<ScriptOption> options, List<ScriptOption> overriding) {
        RunOptions result = new RunOptions();
        options.forEach(result::set);
        overriding.forEach(result::set);
        return result;
    }

    private void set(ScriptOption option) {
        try {
            apply(option);
        } catch (IllegalArgumentException e) {
            throw new ScriptSyntaxException(option.position(), "--" + option.name() + ": bad value \"" + option.text() + '"');
        }
    }

    private void apply(ScriptOption option) {
        String value = option.text();
        switch (option.name()) {
            case "ip_version" -> ipVersion(value);
            case "local_ip" -> local = IpAddress.parse(withoutPrefix(value));
            case "remote_ip" -> remote = IpAddress.parse(withoutPrefix(value));
            case "bind_port" -> bindPort = Integer.parseInt(value);
            case "connect_port" -> connectPort = Integer.parseInt(value);
            case "mtu" -> mtu = Integer.parseInt(value);
            case "mss" -> inboundMss = Integer.parseInt(value);
            case "tolerance_usecs" -> toleranceMicros = Long.parseLong(value);
            case "tolerance_percent" -> tolerancePercent = Double.parseDouble(value);
            case "tcp_ts_tick_usecs" -> tsTickMicros = Double.parseDouble(value);
            case "tcp_ts_ecr_scaled" -> tsEcrScaled = true;
            case "strict_segments" -> strictSegments = true;
            case "non_fatal" -> packetsNonFatal = value.contains("packet");
            case "check_ts_ecr" -> checkTsEcr = true;
            case "check_checksum" -> checkChecksum = true;
            case "no_surplus" -> noSurplus = true;
            default -> {
                if (!WITHOUT_MEANING.contains(option.name())) {
                    throw new UnsupportedFeatureException("--" + option.name());
                }
            }
        }
    }

    private void ipVersion(String version) {
        switch (version) {
            case "ipv4", "ipv4_mapped_ipv6" -> ipv6 = false; // the same on the wire
            case "ipv6" -> ipv6 = true;
            default -> throw new IllegalArgumentException(version);
        }
    }

    private static String withoutPrefix(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    boolean isIpv6() {
        return ipv6;
    }

    /** Ours: packetdrill's default unless set. */
    IpAddress local() {
        return local != null ? local : IpAddress.parse(ipv6 ? "fd3d:fa7b:d17d::1" : "192.168.0.1");
    }

    /** The peer's. */
    IpAddress remote() {
        return remote != null ? remote : IpAddress.parse(ipv6 ? "2001:db8::1" : "192.0.2.1");
    }

    /** TCP payload of a full packet without options. */
    int linkMss() {
        return mtu - (ipv6 ? IPV6_AND_TCP_HEADERS : IPV4_AND_TCP_HEADERS);
    }

    /** How far off an event may be that comes so long after the one before it. */
    long toleranceAfter(long deltaMicros) {
        return Math.max(toleranceMicros, (long) (deltaMicros * tolerancePercent * MICROS_PER_PERCENT));
    }
}
