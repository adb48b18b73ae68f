package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.TcpConnection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What connections have learned of the paths to their peers, so that the next one to the same peer need not lose its first window to find
 * it out again (RFC 1191 section 5.1, RFC 8201 section 5.2). Bounded: where the oldest gives way, that knowledge is found out once more.
 */
final class PathMtuCache {
    /** As long as the connection itself believes it (RFC 1191 section 6.3). */
    private static final long LIFETIME_NANOS = 600_000_000_000L;

    private record Entry(int mtu, long untilNanos) {
    }

    /** Oldest first. */
    private final Map<IpAddress, Entry> entries = new LinkedHashMap<>();
    private final int maxEntries;

    PathMtuCache(TcpStackConfig config) {
        maxEntries = config.maxPathMtus();
    }

    int size() {
        return entries.size();
    }

    /** A connection has changed its mind about the path. */
    void learn(TcpConnection tcp, long nowNanos) {
        IpAddress remote = tcp.tuple().remoteAddress();
        entries.remove(remote);
        if (entries.size() >= maxEntries && maxEntries > 0) {
            entries.remove(entries.keySet().iterator().next());
        }
        if (maxEntries > 0) {
            entries.put(remote, new Entry(tcp.pathMtuBytes(), nowNanos + LIFETIME_NANOS));
        }
    }

    /**
     * Tells a new connection what is known.
     *
     * @return by how many bytes the path carries less than the link
     */
    int tell(TcpConnection tcp, long nowNanos) {
        IpAddress remote = tcp.tuple().remoteAddress();
        Entry entry = entries.isEmpty() ? null : entries.get(remote);
        if (entry == null) {
            return 0;
        }
        if (entry.untilNanos() <= nowNanos) {
            entries.remove(remote);
            return 0;
        }
        int linkMtu = tcp.pathMtuBytes();
        tcp.pathMtu(entry.mtu(), entry.untilNanos());
        return linkMtu - tcp.pathMtuBytes();
    }
}
