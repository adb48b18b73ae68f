package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.tcp.EcnInfo;
import io.github.usertcp.tcp.EcnMode;
import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.testsuite.packetdrill.code.AssertionFailedException;
import io.github.usertcp.testsuite.packetdrill.code.Interpreter;
import io.github.usertcp.testsuite.packetdrill.script.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The code blocks of a run with the {@code tcp_info} of their moments, in Linux's units: windows and queues count segments. */
final class Snapshots {
    private static final Map<String, Long> CONSTANTS = Map.ofEntries(
        Map.entry("TCP_ESTABLISHED", 1L), Map.entry("TCP_SYN_SENT", 2L), Map.entry("TCP_SYN_RECV", 3L), Map.entry("TCP_FIN_WAIT1", 4L),
        Map.entry("TCP_FIN_WAIT2", 5L), Map.entry("TCP_TIME_WAIT", 6L), Map.entry("TCP_CLOSE", 7L), Map.entry("TCP_CLOSE_WAIT", 8L),
        Map.entry("TCP_LAST_ACK", 9L), Map.entry("TCP_LISTEN", 10L), Map.entry("TCP_CLOSING", 11L),
        Map.entry("TCP_CA_Open", 0L), Map.entry("TCP_CA_Disorder", 1L), Map.entry("TCP_CA_CWR", 2L), Map.entry("TCP_CA_Recovery", 3L),
        Map.entry("TCP_CA_Loss", 4L), Map.entry("TCPI_OPT_TIMESTAMPS", 1L), Map.entry("TCPI_OPT_SACK", 2L),
        Map.entry("TCPI_OPT_WSCALE", 4L),
        Map.entry("TCPI_OPT_ECN", 8L), Map.entry("TCPI_OPT_ECN_SEEN", 16L), Map.entry("TCPI_OPT_SYN_DATA", 32L),
        Map.entry("TCPI_OPT_USEC_TS", 64L), Map.entry("TCPI_OPT_TFO_CHILD", 128L));
    /** Linux: the threshold of a connection that never lost anything. */
    private static final long INFINITE_SSTHRESH = 0x7FFF_FFFFL;

    private record Pending(Code code, Map<String, Long> variables) {
    }

    private final List<Pending> pending = new ArrayList<>();

    void take(Code code, TcpInfo info) {
        Map<String, Long> variables = new HashMap<>(CONSTANTS);
        if (info != null) {
            describe(info, variables);
        }
        pending.add(new Pending(code, variables));
    }

    /** Evaluates all blocks, in order. */
    void evaluate() {
        Interpreter interpreter = new Interpreter();
        for (Pending block : pending) {
            try {
                interpreter.run(block.code().text(), block.variables());
            } catch (AssertionFailedException e) {
                throw new ScriptFailure(block.code().position() + ": " + e.getMessage());
            }
        }
    }

    private static void describe(TcpInfo info, Map<String, Long> variables) {
        long mss = Math.max(1, info.sndMss());
        variables.put("tcpi_state", state(info.state()));
        variables.put("tcpi_retransmits", (long) info.retransmits());
        variables.put("tcpi_probes", (long) info.probes());
        variables.put("tcpi_backoff", (long) info.backoff());
        variables.put("tcpi_options", (info.timestamps() ? 1L : 0) | (info.sack() ? 2 : 0) | (info.sndWscale() >= 0 ? 4 : 0)
            | (info.ecn().mode() != EcnMode.OFF ? 8 : 0) | (info.ecn().seen() ? 16 : 0)
            | (info.synData() ? 32 : 0) | (info.openedBySyn() ? 128 : 0));
        describe(info.ecn(), variables);
        variables.put("tcpi_snd_wscale", (long) Math.max(0, info.sndWscale()));
        variables.put("tcpi_rcv_wscale", (long) Math.max(0, info.rcvWscale()));
        variables.put("tcpi_rto", info.rto());
        variables.put("tcpi_ato", info.ato());
        variables.put("tcpi_snd_mss", (long) info.sndMss());
        variables.put("tcpi_rcv_mss", (long) info.rcvMss());
        variables.put("tcpi_advmss", (long) info.advmss());
        variables.put("tcpi_unacked", segments(info.unacked(), mss));
        variables.put("tcpi_ca_state", (long) info.caState());
        variables.put("tcpi_sacked", segments(info.sacked(), mss));
        variables.put("tcpi_fackets", 0L); // since Linux 4.15
        variables.put("tcpi_reordering", (long) info.reordering());
        variables.put("tcpi_reord_seen", info.reordSeen());
        // Linux counts our SYN: as a segment delivered, and as a byte acknowledged.
        long syn = info.state().isSynchronized() ? 1 : 0;
        variables.put("tcpi_delivered", syn + segments(info.delivered(), mss));
        variables.put("tcpi_dsack_dups", info.dsackDups());
        variables.put("tcpi_lost", segments(info.lost(), mss));
        variables.put("tcpi_retrans", segments(info.retransOut(), mss));
        variables.put("tcpi_last_data_sent", info.lastDataSent());
        variables.put("tcpi_last_data_recv", info.lastDataRecv());
        variables.put("tcpi_last_ack_recv", info.lastAckRecv());
        variables.put("tcpi_rtt", info.rtt());
        variables.put("tcpi_rttvar", info.rttvar());
        variables.put("tcpi_min_rtt", info.minRtt());
        variables.put("tcpi_snd_ssthresh", info.sndSsthresh() == Long.MAX_VALUE ? INFINITE_SSTHRESH : info.sndSsthresh() / mss);
        variables.put("tcpi_snd_cwnd", info.sndCwnd() / mss);
        variables.put("tcpi_snd_wnd", info.sndWnd());
        variables.put("tcpi_total_retrans", info.totalRetrans());
        variables.put("tcpi_bytes_acked", syn + info.bytesAcked());
        variables.put("tcpi_bytes_received", info.bytesReceived());
        variables.put("tcpi_bytes_sent", info.bytesSent());
        variables.put("tcpi_bytes_retrans", info.bytesRetrans());
        variables.put("tcpi_segs_out", info.segsOut());
        variables.put("tcpi_segs_in", info.segsIn());
        variables.put("tcpi_data_segs_out", info.dataSegsOut());
        variables.put("tcpi_data_segs_in", info.dataSegsIn());
        variables.put("tcpi_notsent_bytes", info.notsentBytes());
        variables.put("tcpi_busy_time", info.busyTime());
        variables.put("tcpi_rwnd_limited", info.rwndLimited());
        variables.put("tcpi_sndbuf_limited", info.sndbufLimited());
    }

    private static void describe(EcnInfo ecn, Map<String, Long> variables) {
        variables.put("tcpi_delivered_ce", ecn.deliveredCe());
        variables.put("tcpi_ecn_mode", (long) ecn.mode().ordinal());
        variables.put("tcpi_received_ce", ecn.receivedCe());
        variables.put("tcpi_delivered_e0_bytes", ecn.deliveredE0Bytes());
        variables.put("tcpi_delivered_e1_bytes", ecn.deliveredE1Bytes());
        variables.put("tcpi_delivered_ce_bytes", ecn.deliveredCeBytes());
        variables.put("tcpi_received_e0_bytes", ecn.receivedE0Bytes());
        variables.put("tcpi_received_e1_bytes", ecn.receivedE1Bytes());
        variables.put("tcpi_received_ce_bytes", ecn.receivedCeBytes());
    }

    private static long segments(long bytes, long mss) {
        return (bytes + mss - 1) / mss;
    }

    private static long state(TcpState state) {
        return switch (state) {
            case ESTABLISHED -> 1;
            case SYN_SENT -> 2;
            case SYN_RECEIVED -> 3;
            case FIN_WAIT_1 -> 4;
            case FIN_WAIT_2 -> 5;
            case TIME_WAIT -> 6;
            case CLOSED -> 7;
            case CLOSE_WAIT -> 8;
            case LAST_ACK -> 9;
            case LISTEN -> 10;
            case CLOSING -> 11;
        };
    }
}
