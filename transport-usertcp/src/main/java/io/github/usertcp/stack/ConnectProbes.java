package io.github.usertcp.stack;

import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import java.util.ArrayDeque;

/**
 * Active opens that wait for a first answer. A UDP socket that is not connected never learns that nobody listens on the other port; so
 * a while after a SYN without answer the link is asked to find out, and {@code connect} to a dead port fails as fast as a kernel's.
 */
final class ConnectProbes implements Deadlines {
    private record Probe(StackConnection connection, long dueNanos) {
    }

    private final Link link;
    private final long delayNanos;
    /** By time, since all wait equally long. */
    private final ArrayDeque<Probe> waiting = new ArrayDeque<>();

    ConnectProbes(Link link, TcpStackConfig config) {
        this.link = link;
        delayNanos = config.probeDelayNanos();
    }

    void connecting(StackConnection connection, long nowNanos) {
        if (connection.tcp().tuple().remoteUdpPort() != 0) {
            waiting.add(new Probe(connection, nowNanos + delayNanos));
        }
    }

    @Override
    public long earliestNanos() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().dueNanos();
    }

    @Override
    public void expire(long nowNanos) {
        while (earliestNanos() <= nowNanos) {
            StackConnection connection = waiting.poll().connection();
            if (connection.isLive() && connection.tcp().state() == TcpState.SYN_SENT) {
                TcpTuple tuple = connection.tcp().tuple();
                link.probe(tuple.remoteAddress(), tuple.remoteUdpPort());
            }
        }
    }
}
