package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.TcpConnection;
import java.util.Map;

/**
 * What connections are told about their paths, and others learn from. A TUN link brings the network's reports with the segment they are
 * about, to be checked by that. Over UDP the kernel takes them and checks little, so they are asked for only when a connection makes no
 * progress: a report that is forged then changes nothing by itself (RFC 5927 section 7.2).
 */
final class PathMtuReports {
    private final TcpStack stack;

    PathMtuReports(TcpStack stack) {
        this.stack = stack;
    }

    /** A timer of the connection has expired: before it sends again what nobody has acknowledged, that may turn out to be too big. */
    void timeout(TcpConnection tcp, long nowNanos) {
        if (tcp.doubtsPathMtu(nowNanos)) {
            shrink(tcp, stack.link().pathMtu(tcp.tuple().remoteAddress()), nowNanos);
        }
    }

    /** This host itself does not send packets as large as some to those peers were. */
    void tooBig(Map<IpAddress, Integer> pathMtus, long nowNanos) {
        stack.batch.begin(nowNanos);
        for (StackConnection connection : stack.connections.toArray()) {
            Integer mtu = pathMtus.get(connection.tcp().tuple().remoteAddress());
            if (mtu != null) {
                try {
                    shrink(connection.tcp(), mtu, nowNanos);
                } catch (RuntimeException e) {
                    stack.batch.abortFaulty(connection, e);
                }
                stack.batch.received(connection);
            }
        }
        stack.batch.complete();
    }

    /** A report has come to a connection: if it was believed, the next ones to that peer know. */
    void learn(TcpConnection tcp, int pathMtuBefore, long nowNanos) {
        if (tcp.pathMtuBytes() != pathMtuBefore) {
            stack.stats().count(StackCounter.PATH_MTU_REDUCTIONS);
            stack.pathMtus.learn(tcp, nowNanos);
        }
    }

    /** A connection has done what it can for now: if its search for the path MTU has come further, the next ones to that peer know. */
    void searched(TcpConnection tcp) {
        if (tcp.hasSearchedMtu()) {
            stack.pathMtus.learn(tcp.tuple().remoteAddress(), tcp.takeSearchedMtu(), stack.nowNanos());
        }
    }

    private void shrink(TcpConnection tcp, int mtu, long nowNanos) {
        int before = tcp.pathMtuBytes();
        if (mtu < before) {
            tcp.onTooBig(mtu, nowNanos);
            learn(tcp, before, nowNanos);
        }
    }
}
