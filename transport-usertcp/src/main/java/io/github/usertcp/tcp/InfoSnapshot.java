package io.github.usertcp.tcp;

/** Makes a {@link TcpInfo} from the state groups. */
final class InfoSnapshot {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private InfoSnapshot() {
    }

    static TcpInfo of(Tcb tcb, long nowNanos) {
        Negotiated options = tcb.negotiated;
        boolean open = tcb.congestion != null;
        return new TcpInfo(
            tcb.state(),
            open ? tcb.congestion.name() : tcb.config.congestionControl().name(),
            tcb.recovery.phase().ordinal(),
            tcb.recovery.timeouts(),
            tcb.probes.unanswered(),
            tcb.rtt.backoff(),
            options != null && options.timestamps(),
            options != null && options.sack(),
            options == null ? -1 : options.sndWscale(),
            options == null ? -1 : options.rcvWscale(),
            tcb.rtt.rtoNanos(tcb.config) / NANOS_PER_MICRO,
            tcb.acks.atoNanos() / NANOS_PER_MICRO,
            tcb.smss(),
            tcb.acks.fullSegment(),
            tcb.send.outstanding(),
            tcb.scoreboard.sackedBytes(),
            tcb.scoreboard.lostBytes(),
            tcb.scoreboard.resentBytes(),
            millisSince(tcb.counters.lastDataSentNanos, tcb.counters, nowNanos),
            millisSince(tcb.counters.lastDataRecvNanos, tcb.counters, nowNanos),
            millisSince(tcb.counters.lastAckRecvNanos, tcb.counters, nowNanos),
            Math.max(0, tcb.rtt.srttNanos()) / NANOS_PER_MICRO,
            tcb.rtt.rttvarNanos() / NANOS_PER_MICRO,
            Math.max(0, tcb.rtt.minRttNanos()) / NANOS_PER_MICRO,
            tcb.rack.reordering(),
            tcb.rack.reorderings(),
            open ? tcb.congestion.ssthreshBytes() : Long.MAX_VALUE,
            open ? tcb.cwndBytes() : 0,
            tcb.send.wnd(),
            tcb.receive.wnd(),
            Math.max(0, tcb.receiverRtt.rttNanos()) / NANOS_PER_MICRO,
            tcb.receiveBuffer.bytes(),
            tcb.counters.segsOutOfOrder,
            tcb.counters.segsBeyondWindow,
            tcb.counters.segsIntoZeroWindow,
            tcb.announcedMss(),
            tcb.counters.totalRetrans,
            tcb.deliveryRate.deliveredBytes(),
            tcb.counters.duplicateSacks,
            tcb.counters.bytesAcked,
            tcb.counters.bytesReceived,
            tcb.counters.bytesSent,
            tcb.counters.bytesRetrans,
            tcb.counters.segsOut,
            tcb.counters.segsIn,
            tcb.counters.dataSegsOut,
            tcb.counters.dataSegsIn,
            tcb.fastOpen.isSynDataTaken(),
            tcb.fastOpen.isOpenedBySyn(),
            Math.max(0, tcb.sendQueue.end() - Math.max(tcb.send.nxt(), tcb.sendQueue.start())),
            open ? Pacing.rate(tcb) : 0,
            tcb.limits.busyNanos(nowNanos) / NANOS_PER_MICRO,
            tcb.limits.peerWindowNanos(nowNanos) / NANOS_PER_MICRO,
            tcb.limits.sendBufferNanos(nowNanos) / NANOS_PER_MICRO,
            tcb.ecn.info());
    }

    private static long millisSince(long thenNanos, Counters counters, long nowNanos) {
        long since = thenNanos == Counters.NEVER ? counters.establishedNanos : thenNanos;
        return since == Counters.NEVER ? -1 : (nowNanos - since) / NANOS_PER_MILLI;
    }
}
