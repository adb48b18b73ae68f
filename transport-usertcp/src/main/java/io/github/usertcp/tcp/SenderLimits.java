package io.github.usertcp.tcp;

/**
 * For how long the sender had something to send or in flight, and for how much of that time it was not the network that held it back, but
 * the peer's window or its own send buffer. At any time one of them counts, the buffer before the window (Linux {@code tcp_chrono}, whose
 * conditions these are). Nanoseconds.
 */
final class SenderLimits {
    private enum Phase { IDLE, BUSY, PEER_WINDOW, SEND_BUFFER }

    private Phase phase = Phase.IDLE;
    private long sinceNanos;
    private long busyNanos;
    private long peerWindowNanos;
    private long sendBufferNanos;
    private boolean bufferFull;

    /**
     * To be told after each poll for a segment: what keeps the sender waiting is known when there is none.
     *
     * @param sent  there was one
     */
    void polled(Tcb tcb, boolean sent, long nowNanos) {
        if (sent) {
            if (phase == Phase.IDLE && hasData(tcb)) {
                enter(Phase.BUSY, nowNanos);
            }
            return;
        }
        judgeBuffer(tcb);
        enter(!hasData(tcb) ? Phase.IDLE : tcb.congestion == null ? Phase.BUSY
            : isHeldBackByBuffer(tcb) ? Phase.SEND_BUFFER : isHeldBackByPeer(tcb) ? Phase.PEER_WINDOW : Phase.BUSY, nowNanos);
    }

    /** Full when it takes no byte, until a third is free, which is when a user that waits is told (Linux sk_stream_is_writeable). */
    private void judgeBuffer(Tcb tcb) {
        long limit = tcb.config.sendBufferBytes();
        long held = tcb.sendQueue.bytes();
        bufferFull = held >= limit || bufferFull && 3 * held > 2 * limit;
    }

    private static boolean hasData(Tcb tcb) {
        return switch (tcb.state()) {
            case CLOSED, LISTEN, FIN_WAIT_2, TIME_WAIT -> false;
            case FIN_WAIT_1, CLOSING, LAST_ACK -> true; // at least the FIN
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> tcb.sendQueue.bytes() > 0;
        };
    }

    /** Everything has left and the windows would allow more, for which the user has found no room. */
    private boolean isHeldBackByBuffer(Tcb tcb) {
        return bufferFull && !tcb.ends.isOutputShut() && tcb.sendQueue.end() == tcb.send.nxt()
            && !tcb.cwndUsage.isCwndLimited(tcb.cwndBytes(), tcb.congestion.ssthreshBytes());
    }

    /** What is left does not fit into the peer's window, although the congestion window has room for it. */
    private static boolean isHeldBackByPeer(Tcb tcb) {
        long unsent = tcb.sendQueue.end() - tcb.send.nxt() + (tcb.ends.finPending() ? 1 : 0);
        if (unsent <= 0 || tcb.timers.isSet(Timer.PACING)) {
            return false;
        }
        long congestion = NewData.congestionRoom(tcb);
        long peer = tcb.send.usableWindow();
        boolean open = congestion >= tcb.smss() || tcb.send.outstanding() == 0;
        return open && peer < congestion && peer < unsent;
    }

    private void enter(Phase next, long nowNanos) {
        if (next == phase) {
            return;
        }
        busyNanos = busyNanos(nowNanos);
        peerWindowNanos = peerWindowNanos(nowNanos);
        sendBufferNanos = sendBufferNanos(nowNanos);
        phase = next;
        sinceNanos = nowNanos;
    }

    /** All of it, also what the two limits below are to blame for. */
    long busyNanos(long nowNanos) {
        return busyNanos + (phase == Phase.IDLE ? 0 : nowNanos - sinceNanos);
    }

    long peerWindowNanos(long nowNanos) {
        return peerWindowNanos + (phase == Phase.PEER_WINDOW ? nowNanos - sinceNanos : 0);
    }

    long sendBufferNanos(long nowNanos) {
        return sendBufferNanos + (phase == Phase.SEND_BUFFER ? nowNanos - sinceNanos : 0);
    }

    void checkInvariants() {
        assert peerWindowNanos >= 0 && sendBufferNanos >= 0 && peerWindowNanos + sendBufferNanos <= busyNanos
            : peerWindowNanos + " ns limited by the peer and " + sendBufferNanos + " ns by the buffer, of " + busyNanos + " ns";
    }
}
