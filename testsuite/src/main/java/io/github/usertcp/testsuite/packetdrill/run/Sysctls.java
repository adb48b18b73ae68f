package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import io.github.usertcp.tcp.EcnMode;
import io.github.usertcp.tcp.EcnOptionUse;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.tcp.TcpConfigBuilder;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/**
 * Linux's sysctl settings by their last names, and which setting of ours each of them is: a row each. Rows that are nobody's setting say
 * which values change nothing here; all others are refused by name and value.
 */
final class Sysctls {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;

    /** Of mechanisms that we have not, or not as a choice; scripts that depend on them show it by what they expect. */
    private static final Set<String> WITHOUT_MEANING = Set.of("""
        default_qdisc
        ip_local_port_range
        ip_no_pmtu_disc
        netdev_budget
        optmem_max
        rmem_default
        rmem_max
        somaxconn
        tcp_abort_on_overflow
        tcp_adv_win_scale
        tcp_allowed_congestion_control
        tcp_app_win
        tcp_autocorking
        tcp_available_congestion_control
        tcp_backlog_ack_defer
        tcp_challenge_ack_limit
        tcp_comp_sack_delay_ns
        tcp_comp_sack_nr
        tcp_comp_sack_rtt_percent
        tcp_comp_sack_slack_ns
        tcp_ecn_fallback
        tcp_ecn_option
        tcp_ecn_option_beacon
        tcp_fack
        tcp_l3mdev_accept
        tcp_limit_output_bytes
        tcp_max_orphans
        tcp_max_reordering
        tcp_max_syn_backlog
        tcp_max_tw_buckets
        tcp_mem
        tcp_metrics_save
        tcp_migrate_req
        tcp_min_snd_mss
        tcp_moderate_rcvbuf
        tcp_mtu_probe_floor
        tcp_no_metrics_save
        tcp_no_ssthresh_metrics_save
        tcp_pacing_ca_ratio
        tcp_pacing_ss_ratio
        tcp_plb_enabled
        tcp_probe_interval
        tcp_probe_threshold
        tcp_reflect_tos
        tcp_reordering
        tcp_retries1
        tcp_rfc1337
        tcp_thin_linear_timeouts
        tcp_tso_rtt_log
        tcp_tw_reuse
        tcp_workaround_signed_windows
        wmem_default
        wmem_max
        """.strip().split("\\s+"));

    /** Of these, a connection keeps what they were when it was made. */
    private static final Set<String> READ_BY_HANDSHAKES =
        Set.of("tcp_timestamps", "tcp_sack", "tcp_window_scaling", "tcp_ecn", "tcp_congestion_control");

    /** What tcp_ecn has from 0 to 5 for connections that come, and for those that go. */
    private static final EcnMode[] ECN_ACCEPTED =
        {EcnMode.OFF, EcnMode.CLASSIC, EcnMode.CLASSIC, EcnMode.ACCURATE, EcnMode.ACCURATE, EcnMode.ACCURATE};
    private static final EcnMode[] ECN_OFFERED =
        {EcnMode.OFF, EcnMode.CLASSIC, EcnMode.OFF, EcnMode.ACCURATE, EcnMode.CLASSIC, EcnMode.OFF};

    private static final Map<String, BiConsumer<TcpConfigBuilder, String>> ROWS = new HashMap<>();

    static {
        options();
        timers();
        buffers();
        congestionNotification();
        unlike("tcp_shrink_window", "1");
    }

    private Sysctls() {
    }

    private static void options() {
        flag("tcp_timestamps", TcpConfigBuilder::timestamps);
        flag("tcp_sack", TcpConfigBuilder::sack);
        flag("tcp_dsack", TcpConfigBuilder::dsack);
        flag("tcp_frto", TcpConfigBuilder::forwardRto);
        // 3 and 4 mean tail loss probes, less is of mechanisms that Linux has given up.
        ROWS.put("tcp_early_retrans", (config, value) -> config.tailLossProbe(Integer.parseInt(value) >= 3));
        ROWS.put("tcp_recovery", (config, value) -> config.timeBasedLossDetection((Integer.parseInt(value) & 1) != 0));
        flag("tcp_window_scaling", TcpConfigBuilder::windowScaling);
        flag("tcp_slow_start_after_idle", TcpConfigBuilder::slowStartAfterIdle);
        number("tcp_min_tso_segs", TcpConfigBuilder::minBurstSegments);
        number("tcp_tso_win_divisor", TcpConfigBuilder::burstWindowDivisor);
        number("tcp_base_mss", TcpConfigBuilder::mtuProbeBase);
        ROWS.put("tcp_mtu_probing", (config, value) -> config.mtuProbing(MtuProbing.values()[Integer.parseInt(value)]));
        ROWS.put("tcp_congestion_control", (config, value) -> config.congestionControl(congestionControl("tcp_congestion_control", value)));
    }

    /** The algorithm of that name, which {@code setting} asks for. */
    static CongestionControlFactory congestionControl(String setting, String name) {
        try {
            return CongestionControls.named(name);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedFeatureException(setting + '=' + name);
        }
    }

    private static void timers() {
        number("tcp_syn_retries", TcpConfigBuilder::synRetries);
        number("tcp_syn_linear_timeouts", TcpConfigBuilder::synLinearRetries);
        number("tcp_synack_retries", TcpConfigBuilder::synAckRetries);
        number("tcp_retries2", TcpConfigBuilder::dataRetries);
        number("tcp_orphan_retries", TcpConfigBuilder::orphanRetries);
        time("tcp_fin_timeout", NANOS_PER_SECOND, TcpConfigBuilder::finWait2Nanos);
        time("tcp_keepalive_time", NANOS_PER_SECOND, TcpConfigBuilder::keepAliveIdleNanos);
        time("tcp_keepalive_intvl", NANOS_PER_SECOND, TcpConfigBuilder::keepAliveIntervalNanos);
        number("tcp_keepalive_probes", TcpConfigBuilder::keepAliveCount);
        time("tcp_rto_max_ms", NANOS_PER_MILLI, TcpConfigBuilder::maxRtoNanos);
        time("tcp_rto_min_us", NANOS_PER_MICRO, TcpConfigBuilder::minRtoNanos);
        time("tcp_invalid_ratelimit", NANOS_PER_MILLI, TcpConfigBuilder::challengeAckIntervalNanos);
    }

    private static void buffers() {
        ROWS.put("tcp_notsent_lowat", (config, value) ->
            config.notSentLowWaterBytes((int) Math.min(Integer.MAX_VALUE, Long.parseLong(value) & 0xFFFF_FFFFL)));
        // Half of a kernel's receive buffer is for what holds the data, and not for the window.
        ROWS.put("tcp_rmem", (config, value) -> config.receiveBufferBytes(number(value, 1) / 2, number(value, 2)));
        ROWS.put("tcp_wmem", (config, value) -> config.sendBufferBytes(number(value, 2)));
    }

    private static void congestionNotification() {
        ROWS.put("tcp_ecn", (config, value) -> {
            int mode = Integer.parseInt(value);
            require("tcp_ecn", value, mode >= 0 && mode < ECN_ACCEPTED.length);
            config.ecnAccepted(ECN_ACCEPTED[mode]).ecnOffered(ECN_OFFERED[mode]);
        });
        flag("tcp_ecn_fallback", TcpConfigBuilder::ecnFallback);
        ROWS.put("tcp_ecn_option", (config, value) -> {
            int use = Integer.parseInt(value);
            require("tcp_ecn_option", value, use >= 0 && use < EcnOptionUse.values().length);
            config.ecnOptionUse(EcnOptionUse.values()[use]);
        });
        number("tcp_ecn_option_beacon", TcpConfigBuilder::ecnOptionBeacon);
    }

    /** @return what a setting does to a configuration; {@code null} if it does nothing */
    static BiConsumer<TcpConfigBuilder, String> find(String name) {
        BiConsumer<TcpConfigBuilder, String> row = ROWS.get(name);
        if (row == null && !WITHOUT_MEANING.contains(name)) {
            throw new UnsupportedFeatureException("sysctl " + name);
        }
        return row;
    }

    /** A change is none for connections that there are. */
    static boolean isReadByHandshakes(String name) {
        return READ_BY_HANDSHAKES.contains(name);
    }

    // ---- kinds of rows

    private static void flag(String name, BiConsumer<TcpConfigBuilder, Boolean> setter) {
        ROWS.put(name, (config, value) -> setter.accept(config, Integer.parseInt(value) != 0));
    }

    private static void number(String name, ObjIntConsumer<TcpConfigBuilder> setter) {
        ROWS.put(name, (config, value) -> setter.accept(config, Integer.parseInt(value)));
    }

    private static void time(String name, long nanosPerUnit, BiConsumer<TcpConfigBuilder, Long> setter) {
        ROWS.put(name, (config, value) -> setter.accept(config, Long.parseLong(value) * nanosPerUnit));
    }

    /** No setting of ours, and those values ask for something else than what we do. */
    private static void unlike(String name, String... values) {
        ROWS.put(name, (config, value) -> require(name, value, !Set.of(values).contains(value)));
    }

    private static void require(String name, String value, boolean there) {
        if (!there) {
            throw new UnsupportedFeatureException(name + '=' + value);
        }
    }

    /** One of several in a row. */
    private static int number(String value, int index) {
        return Integer.parseInt(value.strip().split("\\s+")[index]);
    }
}
