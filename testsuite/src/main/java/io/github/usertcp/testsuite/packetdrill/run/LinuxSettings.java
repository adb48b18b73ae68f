package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.stack.TcpStackConfig;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConfigBuilder;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.Set;

/** The stack's configuration in the words of Linux's sysctl, with the defaults that public scripts assume. */
final class LinuxSettings {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** tcp_rmem and tcp_wmem: what windows and buffers may grow to. */
    private static final int MAX_RECEIVE_BUFFER = 15 * 1024 * 1024;
    private static final int MAX_SEND_BUFFER = 4 * 1024 * 1024;

    /** Settings of mechanisms that we have not, or not as a choice, and that scripts which depend on them show by what they expect. */
    private static final Set<String> IGNORED = Set.of("tcp_fack", "tcp_dsack", "tcp_frto", "tcp_reordering", "tcp_max_reordering",
        "tcp_early_retrans", "tcp_recovery", "tcp_tso_win_divisor", "tcp_min_tso_segs", "tcp_tso_rtt_log", "tcp_pacing_ss_ratio",
        "tcp_pacing_ca_ratio", "tcp_fastopen", "tcp_fastopen_key", "tcp_ecn_option", "tcp_ecn_option_beacon", "tcp_ecn_fallback",
        "tcp_no_metrics_save", "tcp_no_ssthresh_metrics_save", "tcp_metrics_save", "tcp_moderate_rcvbuf", "tcp_autocorking",
        "tcp_limit_output_bytes", "tcp_max_syn_backlog", "tcp_base_mss", "tcp_mtu_probe_floor", "tcp_probe_interval", "tcp_mem",
        "tcp_rfc1337",
        "tcp_tw_reuse", "tcp_adv_win_scale", "tcp_app_win", "tcp_challenge_ack_limit", "tcp_allowed_congestion_control",
        "tcp_available_congestion_control", "tcp_comp_sack_delay_ns", "tcp_comp_sack_nr", "tcp_comp_sack_slack_ns",
        "tcp_thin_linear_timeouts",
        "tcp_backlog_ack_defer", "tcp_plb_enabled", "tcp_migrate_req", "tcp_workaround_signed_windows", "tcp_retries1", "default_qdisc",
        "somaxconn", "rmem_max", "wmem_max", "rmem_default", "wmem_default", "netdev_budget", "ip_local_port_range",
        "tcp_abort_on_overflow",
        "tcp_fastopen_blackhole_timeout_sec", "tcp_syn_linear_timeouts");

    private final TcpConfigBuilder config = TcpConfig.builder()
        .noDelay(false).sack(true).timestamps(true).slowStartAfterIdle(false).synRetries(5).synAckRetries(5)
        .receiveBufferBytes(MAX_RECEIVE_BUFFER).sendBufferBytes(MAX_SEND_BUFFER);
    private int mss;
    private boolean changed;

    LinuxSettings(RunOptions options) {
        mss = options.linkMss();
    }

    TcpConfig config() {
        return config.build();
    }

    TcpStackConfig stackConfig() {
        // The peers of scripts are no UDP addresses that somebody may have forged: all SYN-ACKs the settings allow.
        return TcpStackConfig.builder().unverifiedSynAckRetries(127).build();
    }

    int linkMss() {
        return mss;
    }

    /** Something other than the defaults was asked for. */
    boolean isChanged() {
        return changed;
    }

    void linkMtu(int mtu, boolean ipv6) {
        changed = true;
        mss = mtu - (ipv6 ? 60 : 40);
    }

    void initialWindow(int segments) {
        changed = true;
        config.initialWindowSegments(segments);
    }

    /**
     * Sets one.
     *
     * @param key  such as {@code net.ipv4.tcp_sack}; the path before its last part doesn't matter
     * @throws UnsupportedFeatureException  naming it, if what it asks for is not there
     */
    void set(String key, String value) {
        String name = key.substring(key.lastIndexOf('.') + 1);
        try {
            if (setFlag(name, value) || setNumber(name, value)) {
                changed = true;
            } else if (!IGNORED.contains(name)) {
                throw new UnsupportedFeatureException("sysctl " + name);
            }
        } catch (IllegalArgumentException e) {
            throw new UnsupportedFeatureException("sysctl " + name + '=' + value);
        }
    }

    private boolean setFlag(String name, String value) {
        switch (name) {
            case "tcp_timestamps" -> config.timestamps(!value.equals("0"));
            case "tcp_sack" -> config.sack(!value.equals("0"));
            case "tcp_window_scaling" -> config.windowScaling(!value.equals("0"));
            case "tcp_slow_start_after_idle" -> config.slowStartAfterIdle(!value.equals("0"));
            case "tcp_ecn", "tcp_mtu_probing", "tcp_shrink_window" -> require(name, value, value.equals("0"));
            case "tcp_syncookies" -> require(name, value, !value.equals("2"));
            case "tcp_congestion_control" -> require(name, value, Set.of("reno", "cubic").contains(value));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean setNumber(String name, String value) {
        switch (name) {
            case "tcp_syn_retries" -> config.synRetries(number(value));
            case "tcp_synack_retries" -> config.synAckRetries(number(value));
            case "tcp_retries2" -> config.dataRetries(number(value));
            case "tcp_orphan_retries" -> config.orphanRetries(number(value));
            case "tcp_fin_timeout" -> config.finWait2Nanos(number(value) * NANOS_PER_SECOND);
            case "tcp_keepalive_time" -> config.keepAliveIdleNanos(number(value) * NANOS_PER_SECOND);
            case "tcp_keepalive_intvl" -> config.keepAliveIntervalNanos(number(value) * NANOS_PER_SECOND);
            case "tcp_keepalive_probes" -> config.keepAliveCount(number(value));
            case "tcp_rto_max_ms" -> config.maxRtoNanos(number(value) * NANOS_PER_MILLI);
            case "tcp_rto_min_us" -> config.minRtoNanos(number(value) * 1000L);
            case "tcp_invalid_ratelimit" -> config.challengeAckIntervalNanos(number(value) * NANOS_PER_MILLI);
            case "tcp_notsent_lowat" -> config.notSentLowWaterBytes(
                (int) Math.min(Integer.MAX_VALUE, Long.parseLong(value) & 0xFFFF_FFFFL));
            case "tcp_rmem" -> config.receiveBufferBytes(last(value));
            case "tcp_wmem" -> config.sendBufferBytes(last(value));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void require(String name, String value, boolean there) {
        if (!there) {
            throw new UnsupportedFeatureException(name + '=' + value);
        }
    }

    private static int number(String value) {
        return Integer.parseInt(value);
    }

    private static int last(String value) {
        String[] numbers = value.strip().split("\\s+");
        return Integer.parseInt(numbers[numbers.length - 1]);
    }
}
