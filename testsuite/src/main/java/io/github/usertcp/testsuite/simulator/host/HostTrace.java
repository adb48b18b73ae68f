package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.handlers.ConnectionTrace;
import io.github.usertcp.stack.SegmentListener;

/** Writes the trace of a host's connection, in the time of the simulation. */
public final class HostTrace implements SegmentListener {
    private final EngineHost host;
    private final ConnectionTrace trace;

    private HostTrace(EngineHost host, ConnectionTrace trace) {
        this.host = host;
        this.trace = trace;
    }

    /**
     * Traces a host from now on.
     *
     * @param out   takes the lines
     * @param name  of the connection in them
     */
    public static void attach(EngineHost host, Appendable out, String name) {
        HostTrace trace = new HostTrace(host, new ConnectionTrace(out, name));
        host.addListener(trace);
        host.afterEachStep(trace::update);
    }

    @Override
    public void onSent(TcpSegment segment, long nowNanos) {
        trace.onSent(segment, host.tcp().info(nowNanos), nowNanos);
    }

    @Override
    public void onReceived(TcpSegment segment, long nowNanos) {
        trace.onReceived(segment, host.tcp().info(nowNanos), nowNanos);
    }

    private void update(long nowNanos) {
        trace.update(host.tcp().info(nowNanos), nowNanos);
    }
}
