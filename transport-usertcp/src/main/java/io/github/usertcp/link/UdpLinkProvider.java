package io.github.usertcp.link;

import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * A {@link UdpLink} to be opened, and its settings. Immutable: each setter returns a provider of its own and
 * throws {@link IllegalArgumentException} naming setting, value and range when the value is out of range.
 */
public final class UdpLinkProvider implements LinkProvider {
    /** Stands for the MTU of the path as far as it is known without asking: Ethernet's, or the loopback interface's. */
    private static final int AUTOMATIC = 0;
    private static final int ETHERNET_MTU = 1500;
    private static final int MAX_MTU = 65_535;
    private static final int DEFAULT_SOCKET_BUFFER_BYTES = 4 << 20;

    private final InetSocketAddress address;
    private final int mtu;
    private final int socketBufferBytes;
    private final boolean reusePort;
    private final boolean checksum;

    UdpLinkProvider(InetSocketAddress address) {
        this(address, AUTOMATIC, DEFAULT_SOCKET_BUFFER_BYTES, false, false);
    }

    private UdpLinkProvider(InetSocketAddress address, int mtu, int socketBufferBytes, boolean reusePort, boolean checksum) {
        this.address = address;
        this.mtu = mtu;
        this.socketBufferBytes = socketBufferBytes;
        this.reusePort = reusePort;
        this.checksum = checksum;
    }

    /**
     * Largest IP packet the path carries, in bytes, 576 (RFC 791's minimum for every host) to 65,535. Default 1500, Ethernet's, which
     * leaves 1452 bytes for a segment's payload over IPv4 and 1432 over IPv6; but between loopback addresses, where the loopback
     * interface carries 65,535 bytes and more (Linux), what one system call sends goes as one segment, as it does for the kernel's TCP.
     */
    public UdpLinkProvider mtu(int bytes) {
        check("mtu", bytes, 576, MAX_MTU);
        return new UdpLinkProvider(address, bytes, socketBufferBytes, reusePort, checksum);
    }

    /** Size to ask for for both of the socket's buffers, in bytes, 4096 to 1 GiB; the kernel grants what it likes. Default 4 MiB. */
    public UdpLinkProvider socketBufferBytes(int bytes) {
        check("socketBufferBytes", bytes, 4096, 1 << 30);
        return new UdpLinkProvider(address, mtu, bytes, reusePort, checksum);
    }

    /**
     * Lets several links, each on its own event loop, share the port: the kernel
     * gives all datagrams of one peer to one of them (SO_REUSEPORT). Default false.
     */
    public UdpLinkProvider reusePort(boolean value) {
        return new UdpLinkProvider(address, mtu, socketBufferBytes, value, checksum);
    }

    /** Fills in and verifies TCP checksums, besides UDP's that covers the same bytes. Both ends have to agree. Default false. */
    public UdpLinkProvider checksum(boolean value) {
        return new UdpLinkProvider(address, mtu, socketBufferBytes, reusePort, value);
    }

    @Override
    public Future<Link> open(EventLoop loop, LinkReceiver receiver) {
        Promise<Link> opened = loop.newPromise();
        UdpSocket socket = UdpSocket.forLoop(loop);
        if (socket == null) {
            return opened.setFailure(new UnsupportedOperationException(
                loop + " runs no datagram channels (expected: an event loop with NIO, epoll or io_uring)"));
        }
        UdpLink link = new UdpLink(this, loop, receiver);
        Bootstrap bootstrap = new Bootstrap().group(loop).channelFactory(() -> socket.newChannel(this)).handler(link.reader());
        bootstrap.bind(address).addListener((ChannelFuture bound) -> {
            if (!bound.isSuccess()) {
                opened.tryFailure(asBindException(bound.cause()));
                return;
            }
            link.opened(bound.channel(), socket);
            if (!opened.trySuccess(link)) {
                link.close(); // cancelled meanwhile
            }
        });
        return opened;
    }

    InetSocketAddress address() {
        return address;
    }

    /** The MTU of a path that leaves this host. */
    int mtu() {
        return mtu == AUTOMATIC ? ETHERNET_MTU : mtu;
    }

    /** Whether a loopback address may be sent datagrams as large as there are. */
    boolean isLoopbackUnlimited() {
        return mtu == AUTOMATIC && mtuOf(NetUtil.LOOPBACK_IF) >= MAX_MTU;
    }

    /** The largest IP packet that may come in. */
    int largestMtu() {
        boolean loopback = address.getAddress().isAnyLocalAddress() || address.getAddress().isLoopbackAddress();
        return loopback && isLoopbackUnlimited() ? MAX_MTU : mtu();
    }

    /** {@link #AUTOMATIC} if it does not tell, or {@code loopback} is null, as Netty has it where no such interface is up. */
    static int mtuOf(NetworkInterface loopback) {
        try {
            return loopback == null ? AUTOMATIC : loopback.getMTU();
        } catch (SocketException e) {
            return AUTOMATIC;
        }
    }

    int socketBufferBytes() {
        return socketBufferBytes;
    }

    boolean isPortShared() {
        return reusePort;
    }

    boolean hasChecksum() {
        return checksum;
    }

    /** The native transports throw an IOException of their own where NIO throws a BindException. */
    private Throwable asBindException(Throwable cause) {
        if (!(cause instanceof IOException) || cause instanceof BindException) {
            return cause;
        }
        BindException converted = new BindException(cause.getMessage() + ": " + address);
        converted.initCause(cause);
        return converted;
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
