package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The listeners of a stack by port and address, and those among them that have accepted something in this batch. */
final class ListenerTable {
    private final IntObjectHashMap<List<TcpListener>> byPort = new IntObjectHashMap<>();
    private final ArrayDeque<TcpListener> withNews = new ArrayDeque<>();
    private int size;

    int size() {
        return size;
    }

    /**
     * The listener for segments to that address and port: one for the very port before one for all ports,
     * then one bound to the very address before one bound to the wildcard.
     */
    TcpListener find(IpAddress address, int port) {
        TcpListener found = findAt(address, port);
        return found != null || byPort.isEmpty() ? found : findAt(address, TcpListener.ALL_PORTS);
    }

    private TcpListener findAt(IpAddress address, int port) {
        List<TcpListener> candidates = byPort.get(port);
        TcpListener found = null;
        for (int i = 0; candidates != null && i < candidates.size(); i++) {
            TcpListener candidate = candidates.get(i);
            if (candidate.localAddress().equals(address)) {
                return candidate;
            }
            if (candidate.localAddress().isAny()) {
                found = candidate;
            }
        }
        return found;
    }

    /** No listener would share segments with one on that address and port. */
    boolean isFree(IpAddress address, int port) {
        List<TcpListener> others = byPort.get(port);
        return others == null
            || !address.isAny() && others.stream().noneMatch(other -> other.localAddress().isAny() || other.localAddress().equals(address));
    }

    void add(TcpListener listener) {
        List<TcpListener> all = byPort.get(listener.port());
        if (all == null) {
            all = new ArrayList<>(1);
            byPort.put(listener.port(), all);
        }
        all.add(listener);
        size++;
    }

    void remove(TcpListener listener) {
        List<TcpListener> all = byPort.get(listener.port());
        if (all != null && all.remove(listener)) {
            size--;
            if (all.isEmpty()) {
                byPort.remove(listener.port());
            }
        }
    }

    List<TcpListener> all() {
        List<TcpListener> all = new ArrayList<>(size);
        byPort.values().forEach(all::addAll);
        return all;
    }

    /** Something is in the listener's accept queue. */
    void accepted(TcpListener listener) {
        withNews.add(listener);
    }

    /** Runs the callbacks of those that accepted something. */
    void announceAccepted() {
        for (TcpListener listener = withNews.poll(); listener != null; listener = withNews.poll()) {
            listener.announce();
        }
    }
}
