package io.github.usertcp.tcp;

/** Fitting segments to the path (RFC 1191, RFC 8201): what follows from a change of {@link PathMtu}. */
final class PathMtuDiscovery {
    private PathMtuDiscovery() {
    }

    /** A hop on the path has dropped a segment in flight, because it carries no packet larger than {@code mtu}, or so it says. */
    static void tooBig(Tcb tcb, long mtu, long nowNanos) {
        if (!tcb.config.pathMtuDiscovery() || !tcb.pathMtu.reduce(mtu, nowNanos) || tcb.negotiated == null) {
            return;
        }
        int before = tcb.smss();
        long probeEnd = tcb.mtuSearch.limit(tcb.pathMtu.mtu());
        resize(tcb);
        if (tcb.state() == TcpState.SYN_RECEIVED && !tcb.fastOpen.isOpenedBySyn()) {
            return; // no SYN-ACK is too big
        }
        long upTo = Math.max(probeEnd, endOfTooLarge(tcb, before));
        if (upTo > tcb.send.una()) {
            LossResponse.onTooBig(tcb, upTo);
            Timeouts.restartRetransmit(tcb, nowNanos);
        }
    }

    /** No progress, with more in flight than fits the smallest packet: something may have been too big. */
    static boolean isDoubtful(Tcb tcb, long nowNanos) {
        return tcb.config.pathMtuDiscovery() && tcb.send.outstanding() > tcb.pathMtu.mss(tcb.pathMtu.floor())
            && (tcb.timers.isDue(Timer.LOSS_PROBE, nowNanos) || tcb.timers.isDue(Timer.RETRANSMIT, nowNanos));
    }

    /** Before sending: what the network has said long ago may be true no more (RFC 1191 section 6.3). */
    static void expire(Tcb tcb, long nowNanos) {
        if (tcb.pathMtu.expiresNanos() <= nowNanos) {
            tcb.pathMtu.forget();
            resize(tcb);
        }
    }

    /** The size of segments is another one from now on. */
    static void resize(Tcb tcb) {
        tcb.resizeSegments();
        tcb.pathMtu.resizedAt(tcb.send.nxt());
    }

    /** Behind the last segment in flight that is larger than segments may be now; SND.UNA or less if there is none. */
    private static long endOfTooLarge(Tcb tcb, int sizeBefore) {
        if (sizeBefore <= tcb.smss()) {
            return tcb.send.una();
        }
        TransmissionRing sent = tcb.records.firstSent();
        for (int row = sent.size() - 1; row >= 0; row--) {
            long length = sent.to(row) - sent.from(row);
            if (length > tcb.smss()) {
                long tail = length % sizeBefore;
                return tail <= tcb.smss() ? sent.to(row) - tail : sent.to(row);
            }
        }
        return tcb.send.una();
    }

    /**
     * Where a segment that is sent again from {@code from} on ends at the latest. A burst of segments of another size leaves a remainder
     * when it is cut anew; as in Linux, that is a segment of its own and not filled up from the next burst.
     */
    static long endOfBurst(Tcb tcb, long from, long end) {
        if (!tcb.pathMtu.wasResizedBehind(from)) {
            return end;
        }
        TransmissionRing sent = tcb.records.firstSent();
        int row = sent.find(from);
        return row == TransmissionRing.NONE ? end : Math.min(end, sent.to(row));
    }
}
