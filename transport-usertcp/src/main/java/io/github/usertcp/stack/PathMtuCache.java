package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.tcp.MtuRange;
import io.github.usertcp.tcp.TcpConnection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What connections have learned of the paths to their peers, so that the next one to the same peer need not lose its first window, or
 * wait for timeouts, to find it out again (RFC 1191 section 5.1, RFC 8201 section 5.2, RFC 4821 section 5.2). Reports of the network and
 * results of probing are kept apart: the one says what does not get through, the other what does, and how far the search has come.
 * Bounded: where the oldest gives way, that knowledge is found out once more.
 */
final class PathMtuCache {
    /** As long as the connection itself believes it (RFC 1191 section 6.3), or looks no further (RFC 4821 section 7.3). */
    private static final long LIFETIME_NANOS = 600_000_000_000L;

    private record Report(int mtu, long untilNanos) {
    }

    private record Search(MtuRange found, long untilNanos) {
    }

    /** Oldest first. */
    private final Map<IpAddress, Report> reports = new LinkedHashMap<>();
    private final Map<IpAddress, Search> searches = new LinkedHashMap<>();
    private final int maxEntries;

    PathMtuCache(TcpStackConfig config) {
        maxEntries = config.maxPathMtus();
    }

    int size() {
        return reports.size() + searches.size();
    }

    /** A connection has changed its mind about the path, because of a report. */
    void learn(TcpConnection tcp, long nowNanos) {
        put(reports, tcp.tuple().remoteAddress(), new Report(tcp.pathMtuBytes(), nowNanos + LIFETIME_NANOS));
    }

    /** A connection's search for the path MTU has come so far. */
    void learn(IpAddress remote, MtuRange found, long nowNanos) {
        Search known = searches.get(remote);
        if (known != null && found.highest() < known.found().highest() && !found.isBounded()) {
            return; // what did not get through is larger than anything it has tried
        }
        if (found.isEverything()) {
            searches.remove(remote);
        } else {
            put(searches, remote, new Search(found, nowNanos + LIFETIME_NANOS));
        }
    }

    private <T> void put(Map<IpAddress, T> entries, IpAddress remote, T entry) {
        entries.remove(remote);
        if (entries.size() >= maxEntries && maxEntries > 0) {
            entries.remove(entries.keySet().iterator().next());
        }
        if (maxEntries > 0) {
            entries.put(remote, entry);
        }
    }

    /**
     * Tells a new connection what is known.
     *
     * @return by how many bytes its packets are to be smaller than the link's
     */
    int tell(TcpConnection tcp, long nowNanos) {
        int linkMtu = tcp.pathMtuBytes();
        return linkMtu - Math.min(tellReported(tcp, nowNanos), tellSearched(tcp, nowNanos));
    }

    private int tellReported(TcpConnection tcp, long nowNanos) {
        Report report = reports.isEmpty() ? null : reports.get(tcp.tuple().remoteAddress());
        if (report != null && report.untilNanos() <= nowNanos) {
            reports.remove(tcp.tuple().remoteAddress());
        } else if (report != null) {
            tcp.pathMtu(report.mtu(), report.untilNanos());
        }
        return tcp.pathMtuBytes();
    }

    private int tellSearched(TcpConnection tcp, long nowNanos) {
        Search search = searches.isEmpty() ? null : searches.get(tcp.tuple().remoteAddress());
        if (search == null || tcp.config().mtuProbing() == MtuProbing.OFF) {
            return Integer.MAX_VALUE;
        }
        if (search.untilNanos() <= nowNanos) {
            searches.remove(tcp.tuple().remoteAddress());
            return Integer.MAX_VALUE;
        }
        tcp.searchedMtu(search.found(), nowNanos);
        return search.found().low();
    }
}
