package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP segments in UDP datagrams, as the FreeBSD kernel sends them: the payload is the segment, its header unmodified,
 * its checksum zero unless {@link UdpLinkProvider#checksum asked for}. One socket for any number of peers.
 *
 * <p>Chooses its datagram channel by the event loop. On epoll, segments leave in trains of up to 64 by one system call (UDP_SEGMENT) and
 * come in likewise (UDP_GRO); on io_uring and NIO each is a datagram of its own. Netty's pipeline of that channel belongs to the link.
 *
 * <p>On epoll and io_uring no datagram is fragmented (DF): one that is larger than the path carries is lost or does not leave, and the
 * connection, once it makes no progress, asks what the kernel has heard of the path. On NIO the kernel fragments.
 *
 * <p>No ECN: Netty's datagram channels can neither choose the ECN field of single packets nor tell that of received ones.
 *
 * <p>When the event loop shuts down, Netty closes the socket before anybody is asked; the stack's farewells
 * then leave from a socket opened once more on the same port. On a host with several addresses, bind to one of
 * them: a wildcard socket cannot say from which of them it answers, and a peer ignores answers from another.
 */
public final class UdpLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(UdpLink.class);
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int TCP_HEADER = 20;
    /** Linux doubles the size asked for, and charges a datagram for the memory it lies in, up to twice its length. */
    private static final int SOCKET_BYTES_PER_PAYLOAD_BYTE = 4;

    private final EventLoop loop;
    private final LinkReceiver receiver;
    private final UdpLinkProvider settings;
    private final UdpReader reader;
    private final Promise<Void> closed;
    private final int maxPayloadBytes;
    /** Closes the socket if the event loop does not: one told by its own task to shut down without a quiet period closes nothing. */
    private final Runnable shutdownHook = this::closeSocket;
    private Channel channel;
    private InetSocketAddress bound;
    private IpAddress boundAddress;
    private LocalAddresses localAddresses;
    private DatagramOutput output;
    private PortProbes probes;
    private PathMtuQuestions pathMtus;
    private int receiveQueueBytes;
    private boolean closing;

    UdpLink(UdpLinkProvider settings, EventLoop loop, LinkReceiver receiver) {
        this.settings = settings;
        this.loop = loop;
        this.receiver = receiver;
        closed = loop.newPromise();
        reader = new UdpReader(this, receiver, settings);
        // As many full segments as one train takes, so that a super-segment is one system call and not one and a bit.
        int datagram = settings.mtu() - IPV4_HEADER - UDP_HEADER;
        int pieces = Math.max(1, Math.min(TrainOutput.MAX_SEGMENTS, TrainOutput.MAX_BYTES / datagram));
        maxPayloadBytes = pieces * (datagram - TCP_HEADER);
    }

    /** A link on that address; port 0 has the kernel choose one. Nothing is opened before {@link UdpLinkProvider#open}. */
    public static UdpLinkProvider bind(InetSocketAddress address) {
        return new UdpLinkProvider(address);
    }

    @Override
    public int receiveQueueBytes() {
        return receiveQueueBytes;
    }

    void opened(Channel boundChannel, UdpSocket transport) {
        channel = boundChannel;
        receiveQueueBytes = channel.config().getOption(ChannelOption.SO_RCVBUF) / SOCKET_BYTES_PER_PAYLOAD_BYTE;
        bound = (InetSocketAddress) channel.localAddress();
        boundAddress = IpAddress.of(bound.getAddress());
        localAddresses = new LocalAddresses(boundAddress, loop.ticker());
        pathMtus = new PathMtuQuestions(remote -> transport.pathMtu(remote, boundAddress), loop, receiver::onTooBig);
        output = transport.sendsTrains() ? new TrainOutput(channel, settings.hasChecksum(), pathMtus::explain, this::giveUpTrains)
            : new SingleOutput(channel, settings.hasChecksum());
        probes = new PortProbes(loop, receiver);
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(shutdownHook);
        }
    }

    ChannelHandler reader() {
        return reader;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        return localAddresses.towards(remote);
    }

    @Override
    public IpAddress boundAddress() {
        return boundAddress;
    }

    @Override
    public int udpPort() {
        return bound.getPort();
    }

    /** The socket's address. Any thread. */
    public InetSocketAddress localSocketAddress() {
        return bound;
    }

    @Override
    public int maxSegmentSize(IpAddress remote) {
        if (remote.isLoopback() && settings.isLoopbackUnlimited()) {
            return maxPayloadBytes;
        }
        return settings.mtu() - headers(remote) - TCP_HEADER;
    }

    /** Bytes of an IP packet to that address before the UDP payload. */
    static int headers(IpAddress remote) {
        return (remote.isV4() ? IPV4_HEADER : IPV6_HEADER) + UDP_HEADER;
    }

    @Override
    public int pathMtu(IpAddress remote) {
        return pathMtus.ask(remote);
    }

    @Override
    public int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void write(TcpSegment segment) {
        try {
            output.write(segment);
        } finally {
            segment.release();
        }
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public void probe(IpAddress remote, int udpPort) {
        probes.probe(remote, udpPort);
    }

    @Override
    public Future<Void> close() {
        if (loop.inEventLoop()) {
            closeNow();
        } else if (!closed.isDone()) {
            loop.execute(this::closeNow);
        }
        return closed;
    }

    private void giveUpTrains() {
        if (!closing) {
            LOG.warn("{}: trains do not leave, each segment is a datagram of its own from now on", this);
            output.release();
            output = new SingleOutput(channel, settings.hasChecksum());
        }
    }

    /** The socket is gone: because we closed it, or because the event loop took it. */
    void socketClosed() {
        if (bound == null || closed.isDone()) {
            return; // it was never open, or told already
        }
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(shutdownHook);
        }
        probes.close();
        output.release();
        if (!closing) {
            closing = true;
            output = new LastWords(channel, bound, settings);
            receiver.onClosing();
            output.release();
        }
        receiver.onClosed();
        closed.trySuccess(null);
    }

    private void closeNow() {
        if (!closing) {
            closing = true;
            output.flush();
            channel.close();
        }
    }

    private void closeSocket() {
        channel.close();
        socketClosed(); // io_uring closes a socket with reads under way when nobody can be told any more
    }

    @Override
    public String toString() {
        return "udp " + bound;
    }
}
