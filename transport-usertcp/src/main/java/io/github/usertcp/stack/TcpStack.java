package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.FastOpenSyn;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.KeyedInitialNumbers;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.util.Objects;

/**
 * Many connections over one {@link Link}, on the link's event loop: lookup, listeners, ports, timers, TIME-WAIT,
 * memory. No locks: whatever is not documented as callable from any thread belongs to {@link #eventLoop()}.
 */
public final class TcpStack {
    private final EventLoop loop;
    private final Link link;
    private volatile TcpConfig config;
    private final TcpStackConfig stackConfig;
    private final InitialNumbers numbers;
    private final StackStats stats = new StackStats();
    final TupleKey key;
    final ConnectionTable connections;
    final TimeWaitTable timeWaits;
    final ListenerTable listeners = new ListenerTable();
    final FastOpenPolicy fastOpenPolicy;
    private final FastOpenCache fastOpenCache;
    final SynQueue synQueue;
    final Handshakes handshakes;
    private final ConnectProbes probes;
    final PathMtuCache pathMtus;
    final PathMtuReports pathMtuReports = new PathMtuReports(this);
    final StackTimer timer;
    final Batch batch;
    final MemoryBudget memory;
    private final SourcePorts ports;
    final Resets resets;
    final Farewell farewell;
    final SegmentTaps taps = new SegmentTaps();
    private int orphans;
    private boolean closeWhenIdle;

    TcpStack(TcpStackBuilder builder, SipHash hashing, Link link) {
        loop = link.eventLoop();
        this.link = link;
        config = builder.config;
        stackConfig = builder.stackConfig;
        numbers = builder.numbers != null ? builder.numbers : new KeyedInitialNumbers(hashing);
        long now = loop.ticker().nanoTime();
        key = new TupleKey(hashing);
        batch = new Batch(this, link);
        connections = new ConnectionTable(now, this::onTimeout);
        timeWaits = new TimeWaitTable(key, stackConfig.maxTimeWait(), now);
        fastOpenPolicy = new FastOpenPolicy(stackConfig.fastOpen());
        fastOpenCache = new FastOpenCache(this, fastOpenPolicy);
        synQueue = new SynQueue(key, now);
        handshakes = new Handshakes(this, synQueue, numbers, new UnverifiedPeers(hashing, stackConfig),
            new SynCookies(hashing, stackConfig), stackConfig);
        probes = new ConnectProbes(link, stackConfig);
        pathMtus = new PathMtuCache(stackConfig);
        timer = new StackTimer(loop, this::onTimer, connections, handshakes, timeWaits, probes);
        memory = new MemoryBudget(this, stackConfig);
        ports = new SourcePorts(this, numbers, hashing, stackConfig);
        resets = new Resets(this, stackConfig.resetsPerSecond(), now);
        farewell = new Farewell(this, loop.newPromise());
    }

    public static TcpStackBuilder builder() {
        return new TcpStackBuilder();
    }

    /** Any thread. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Any thread. */
    public Link link() {
        return link;
    }

    /** What connections start with unless told otherwise. Any thread. */
    public TcpConfig config() {
        return config;
    }

    /** Time of the current read batch, or the loop's ticker outside of one. */
    public long nowNanos() {
        return batch.isOpen() ? batch.nowNanos() : loop.ticker().nanoTime();
    }

    /**
     * Starts an active open; the owner hears CONNECTED or CLOSED. The SYN leaves
     * with the next {@link StackConnection#touch()}, which the caller makes.
     *
     * @param local      source address, or the wildcard of either family to let the link choose
     * @param localPort  source port, or 0 for an ephemeral one (RFC 6056)
     * @param udpPort    the peer's UDP port, 0 on plain IP
     * @throws BindException  if the port is taken for this peer, or all ephemeral ports are, or the stack takes no more connections
     * @throws NoRouteToHostException  if the link has no address to reach this peer from, or it is no single host
     */
    public StackConnection connect(IpAddress local, int localPort, IpAddress remote, int remotePort, int udpPort, TcpConfig config,
                                   ConnectionOwner owner) throws BindException, NoRouteToHostException {
        assert loop.inEventLoop();
        if (farewell.isClosing()) {
            throw new BindException("Stack is closed");
        }
        if (isFull()) {
            throw new BindException("No buffer space available (" + connectionCount() + " connections, " + memory.usedBytes() + " bytes)");
        }
        TcpTuple tuple = ports.choose(local, localPort, remote, remotePort, udpPort, config);
        int linkMss = link.maxSegmentSize(remote);
        TcpConnection tcp = TcpConnection.create(tuple, config.forLink(link.carriesEcn()), numbers, linkMss);
        int pathMss = linkMss - pathMtus.tell(tcp, nowNanos());
        FastOpenSyn fastOpen = fastOpenCache.offer(tuple, config, pathMss, nowNanos());
        tcp.connect(fastOpen, nowNanos());
        StackConnection connection = newConnection(tcp, owner);
        if (fastOpen != null) {
            fastOpenCache.watch(connection);
        }
        add(connection);
        stats.count(StackCounter.ACTIVE_OPENS);
        probes.connecting(connection, nowNanos());
        return connection;
    }

    /**
     * Listens.
     *
     * @param local     address, or the wildcard for all
     * @param port      TCP port, 0 for an ephemeral one, {@link TcpListener#ALL_PORTS} for every one that nobody else listens on
     * @param backlog   length of the accept queue, at least 1, capped by {@link TcpStackConfig#maxBacklog()}
     * @param onAccept  run when the accept queue has something new, once per batch
     * @throws BindException  if the port is taken
     */
    public TcpListener listen(IpAddress local, int port, int backlog, TcpConfig childConfig, Runnable onAccept) throws BindException {
        assert loop.inEventLoop();
        if (farewell.isClosing()) {
            throw new BindException("Stack is closed");
        }
        int chosen = port != 0 ? port : ports.chooseForListener(local);
        if (port == 0 && chosen == EphemeralPorts.NONE || !listeners.isFree(local, chosen)) {
            throw new BindException("Address already in use: " + local + ":" + port);
        }
        int capped = Math.max(1, Math.min(backlog, stackConfig.maxBacklog()));
        TcpListener listener = new TcpListener(this, local, chosen, capped, childConfig.forLink(link.carriesEcn()), onAccept);
        listeners.add(listener);
        return listener;
    }

    /** Changes what {@link #config()} gives to those who ask from now on, such as new channels. Whatever is open keeps its settings. */
    public void reconfigure(TcpConfig forNewConnections) {
        config = Objects.requireNonNull(forNewConnections, "forNewConnections");
    }

    /**
     * Changes what holds for TCP Fast Open from the next SYN on, such as keys to be rotated. Listeners keep the limits and
     * keys they have of their own.
     */
    public void reconfigure(FastOpenConfig fastOpen) {
        fastOpenPolicy.apply(Objects.requireNonNull(fastOpen, "fastOpen"));
    }

    /** The servers remembered for TCP Fast Open. */
    public FastOpenCache fastOpenCache() {
        return fastOpenCache;
    }

    /** Connections, orphans included, TIME-WAIT entries not. */
    public int connectionCount() {
        return connections.size();
    }

    public int timeWaitCount() {
        return timeWaits.size();
    }

    /** Any thread. */
    public StackStats stats() {
        return stats;
    }

    /**
     * Shows a listener every segment from now on, in both directions: those of a read batch that is under way perhaps not. A second call
     * with the same listener does nothing. Any thread; the listener is called on {@link #eventLoop()}.
     */
    public void addListener(SegmentListener listener) {
        taps.add(listener);
    }

    /** Shows it none any more; one that is being shown at this moment it may still be looking at. Any thread. */
    public void removeListener(SegmentListener listener) {
        taps.remove(listener);
    }

    /** Succeeds once the link is gone, for whatever reason; nothing can be connected or listened to from then on. Any thread. */
    public Future<Void> closeFuture() {
        return farewell.closed();
    }

    /**
     * Closes the stack as soon as it has no listener and no connection left, orphans included; TIME-WAIT entries are not waited for.
     * For a stack that belongs to one listener: the connections it accepted outlive it, as they do in a kernel. Twice does nothing.
     */
    public void closeWhenIdle() {
        closeWhenIdle = true;
        closeIfIdle();
    }

    /** Aborts every connection with a RST, closes listeners and link. Any thread; twice returns the same future. */
    public Future<Void> close() {
        if (loop.inEventLoop()) {
            farewell.abortAll();
        } else if (!farewell.closed().isDone()) {
            loop.execute(farewell::abortAll);
        }
        return farewell.closed();
    }

    /** The link. */
    @Override
    public String toString() {
        return link.toString();
    }

    int orphanCount() {
        return orphans;
    }

    /** No new connections, from either side. */
    boolean isFull() {
        return memory.isExhausted() || connections.size() >= stackConfig.maxConnections();
    }

    StackConnection newConnection(TcpConnection tcp, ConnectionOwner owner) {
        if (memory.isUnderPressure()) {
            tcp.memoryPressure(true);
        }
        tcp.receiveQueueBytes(link.receiveQueueBytes());
        return new StackConnection(this, tcp, owner);
    }

    /** Makes a connection live. */
    void add(StackConnection connection) {
        connections.add(key.set(connection.tcp().tuple()), connection);
    }

    /** A connection's owner has gone. */
    void adopt(StackConnection connection) {
        orphans++;
        if (orphans > stackConfig.maxOrphans()) {
            stats.count(StackCounter.ORPHANS_RESET);
            connection.tcp().abort(nowNanos());
        } else {
            connection.tcp().close(nowNanos());
        }
        batch.touch(connection);
    }

    /** The connection has nothing more to send for now. */
    void settle(StackConnection connection) {
        TcpConnection tcp = connection.tcp();
        if (connection.fastOpenWatch != null && connection.fastOpenWatch.settle(connection, nowNanos())) {
            connection.fastOpenWatch = null;
        }
        pathMtuReports.searched(tcp);
        TcpState state = tcp.state();
        if (state == TcpState.CLOSED) {
            forget(connection);
        } else if (state == TcpState.TIME_WAIT && connection.isDetached()) {
            boolean taken = timeWaits.add(tcp.tuple(), tcp.timeWait(), 2 * tcp.config().maxSegmentLifetimeNanos());
            stats.count(taken ? StackCounter.TIME_WAITS : StackCounter.TIME_WAIT_OVERFLOWS);
            forget(connection);
        } else {
            memory.charge(connection);
            connections.watch(connection);
        }
    }

    /** The connection is live no more. Its owner, if there is one, keeps what is left of it until it detaches. */
    void forget(StackConnection connection) {
        connections.remove(connection);
        memory.forget(connection);
        if (connection.isDetached()) {
            orphans--;
            connection.tcp().release();
        }
    }

    void stopListening(TcpListener listener) {
        listeners.remove(listener);
        synQueue.removeAll(listener);
        closeIfIdle();
    }

    /** Called when a batch has ended, too: that is when connections go. */
    void closeIfIdle() {
        if (closeWhenIdle && connections.size() == 0 && listeners.size() == 0 && !batch.isOpen()) {
            farewell.abortAll();
        }
    }

    private void onTimeout(StackConnection connection) {
        try {
            pathMtuReports.timeout(connection.tcp(), batch.nowNanos());
            connection.tcp().onTimeout(batch.nowNanos());
        } catch (RuntimeException e) {
            batch.abortFaulty(connection, e);
        }
        batch.received(connection);
    }

    private void onTimer(long nowNanos) {
        batch.begin(nowNanos);
        timer.expire(nowNanos);
        batch.complete();
    }
}
