package io.github.usertcp.tcp;

import io.github.usertcp.congestion.AckSample;
import io.github.usertcp.congestion.CongestionControl;
import io.github.usertcp.congestion.CongestionControlFactory;

/** A congestion window that never moves: for traces about something else, and to see that the connection obeys whatever window it is given. */
record FixedWindow(long cwndBytes) implements CongestionControl, CongestionControlFactory {
    @Override
    public String name() {
        return "fixed";
    }

    @Override
    public CongestionControl create() {
        return this;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
    }

    @Override
    public void onAck(AckSample sample) {
    }

    @Override
    public void onEnterRecovery(long flightBytes, long nowNanos) {
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
    }

    @Override
    public void onUndo(long nowNanos) {
    }

    @Override
    public void onIdleRestart(long restartWindowBytes) {
    }

    @Override
    public void onSmssChanged(int smss) {
    }

    @Override
    public long ssthreshBytes() {
        return Long.MAX_VALUE;
    }
}
