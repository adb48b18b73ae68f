package io.github.usertcp.congestion;

/**
 * A window that never moves: no congestion control at all. For packet traces about something else, and for
 * experiments on a path that belongs to one connection alone. Units are bytes.
 */
final class FixedWindow implements CongestionControl {
    static final String NAME = "fixed";

    private final long fixedBytes;
    private int smss;

    FixedWindow(long fixedBytes) {
        this.fixedBytes = fixedBytes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
        this.smss = smss;
    }

    @Override
    public void onAck(AckSample sample) {
        // tells nothing that matters
    }

    @Override
    public void onEnterRecovery(long flightBytes, long nowNanos) {
        // no reduction
    }

    @Override
    public void onExitRecovery(long flightBytes, long nowNanos) {
        // there was no reduction
    }

    @Override
    public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
        // no reduction
    }

    @Override
    public void onUndo(long nowNanos) {
        // there was no reduction
    }

    @Override
    public void onIdleRestart(long restartWindowBytes) {
        // no restart
    }

    @Override
    public void onSmssChanged(int smss) {
        this.smss = smss;
    }

    @Override
    public long cwndBytes() {
        return Math.max(smss, fixedBytes); // less than a segment would stall the connection for ever
    }

    @Override
    public long ssthreshBytes() {
        return Long.MAX_VALUE;
    }

    /** In recovery too the window is the fixed one. */
    @Override
    public boolean usesProportionalRateReduction() {
        return false;
    }
}
