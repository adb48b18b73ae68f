package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * Packetization layer path MTU discovery: probing for the largest packet where the network doesn't tell (RFC 4821, RFC 8899). The
 * idea: now and then one segment of new data is larger than all others. If it is acknowledged its size is that of all others from then
 * on; if it alone is lost, that was for its size, and it goes again in small segments without a word to the congestion control.
 *
 * <p>Source: RFC 4821 section 7, as Linux does it (tcp_mtu_probe, tcp_mtu_probing): a binary search between
 * {@link TcpConfig#mtuProbeBase} and what link and peer take, begun when a black hole is detected or at once.
 */
final class MtuProbes {
    /** Linux: smaller windows hide a loss, or cannot repair it fast. */
    private static final int MIN_WINDOW_SEGMENTS = 11;
    /** So many segments behind the probe tell by their acknowledgments that it is lost: the duplicate threshold and one. */
    private static final int SEGMENTS_BEHIND = LossRecovery.DUPLICATE_THRESHOLD + 1;
    /** Linux tcp_retries1: a black hole is what has swallowed three retransmissions, with timeouts that double from the smallest. */
    private static final int BLACK_HOLE_TIMEOUTS = (2 << 3) - 1;

    private MtuProbes() {
    }

    /** Before the first data is sent. */
    static void start(Tcb tcb, long nowNanos) {
        if (tcb.config.mtuProbing() == MtuProbing.ALWAYS || tcb.mtuSearch.remembers()) {
            begin(tcb, nowNanos);
        }
    }

    /** Another connection has searched on the same path: this one begins where that has come to, and need not fall into a black hole. */
    static void remember(Tcb tcb, MtuRange found, long nowNanos) {
        if (tcb.config.mtuProbing() != MtuProbing.OFF) {
            tcb.mtuSearch.remember(found);
            if (tcb.congestion != null) {
                begin(tcb, nowNanos); // opened by its SYN
            }
        }
    }

    private static void begin(Tcb tcb, long nowNanos) {
        int high = tcb.pathMtu.packet(Math.min(tcb.announcedMss(), tcb.negotiated.peerMss()));
        tcb.mtuSearch.start(Math.min(high, packet(tcb, tcb.config.mtuProbeBase())), high, nowNanos);
        PathMtuDiscovery.resize(tcb);
    }

    /** The IP packet around a segment of so much payload, and back. */
    private static int packet(Tcb tcb, int payload) {
        return tcb.pathMtu.packet(payload + tcb.negotiated.optionBytes() + tcb.ecn.optionBytes());
    }

    private static int payload(Tcb tcb, int packet) {
        return packet - packet(tcb, 0);
    }

    /** The retransmission timer expired: if it has been doing so for a while, the segments may be too big for somebody who keeps silent. */
    static void onTimeout(Tcb tcb, long nowNanos) {
        MtuSearch search = tcb.mtuSearch;
        if (tcb.recovery.timeouts() == 0) {
            search.firstTimeout(nowNanos);
        } else if (tcb.config.mtuProbing() != MtuProbing.OFF
            && nowNanos - search.firstTimeoutNanos() >= BLACK_HOLE_TIMEOUTS * tcb.config.minRtoNanos()) {
            if (!search.isActive()) {
                begin(tcb, nowNanos);
            } else {
                int half = Math.min(payload(tcb, search.low()) / 2, tcb.config.mtuProbeBase());
                search.lower(Math.max(packet(tcb, half), tcb.pathMtu.floor()));
                PathMtuDiscovery.resize(tcb);
            }
        }
    }

    /** Whether a probe is the next new data to leave, as soon as there is room for it. */
    static boolean isDue(Tcb tcb, long nowNanos) {
        MtuSearch search = tcb.mtuSearch;
        if (!search.isActive() || tcb.recovery.phase() != LossRecovery.Phase.OPEN
            || tcb.cwndBytes() < (long) MIN_WINDOW_SEGMENTS * tcb.smss() || !tcb.reassembly.isEmpty()) {
            return false;
        }
        if (!search.isWorthwhile()) {
            search.reopen(nowNanos);
            return false;
        }
        int needed = bytesNeeded(tcb);
        return tcb.sendQueue.end() - tcb.send.nxt() >= needed && tcb.send.wnd() >= needed;
    }

    /** The peer has room for the probe and what is to follow it, the network for two segments. If not, something in flight will make it. */
    static boolean hasRoom(Tcb tcb) {
        return tcb.send.usableWindow() >= bytesNeeded(tcb) && tcb.scoreboard.pipe(tcb.send) + 2L * tcb.smss() <= tcb.cwndBytes();
    }

    private static int bytesNeeded(Tcb tcb) {
        return payload(tcb, tcb.mtuSearch.nextSize()) + SEGMENTS_BEHIND * tcb.smss();
    }

    static TcpSegment send(Tcb tcb, long nowNanos) {
        MtuSearch search = tcb.mtuSearch;
        int size = search.nextSize();
        long start = tcb.send.nxt();
        long partialEnd = tcb.partialSegmentEnd;
        TcpSegment probe = NewData.whole(tcb, nowNanos, payload(tcb, size));
        tcb.partialSegmentEnd = partialEnd; // larger than a full segment is not less than one
        search.sent(size, start, tcb.send.nxt());
        return probe.flags(probe.flags() & ~TcpFlags.PSH).segmentSize(0);
    }

    /** New data was acknowledged. */
    static void acknowledged(Tcb tcb) {
        if (tcb.mtuSearch.acknowledged(tcb.send.una())) {
            PathMtuDiscovery.resize(tcb);
        }
    }

    /** Something is lost: returns whether that is the probe and no congestion. */
    static boolean explainLoss(Tcb tcb) {
        if (!tcb.mtuSearch.failed(tcb.send.una())) {
            return false;
        }
        LossResponse.onTooBig(tcb, Math.max(tcb.mtuSearch.probeEnd(), tcb.scoreboard.lostEnd()));
        return true;
    }
}
