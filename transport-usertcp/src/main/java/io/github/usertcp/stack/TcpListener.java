package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.TcpConfig;
import java.util.ArrayDeque;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port that accepts connections: SYN queue and accept queue. On the stack's event loop only. */
public final class TcpListener {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);

    /** In the place of a port, every one that nobody else listens on: for proxies, over links that take packets to other hosts. */
    public static final int ALL_PORTS = -1;

    private final TcpStack stack;
    private final IpAddress localAddress;
    private final int port;
    private final int backlog;
    private final TcpConfig childConfig;
    private final Runnable onAccept;
    private final ArrayDeque<StackConnection> acceptQueue = new ArrayDeque<>();
    private final FastOpenQueue fastOpen;
    private int halfOpenCount;
    private boolean cookieSent;
    private long lastCookieNanos;
    private boolean hasNews;
    private boolean closed;

    TcpListener(TcpStack stack, IpAddress localAddress, int port, int backlog, TcpConfig childConfig, Runnable onAccept) {
        this.stack = stack;
        this.localAddress = localAddress;
        this.port = port;
        this.backlog = backlog;
        this.childConfig = childConfig;
        this.onAccept = onAccept;
        fastOpen = new FastOpenQueue(stack.fastOpenPolicy, stack.stats());
        fastOpen.limit(stack.fastOpenPolicy.config().everyListener() ? backlog : 0);
        fastOpen.withoutCookie(childConfig.fastOpenWithoutCookie());
    }

    /**
     * The next connection, without an owner yet, or {@code null} if the accept queue is empty. One that its SYN has opened may still wait
     * for its third segment, or have ended.
     */
    public StackConnection accept() {
        StackConnection connection = acceptQueue.poll();
        if (connection != null) {
            connection.wasAccepted = true;
            connection.tcp().wasAccepted();
        }
        return connection;
    }

    /**
     * Has SYNs with a valid cookie open connections by themselves (RFC 7413). The application must bear to see a request twice.
     *
     * @param maxPending  how many may wait for their third segment at a time; beyond that handshakes are ordinary. 0 turns it off
     */
    public void fastOpen(int maxPending) {
        fastOpen.limit(maxPending);
    }

    /** Makes this listener's Fast Open cookies from keys of its own, from now on. */
    public void fastOpenKeys(FastOpenKeys keys) {
        fastOpen.keys(Objects.requireNonNull(keys, "keys"));
    }

    /**
     * Takes data from any SYN, from now on, as {@link FastOpenConfig#serverWithoutCookie()} does for all listeners, where the risks are
     * told; false asks for cookies again.
     */
    public void fastOpenWithoutCookie(boolean withoutCookie) {
        fastOpen.withoutCookie(withoutCookie);
    }

    /** Connections opened by their SYN that wait for the third segment, and those reset of late before it came. */
    public int fastOpenPending() {
        return fastOpen.pending();
    }

    /** The address listened on, possibly the wildcard. */
    public IpAddress localAddress() {
        return localAddress;
    }

    /** The TCP port listened on, the one chosen if it was asked for as 0; {@link #ALL_PORTS} if it is all of them. */
    public int port() {
        return port;
    }

    public int acceptQueueLength() {
        return acceptQueue.size();
    }

    public int synQueueLength() {
        return halfOpenCount;
    }

    /** Stops listening: half-open connections are forgotten, those in the accept queue reset. Twice does nothing. */
    public void close() {
        if (!closed) {
            closed = true;
            stack.stopListening(this);
            for (StackConnection connection = accept(); connection != null; connection = accept()) {
                connection.tcp().abort(stack.nowNanos());
                connection.detach();
            }
            halfOpenCount = 0;
        }
    }

    FastOpenQueue fastOpen() {
        return fastOpen;
    }

    TcpConfig childConfig() {
        return childConfig;
    }

    /** Written by {@link SynCookies}: it has sent one. */
    void lastCookieNanos(long nowNanos) {
        lastCookieNanos = nowNanos;
        cookieSent = true;
    }

    boolean hasSentCookieSince(long nanos) {
        return cookieSent && lastCookieNanos >= nanos;
    }

    int halfOpenCount() {
        return halfOpenCount;
    }

    void halfOpened() {
        halfOpenCount++;
    }

    void halfOpenEnded() {
        halfOpenCount--;
    }

    boolean isAcceptQueueFull() {
        return acceptQueue.size() >= backlog;
    }

    void offer(StackConnection connection) {
        acceptQueue.add(connection);
        hasNews = true;
        stack.stats().count(StackCounter.PASSIVE_OPENS);
        stack.listeners.accepted(this);
    }

    /** Runs the callback, once for everything accepted since. */
    void announce() {
        if (hasNews && !closed) {
            hasNews = false;
            try {
                onAccept.run();
            } catch (RuntimeException e) {
                LOG.error("{}: accepting on port {} failed", stack, port, e);
            }
        }
    }

    @Override
    public String toString() {
        return localAddress + ":" + port;
    }
}
