package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.FastOpenConfig;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.stack.StackCounter;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.stack.TcpStackConfig;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.network.Packet;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * A machine as applications have it: channels on a stack on an event loop, whose clock the simulation moves. After every step the loop
 * runs until it has nothing more to do, and is woken for its next timer.
 */
public final class ChannelHost implements SimulatedHost {
    private static final long NEVER = Long.MAX_VALUE;
    /** A timer may be due by its deadline and not yet by the loop's rounding: a microsecond later it is. */
    private static final long SHORTEST_SLEEP_NANOS = 1_000;
    /** SYN,ACKs get lost as often as anything else. */
    private static final int MANY_RETRIES = 100;

    private final VirtualTime time;
    private final HostConditions conditions;
    private final SplittableRandom random;
    private final VirtualLoop loop = VirtualLoop.create();
    private final ChannelLink link;
    private final TcpStack stack;
    private final ArrayDeque<Packet> inbox = new ArrayDeque<>();
    private Channel channel;
    private Channel listening;
    /** Who gets the connection that comes. */
    private ChannelUser expecting;
    private Throwable connectFailure;
    private boolean surplusChannel;
    private boolean readScheduled;
    private long clockOffsetNanos;
    /** Of the wake-up that counts; earlier ones that were overtaken find another number here. */
    private long wakeUpNanos = NEVER;

    /**
     * Who it is.
     *
     * @param config    of its connections
     * @param linkMss   the largest TCP payload its link carries, options not subtracted
     * @param fastOpen  what it allows of TCP Fast Open
     */
    public record Identity(IpAddress address, IpAddress peer, TcpConfig config, InitialNumbers numbers, int linkMss,
                           FastOpenConfig fastOpen) {
    }

    /** A host with a stack and no channel yet. Checksums are always written and verified. */
    public ChannelHost(VirtualTime time, Identity identity, HostConditions conditions, SplittableRandom random) {
        this.time = time;
        this.conditions = conditions;
        this.random = random;
        link = new ChannelLink(identity, conditions, time::nowNanos);
        stack = TcpStack.builder().link(link).config(identity.config())
            .stackConfig(TcpStackConfig.builder().unverifiedSynAckRetries(MANY_RETRIES)
                .fastOpen(identity.fastOpen()).build())
            .initialNumbers(identity.numbers()).secret(new SipHash(1, 2)).open(loop).getNow();
    }

    /** Where its packets go; to be told before anything is sent. */
    public void route(Route to) {
        link.route(to);
    }

    /** Tells one more of every segment, before it is cut and after it is joined. */
    public void addListener(SegmentListener listener) {
        link.addListener(listener);
    }

    /** Packets sent, every piece of a super-segment counted. */
    public long packetsSent() {
        return link.packetsSent();
    }

    /** Binds a server channel, whose first connection that user gets. */
    public void listen(InetSocketAddress local, ChannelUser user) {
        expecting = user;
        listening = UserTcpChannels.servers(stack).newChannel();
        listening.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object child) {
                start((Channel) child, expecting);
            }
        });
        register(listening);
        ChannelFuture bound = listening.bind(local);
        run();
        if (!bound.isSuccess()) {
            throw new AssertionError("cannot listen", bound.cause());
        }
    }

    /** The connection there was is over; the next one is that user's. */
    public void expectAnother(ChannelUser user, FastOpenConfig fastOpen) {
        channel = null;
        expecting = user;
        stack.reconfigure(fastOpen);
    }

    /** Connects that user. */
    public void connect(InetSocketAddress remote, ChannelUser user) {
        channel = null;
        start(UserTcpChannels.clients(stack).newChannel(), user);
        if (channel.config().getOption(ChannelOption.TCP_FASTOPEN_CONNECT)) {
            user.writeAhead(channel.pipeline().context(user));
        }
        channel.connect(remote).addListener(future -> connectFailure = future.cause());
        run();
    }

    private void start(Channel opened, ChannelUser user) {
        if (channel != null) {
            surplusChannel = true; // an error thrown here would end in the server's pipeline
            opened.unsafe().closeForcibly();
            return;
        }
        channel = opened;
        SocketChannelConfig config = (SocketChannelConfig) opened.config();
        config.setAllowHalfClosure(true).setConnectTimeoutMillis(0)
            .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(user.plan().maxReadBytes()));
        opened.pipeline().addLast(user);
        register(opened);
    }

    private void register(Channel opened) {
        EventLoop on = loop;
        on.register(opened);
    }

    @Override
    public void stepClock(long nanos) {
        clockOffsetNanos += nanos;
        wakeUpNanos = NEVER;
        run();
    }

    @Override
    public void receive(Packet packet) {
        inbox.add(packet);
        if (conditions.readBatchNanos() == 0) {
            read();
        } else if (!readScheduled) {
            readScheduled = true;
            time.after(conditions.readBatchNanos(), this::read);
        }
    }

    private void read() {
        readScheduled = false;
        run(); // what is due comes first, and the batch has the time of its reading
        for (Packet packet = inbox.poll(); packet != null; packet = inbox.poll()) {
            link.read(packet);
        }
        link.readComplete();
        run();
    }

    /** Lets the loop do what can be done now, at this host's time. */
    private void run() {
        loop.jumpTo(time.nowNanos() + clockOffsetNanos);
        setTimer();
    }

    private void setTimer() {
        long untilTimer = loop.untilTimerNanos();
        if (untilTimer < 0) {
            return;
        }
        long wakeUp = time.nowNanos() + Math.max(untilTimer, SHORTEST_SLEEP_NANOS);
        if (wakeUp >= wakeUpNanos) {
            return; // the earlier one looks again
        }
        wakeUpNanos = wakeUp;
        long lateness = conditions.timerLatenessNanos() == 0 ? 0 : random.nextLong(conditions.timerLatenessNanos() + 1);
        time.at(wakeUp + lateness, () -> wakeUp(wakeUp));
    }

    private void wakeUp(long scheduled) {
        if (scheduled == wakeUpNanos) {
            wakeUpNanos = NEVER;
            run();
        }
    }

    /** Why the connection could not be opened, or {@code null}. */
    public Throwable connectFailure() {
        return connectFailure;
    }

    /** A handshake was given up because the network said that there is no way to the client. */
    public boolean hasForgottenHandshake() {
        return stack.stats().get(StackCounter.HANDSHAKES_UNREACHABLE) > 0;
    }

    /** There was a connection: a listener's may never come. */
    public boolean hasChannel() {
        return channel != null;
    }

    /** More than one connection has come: there was one SYN with one port. */
    public boolean hasSurplusChannel() {
        return surplusChannel;
    }

    /** The channel, if there was one, is closed, and the stack has no connection left, in TIME-WAIT neither. */
    public boolean isOver() {
        return (channel == null || channel.closeFuture().isDone()) && stack.connectionCount() == 0 && stack.timeWaitCount() == 0;
    }

    /** Closes all it has; what arrives from now on is thrown away. */
    public void close() {
        if (listening != null) {
            listening.close();
        }
        stack.close();
        run();
    }

    @Override
    public String toString() {
        return channel + ", " + packetsSent() + " packets sent, " + stack.connectionCount() + " connections, " + stack.timeWaitCount()
            + " in TIME-WAIT, " + stack.stats();
    }
}
