package io.github.usertcp.tcp;

import io.github.usertcp.congestion.CongestionControl;
import io.netty.buffer.ByteBuf;

/** The user's calls (RFC 9293 section 3.10.1 to 3.10.6), by state. */
final class UserCalls {
    private UserCalls() {
    }

    /** OPEN, active; {@code fastOpen} is for the first SYN, {@code null} for an ordinary one. */
    static void connect(Tcb tcb, FastOpenSyn fastOpen, long nowNanos) {
        requireClosed(tcb, "connect");
        tcb.fastOpen.offer(fastOpen);
        Arrival.startSending(tcb, tcb.numbers.iss(tcb.tuple, nowNanos));
        tcb.enter(TcpState.SYN_SENT, CloseCause.NONE);
        tcb.outbox.synDue(true);
    }

    /** OPEN, passive. */
    static void listen(Tcb tcb) {
        requireClosed(tcb, "listen");
        tcb.fromListen = true;
        tcb.enter(TcpState.LISTEN, CloseCause.NONE);
    }

    private static void requireClosed(Tcb tcb, String call) {
        if (tcb.state() != TcpState.CLOSED || tcb.send.iss() != 0) {
            throw new IllegalStateException(call + ": " + tcb.state() + " (expected: a connection never opened)");
        }
    }

    /** SEND. */
    static int write(Tcb tcb, ByteBuf data) {
        int length = Math.min(writableBytes(tcb), data.readableBytes());
        if (length == 0) {
            return 0;
        }
        tcb.sendQueue.append(data.readRetainedSlice(length));
        return length;
    }

    static int writableBytes(Tcb tcb) {
        if (tcb.ends.isOutputShut()) {
            return 0;
        }
        return switch (tcb.state()) {
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> {
                long unsent = Math.max(0, tcb.sendQueue.end() - Math.max(tcb.send.nxt(), tcb.sendQueue.start()));
                long room = Math.min(tcb.sendBuffer.bytes() - tcb.sendQueue.bytes(), tcb.config.notSentLowWaterBytes() - unsent);
                yield (int) Math.max(0, room);
            }
            default -> 0;
        };
    }

    /** Half of CLOSE: no more is sent, but what the peer sends is still read. */
    static void shutdownOutput(Tcb tcb) {
        if (tcb.ends.isOutputShut()) {
            return;
        }
        switch (tcb.state()) {
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> tcb.ends.shutOutput();
            default -> { } // nothing to end
        }
        enterFarewell(tcb);
    }

    /** A FIN is owed: the state says so at once, whenever the FIN itself may leave behind the data. */
    static void enterFarewell(Tcb tcb) {
        if (!tcb.ends.isOutputShut()) {
            return;
        }
        switch (tcb.state()) {
            case ESTABLISHED -> tcb.enter(TcpState.FIN_WAIT_1, CloseCause.NONE);
            case SYN_RECEIVED -> {
                if (tcb.fastOpen.isOpenedBySyn()) {
                    tcb.enter(TcpState.FIN_WAIT_1, CloseCause.NONE); // it may send already, its FIN too
                }
            }
            case CLOSE_WAIT -> tcb.enter(TcpState.LAST_ACK, CloseCause.NONE);
            default -> { }
        }
    }

    /** CLOSE, in both directions. */
    static void close(Tcb tcb, long nowNanos) {
        if (tcb.ends.isAbandoned()) {
            return; // a second close() sends no second FIN
        }
        switch (tcb.state()) {
            case CLOSED -> { }
            case LISTEN, SYN_SENT -> tcb.enter(TcpState.CLOSED, CloseCause.NONE);
            case TIME_WAIT -> tcb.ends.abandon();
            default -> closeConnected(tcb, nowNanos);
        }
    }

    private static void closeConnected(Tcb tcb, long nowNanos) {
        if (tcb.receiveQueue.bytes() > 0) {
            // RFC 2525 2.17: data nobody will read; a FIN would tell the peer that all is well.
            tcb.abort(CloseCause.ABORTED);
            return;
        }
        tcb.ends.abandon();
        shutdownOutput(tcb);
        if (tcb.state() == TcpState.FIN_WAIT_2) {
            Timeouts.startFinWait2(tcb, nowNanos);
        }
    }

    static void reconfigure(Tcb tcb, TcpConfig config, long nowNanos) {
        TcpConfig before = tcb.config;
        tcb.config = config;
        int writable = tcb.sendBuffer.bytes();
        tcb.sendBuffer.configure(config);
        if (tcb.sendBuffer.bytes() > writable || config.notSentLowWaterBytes() > before.notSentLowWaterBytes()) {
            tcb.raise(TcpEvent.WRITABLE);
        }
        int size = tcb.receiveBuffer.bytes();
        tcb.receiveBuffer.configure(config);
        boolean openedBySyn = tcb.state() == TcpState.SYN_RECEIVED && tcb.fastOpen.isOpenedBySyn();
        if (!tcb.state().isSynchronized() && !openedBySyn) {
            return;
        }
        if (!config.congestionControl().equals(before.congestionControl())) {
            replaceCongestionControl(tcb, nowNanos);
        }
        if (tcb.receiveBuffer.bytes() > size) {
            WindowUpdates.roomGrew(tcb);
        }
        if (config.quickAck() && !before.quickAck() && tcb.timers.isSet(Timer.DELAYED_ACK)) {
            tcb.acks.acknowledgeNow();
        }
        if (config.keepAlive() && tcb.state() != TcpState.TIME_WAIT) {
            tcb.timers.set(Timer.KEEPALIVE, tcb.probes.heardNanos() + config.keepAliveIdleNanos());
        } else {
            tcb.timers.stop(Timer.KEEPALIVE);
        }
        if (before.cork() && !config.cork()) {
            tcb.timers.stop(Timer.CORK);
            tcb.outbox.pushDue(config.noDelay()); // else Nagle's algorithm has its say
        }
        if (config.userTimeoutNanos() != before.userTimeoutNanos()) {
            boolean running = tcb.send.outstanding() > 0 || tcb.timers.isSet(Timer.PERSIST);
            tcb.timers.stop(Timer.USER_TIMEOUT);
            if (running) {
                Timeouts.startUserTimeout(tcb, nowNanos);
            }
        }
    }

    /** What the one before knew of the path is in its window and threshold. */
    private static void replaceCongestionControl(Tcb tcb, long nowNanos) {
        CongestionControl before = tcb.congestion;
        tcb.congestion = tcb.config.congestionControl().create();
        tcb.congestion.onEstablished(tcb.smss(), before.cwndBytes(), before.ssthreshBytes(), nowNanos);
    }
}
