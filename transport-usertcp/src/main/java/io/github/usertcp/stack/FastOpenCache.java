package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.FastOpenOutcome;
import io.github.usertcp.tcp.FastOpenSyn;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stack's clients remember of servers for TCP Fast Open (RFC 7413 section 4.1.3): cookie and MSS, whether it is worth asking for a
 * cookie in the experimental option, and where Fast Open has failed of late. On the stack's event loop only.
 *
 * <p>A server is told by its port, too, not only by its address: every stack of a user-space host has keys of its own.
 */
public final class FastOpenCache implements FastOpenWatch {
    private static final long MAX_PAUSE_NANOS = 3_600_000_000_000L;
    private static final int MAX_DOUBLINGS = 6;

    private record Path(IpAddress local, IpAddress remote, int port) {
    }

    private static final class Server {
        byte[] cookie;
        boolean experimental;
        int mss;
        /** Requests that brought no cookie: after the first, option 254 is tried, after that no more than option 34. */
        int unanswered;
        int failures;
        long pausedUntilNanos;
    }

    private final TcpStack stack;
    private final FastOpenPolicy policy;
    private final Map<Path, Server> servers = new LinkedHashMap<>(16, 0.75f, true);

    FastOpenCache(TcpStack stack, FastOpenPolicy policy) {
        this.stack = stack;
        this.policy = policy;
    }

    /** Servers remembered. */
    public int size() {
        return servers.size();
    }

    /** Forgets all servers, as {@code ip tcp_metrics flush} does. */
    public void clear() {
        servers.clear();
    }

    /**
     * Bytes of data that the SYN of a {@link TcpStack#connect} could take along now; -1 if it would ask for a cookie, or carry nothing of
     * TCP Fast Open at all.
     */
    public int synDataRoom(IpAddress remote, int remotePort, TcpConfig settings) {
        Link link = stack.link();
        Path path = new Path(link.localAddress(remote), remote, remotePort); // by the swap-in mapping a UDP port has the same number
        FastOpenSyn offer = offer(path, settings, link.maxSegmentSize(remote), stack.nowNanos());
        return offer == null || offer.isCookieRequest() ? -1 : offer.maxData();
    }

    /** What the first SYN of an active open carries; {@code null} for nothing of Fast Open. */
    FastOpenSyn offer(TcpTuple tuple, TcpConfig settings, int linkMss, long nowNanos) {
        return offer(path(tuple), settings, linkMss, nowNanos);
    }

    private FastOpenSyn offer(Path path, TcpConfig settings, int linkMss, long nowNanos) {
        FastOpenConfig config = policy.config();
        if (!config.client() || !settings.fastOpenConnect()) {
            return null;
        }
        Server server = servers.get(path);
        if (server != null && server.failures > 0 && nowNanos - server.pausedUntilNanos < 0) {
            return null;
        }
        int mss = server == null ? 0 : server.mss;
        if (config.clientWithoutCookie() || settings.fastOpenWithoutCookie()) {
            return FastOpenSyn.withData(null, false, mss, settings, linkMss);
        }
        if (server != null && server.cookie != null) {
            return FastOpenSyn.withData(server.cookie, server.experimental, mss, settings, linkMss);
        }
        return FastOpenSyn.cookieRequest(server != null && server.unanswered == 1);
    }

    /** Has the connection's outcome learned when it is there. */
    void watch(StackConnection connection) {
        connection.fastOpenWatch = this;
    }

    @Override
    public boolean settle(StackConnection connection, long nowNanos) {
        FastOpenOutcome outcome = connection.tcp().fastOpenOutcome();
        if (outcome != null) {
            learn(server(connection.tcp().tuple()), outcome, nowNanos);
            return true;
        }
        if (connection.tcp().state() != TcpState.CLOSED) {
            return false;
        }
        if (connection.tcp().closeCause() == CloseCause.TIMED_OUT) {
            failed(server(connection.tcp().tuple()), nowNanos); // no answer at all: the worst sign of a middlebox that there is
        }
        return true;
    }

    private void learn(Server server, FastOpenOutcome outcome, long nowNanos) {
        if (outcome.peerMss() > 0) {
            server.mss = outcome.peerMss();
        }
        if (outcome.cookie() != null) {
            server.cookie = outcome.cookie();
            server.experimental = outcome.experimental();
        } else if (outcome.unanswered() && server.cookie == null) {
            server.unanswered = Math.max(server.unanswered, outcome.experimental() ? 2 : 1);
        }
        if (outcome.synLost() || outcome.refused()) {
            failed(server, nowNanos);
        } else {
            server.failures = 0;
        }
    }

    /** RFC 7413 section 4.1.3.1: a negative response. */
    private void failed(Server server, long nowNanos) {
        long pause = policy.config().pauseNanos() << Math.min(server.failures, MAX_DOUBLINGS);
        server.pausedUntilNanos = nowNanos + Math.min(pause, MAX_PAUSE_NANOS);
        server.failures++;
    }

    private Server server(TcpTuple tuple) {
        Server server = servers.computeIfAbsent(path(tuple), added -> new Server());
        if (servers.size() > policy.config().maxPeers()) {
            servers.remove(servers.keySet().iterator().next());
        }
        return server;
    }

    private static Path path(TcpTuple tuple) {
        int port = tuple.remoteUdpPort() == 0 ? tuple.remotePort() : tuple.remoteUdpPort();
        return new Path(tuple.localAddress(), tuple.remoteAddress(), port);
    }
}
