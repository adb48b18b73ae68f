package io.github.usertcp.link;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpPrefix;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.tun.TunChannel;
import io.github.usertcp.tun.TunDevice;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

/**
 * TCP segments in IP packets, through a TUN device: the stack is a host of its own, with addresses of its own, on an IP network that
 * begins at the kernel's end of the device. Any TCP can be its peer.
 *
 * <p>With offload (see {@link TunLinkProvider#offload}) segments of up to 64 KiB go either way whole, and checksums are left to the
 * kernel. Besides TCP it answers echo requests, and tells senders of anything else, or to addresses in its networks that are not its own,
 * that nobody is there.
 */
public final class TunLink implements Link {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    /** So that an IPv4 packet with the longest headers still has a length of 16 bits. */
    private static final int MAX_SUPER_PAYLOAD = 65_535 - IPV4_HEADER - 60;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(512 << 10, 1 << 20);

    private final TunLinkProvider settings;
    private final OwnAddresses addresses;
    private final EventLoop loop;
    private final LinkReceiver receiver;
    private final TunChannel channel;
    private final String name;
    private final int mtu;
    private final int maxPayloadBytes;
    private final IpOutput output;
    private final Promise<Void> closed;
    private final Runnable afterwards;
    /** Null if the device has one queue. */
    private TunQueues queues;
    private boolean closing;

    /** On {@code loop}; runs {@code afterwards} when it is closed. */
    TunLink(TunLinkProvider settings, EventLoop loop, TunDevice device, int mtu, LinkReceiver receiver, Runnable afterwards) {
        this.settings = settings;
        addresses = settings.ownAddresses();
        this.loop = loop;
        this.receiver = receiver;
        this.mtu = mtu;
        this.afterwards = afterwards;
        name = device.name();
        closed = loop.newPromise();
        channel = new TunChannel(device, mtu);
        channel.config().setWriteBufferWaterMark(WATER_MARKS);
        TunReader reader = new TunReader(this, receiver, channel, device.hasOffload(), mtu);
        output = reader.output();
        channel.pipeline().addLast(reader);
        int segment = mtu - IPV4_HEADER - TCP_HEADER;
        maxPayloadBytes = Math.max(1, MAX_SUPER_PAYLOAD / segment) * segment;
    }

    /**
     * A link through the device with that name, which is made if there is none. Nothing is opened before
     * {@link TunLinkProvider#open}.
     *
     * @param name  at most 15 bytes; {@code %d} in it has the kernel choose a number
     */
    public static TunLinkProvider device(String name) {
        return new TunLinkProvider(name);
    }

    TunChannel channel() {
        return channel;
    }

    /** One of several queues, from now on. */
    void join(TunQueues others) {
        queues = others;
        queues.join(this);
    }

    void leave() {
        if (queues != null) {
            queues.leave(this);
            queues = null;
        }
    }

    LinkReceiver receiver() {
        return receiver;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    long nowNanos() {
        return loop.ticker().nanoTime();
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    /** The device's name, with the number that the kernel chose. Any thread. */
    public String deviceName() {
        return name;
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        IpAddress found = null;
        for (IpPrefix own : settings.addresses()) {
            if (own.contains(remote)) {
                return own.address();
            }
            if (found == null && own.address().isV4() == remote.isV4()) {
                found = own.address();
            }
        }
        return found != null ? found : remote.wildcard();
    }

    @Override
    public IpAddress boundAddress() {
        return IpAddress.ANY_V6;
    }

    @Override
    public int udpPort() {
        return 0;
    }

    @Override
    public int maxSegmentSize(IpAddress remote) {
        return mtu - (remote.isV4() ? IPV4_HEADER : IPV6_HEADER) - TCP_HEADER;
    }

    @Override
    public int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    @Override
    public boolean carriesEcn() {
        return true;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean isPortOurs(int port) {
        return queues == null || queues.isPortOf(this, port);
    }

    @Override
    public boolean passOn(TcpSegment segment) {
        return queues != null && queues.passOn(this, segment);
    }

    @Override
    public boolean passOn(IcmpError error) {
        return queues != null && queues.passOn(this, error);
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
        channel.flush();
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

    /** Largest packet, in bytes. */
    int mtu() {
        return mtu;
    }

    OwnAddresses addresses() {
        return addresses;
    }

    /** The event loop is about to close the channel, which still works. */
    void closingByLoop() {
        if (!closing) {
            closing = true;
            receiver.onClosing();
            channel.flush();
        }
    }

    /** Nothing will be sent or received any more. */
    void failed(Throwable cause) {
        if (!closing) {
            closing = true;
            receiver.onFailed(cause);
        }
    }

    /** The channel is closed, by us, by its event loop, or because its device has been deleted. */
    void channelClosed() {
        closing = true;
        leave();
        receiver.onClosed();
        closed.trySuccess(null);
        afterwards.run();
    }

    private void closeNow() {
        if (!closing) {
            closing = true;
            channel.flush();
            channel.close();
        }
    }

    @Override
    public String toString() {
        return "tun " + name;
    }
}
