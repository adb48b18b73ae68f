package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpListener;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.NetUtil;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets on the loopback, on every transport this machine has. */
@Timeout(20)
class UdpLinkTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    private IpAddress loopback = LOOPBACK;
    private EventLoopGroup clients;
    private EventLoopGroup servers;
    private TcpStack client;
    private TcpStack server;

    private void start(UdpSocket transport) throws Exception {
        start(transport, new InetSocketAddress(loopback.toInetAddress(), 0));
    }

    private void start(UdpSocket transport, InetSocketAddress clientAddress) throws Exception {
        clients = group(transport);
        servers = group(transport);
        client = TcpStack.builder().link(UdpLink.bind(clientAddress)).open(clients.next()).get();
        server = TcpStack.builder().link(UdpLink.bind(new InetSocketAddress(loopback.toInetAddress(), 0))).open(servers.next()).get();
    }

    private static EventLoopGroup group(UdpSocket transport) {
        IoHandlerFactory factory = switch (transport) {
            case EPOLL -> {
                assumeTrue(Epoll.isAvailable(), "epoll");
                yield EpollIoHandler.newFactory();
            }
            case IO_URING -> {
                assumeTrue(IoUring.isAvailable(), "io_uring");
                yield IoUringIoHandler.newFactory();
            }
            case NIO -> NioIoHandler.newFactory();
        };
        return new MultiThreadIoEventLoopGroup(1, factory);
    }

    @AfterEach
    void stop() throws Exception {
        for (EventLoopGroup group : new EventLoopGroup[] {clients, servers}) {
            if (group != null) {
                group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get();
            }
        }
    }

    /** Reads and drops everything, and says when the stream has ended or the connection is gone. */
    private static final class Reader {
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong mismatches = new AtomicLong();
        final AtomicReference<CloseCause> cause = new AtomicReference<>();
        final CountDownLatch ended = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);

        void onProgress(StackConnection connection) {
            long now = connection.stack().nowNanos();
            for (ByteBuf read = connection.tcp().read(1 << 16, now); read != null; read = connection.tcp().read(1 << 16, now)) {
                check(read);
                read.release();
            }
            boolean gone = false;
            for (TcpEvent event = connection.tcp().pollEvent(); event != null; event = connection.tcp().pollEvent()) {
                gone |= event == TcpEvent.CLOSED;
            }
            if (connection.tcp().isInputEnded()) {
                ended.countDown();
            }
            if (gone) {
                cause.set(connection.tcp().closeCause());
                connection.detach();
                closed.countDown();
            }
        }

        private void check(ByteBuf read) {
            byte[] chunk = ByteBufUtil.getBytes(read);
            for (byte next : chunk) {
                if (next != (byte) (bytes.getAndIncrement() % 251)) {
                    mismatches.incrementAndGet();
                }
            }
        }
    }

    private void listen(Consumer<StackConnection> onAccept) throws Exception {
        TcpListener[] listener = new TcpListener[1];
        server.eventLoop().submit(() -> {
            listener[0] = server.listen(loopback.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6, server.link().udpPort(), 10, TcpConfig.defaults(), () -> {
                for (StackConnection next = listener[0].accept(); next != null; next = listener[0].accept()) {
                    onAccept.accept(next);
                }
            });
            return null;
        }).get();
    }

    private void connect(int port, Consumer<StackConnection> owner) throws Exception {
        client.eventLoop().submit(() -> {
            client.connect(loopback.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6, 0, loopback, port, port, TcpConfig.defaults(), owner::accept).touch();
            return null;
        }).get();
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void aStreamArrivesWholeAndInOrder(UdpSocket transport) throws Exception {
        start(transport);
        Reader reader = new Reader();
        listen(accepted -> accepted.owner(reader::onProgress));
        byte[] pattern = new byte[20_000_000];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) (i % 251);
        }
        ByteBuf stream = Unpooled.wrappedBuffer(pattern);
        connect(server.link().udpPort(), connection -> {
            connection.tcp().pollEvent();
            connection.tcp().write(stream, connection.stack().nowNanos());
            if (!stream.isReadable()) {
                connection.detach();
            }
        });
        assertTrue(reader.ended.await(30, TimeUnit.SECONDS), "got " + reader.bytes);
        assertEquals(20_000_000, reader.bytes.get());
        assertEquals(0, reader.mismatches.get());
        stream.release();
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void overIpv6Too(UdpSocket transport) throws Exception {
        loopback = IpAddress.LOOPBACK_V6;
        aStreamArrivesWholeAndInOrder(transport);
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void overIpv6APortWhereNobodyListensRefusesToo(UdpSocket transport) throws Exception {
        loopback = IpAddress.LOOPBACK_V6;
        aPortWhereNobodyListensRefuses(transport);
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void aPortWhereNobodyListensRefuses(UdpSocket transport) throws Exception {
        start(transport);
        int dead;
        try (DatagramSocket taken = new DatagramSocket(0, loopback.toInetAddress())) {
            dead = taken.getLocalPort();
        }
        Reader reader = new Reader();
        connect(dead, reader::onProgress);
        assertTrue(reader.closed.await(10, TimeUnit.SECONDS));
        assertEquals(CloseCause.REFUSED, reader.cause.get());
    }

    /**
     * Not on io_uring: an event loop of Netty 4.2.18 marks the socket closed, submits the closing, and ends before the kernel has looked at it. The port
     * stays taken and nothing can be sent from it any more; peers learn of the end by their own timers.
     */
    @ParameterizedTest
    @EnumSource(value = UdpSocket.class, mode = EnumSource.Mode.EXCLUDE, names = "IO_URING")
    void anEventLoopThatShutsDownSaysFarewell(UdpSocket transport) throws Exception {
        start(transport);
        Reader accepted = new Reader();
        Reader connected = new Reader();
        CountDownLatch ready = new CountDownLatch(1);
        listen(connection -> {
            connection.owner(accepted::onProgress);
            ready.countDown();
        });
        connect(server.link().udpPort(), connected::onProgress);
        assertTrue(ready.await(10, TimeUnit.SECONDS));
        servers.shutdownGracefully(0, 5, TimeUnit.SECONDS).get();
        assertTrue(connected.ended.await(10, TimeUnit.SECONDS), "the peer hears a FIN");
        assertTrue(accepted.closed.await(10, TimeUnit.SECONDS), "the owner is told");
        assertEquals(CloseCause.ABORTED, accepted.cause.get());
        assertTrue(server.closeFuture().isSuccess());
    }

    /** Netty closes no channel of an event loop that one of its own tasks shuts down without a quiet period. */
    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void anEventLoopThatIsNotGivenTimeSaysFarewellToo(UdpSocket transport) throws Exception {
        start(transport);
        Reader accepted = new Reader();
        Reader connected = new Reader();
        CountDownLatch ready = new CountDownLatch(1);
        listen(connection -> {
            connection.owner(accepted::onProgress);
            ready.countDown();
        });
        connect(server.link().udpPort(), connected::onProgress);
        assertTrue(ready.await(10, TimeUnit.SECONDS));
        servers.next().submit(() -> servers.shutdownGracefully(0, 5, TimeUnit.SECONDS)).get();
        servers.terminationFuture().get();
        assertTrue(connected.ended.await(10, TimeUnit.SECONDS), "the peer hears a FIN");
        assertTrue(accepted.closed.await(10, TimeUnit.SECONDS), "the owner is told");
        assertTrue(server.closeFuture().isSuccess());
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void aPortInUseIsABindException(UdpSocket transport) throws Exception {
        start(transport);
        ExecutionException failure = assertThrows(ExecutionException.class, () -> TcpStack.builder()
            .link(UdpLink.bind(((UdpLink) server.link()).localSocketAddress())).open(clients.next()).get());
        assertInstanceOf(BindException.class, failure.getCause());
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void datagramsOfAnySizeAreDroppedAndCounted(UdpSocket transport) throws Exception {
        start(transport);
        try (DatagramChannel stranger = DatagramChannel.open()) {
            stranger.connect(((UdpLink) server.link()).localSocketAddress());
            for (int size : new int[] {0, 1, 19, 20, 1400, 65_507}) {
                stranger.write(ByteBuffer.allocate(size));
            }
        }
        Reader reader = new Reader();
        listen(accepted -> accepted.owner(reader::onProgress));
        connect(server.link().udpPort(), StackConnection::detach);
        assertTrue(reader.ended.await(10, TimeUnit.SECONDS), "the socket has survived");
        long dropped = server.stats().dropped(DropReason.TRUNCATED_HEADER) + server.stats().dropped(DropReason.DATA_OFFSET_TOO_SMALL)
            + server.stats().dropped(DropReason.TOO_LONG);
        assertTrue(dropped >= 5, server.stats().toString()); // some transports keep an empty datagram to themselves
    }

    @ParameterizedTest
    @EnumSource(UdpSocket.class)
    void severalLoopsShareAPort(UdpSocket transport) throws Exception {
        start(transport);
        UdpLinkProvider shared = UdpLink.bind(new InetSocketAddress("127.0.0.1", 0)).reusePort(true);
        TcpStack first = TcpStack.builder().link(shared).open(clients.next()).get();
        InetSocketAddress address = ((UdpLink) first.link()).localSocketAddress();
        TcpStack second = TcpStack.builder().link(UdpLink.bind(address).reusePort(true)).open(servers.next()).get();
        assertEquals(first.link().udpPort(), second.link().udpPort());
        first.close().get();
        second.close().get();
    }

    @Test
    void aWildcardLinkKnowsTheAddressItsSegmentsLeaveFrom() throws Exception {
        start(UdpSocket.NIO, new InetSocketAddress(0));
        assertTrue(client.link().boundAddress().isAny());
        client.eventLoop().submit(() -> {
            assertEquals(LOOPBACK, client.link().localAddress(LOOPBACK));
            assertEquals(LOOPBACK, client.link().localAddress(LOOPBACK));
        }).get();
        assertEquals(1452, client.link().maxSegmentSize(IpAddress.parse("192.0.2.1")));
        assertEquals(1432, client.link().maxSegmentSize(IpAddress.parse("2001:db8::1")));
    }

    @Test
    void aSegmentToLoopbackIsAsLargeAsTheInterfaceLetsIt() throws Exception {
        start(UdpSocket.NIO, new InetSocketAddress(0));
        boolean large = NetUtil.LOOPBACK_IF.getMTU() >= 65_535;
        assertEquals(large ? client.link().maxPayloadBytes() : 1452, client.link().maxSegmentSize(LOOPBACK));
    }

    /** Netty has none to show where none is up. */
    @Test
    void aHostWithoutLoopbackInterfaceHasNoMtuForIt() {
        assertEquals(0, UdpLinkProvider.mtuOf(null));
    }

    @Test
    void aLoopWithoutDatagramChannelsIsRefused() {
        DefaultEventLoop loop = new DefaultEventLoop();
        ExecutionException failure = assertThrows(ExecutionException.class,
            () -> TcpStack.builder().link(UdpLink.bind(new InetSocketAddress(0))).open(loop).get());
        assertInstanceOf(UnsupportedOperationException.class, failure.getCause());
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void settingsOutOfRangeNameTheRange() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> UdpLink.bind(new InetSocketAddress(0)).mtu(575));
        assertEquals("mtu: 575 (expected: 576 to 65535)", failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> UdpLink.bind(new InetSocketAddress(0)).socketBufferBytes(0));
    }
}
