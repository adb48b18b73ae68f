package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Path MTU discovery over UDP, through a router behind which packets have to be smaller than the network card lets them.
 *
 * <pre>
 *   near ---- 1500 ---- router ---- 1400 ---- far
 * </pre>
 */
@Timeout(60)
class UdpPathMtuTest {
    private static final int PORT = 8007;
    private static final int BYTES = 3_000_000;
    /** 1400 less the headers of IPv4 or IPv6, UDP and TCP, and less timestamps. */
    private static final int MSS_V4 = 1400 - 20 - 8 - 32;
    private static final int MSS_V6 = 1400 - 40 - 8 - 32;

    /** One sends trains, the other each segment by itself. */
    private enum Transport {
        EPOLL, IO_URING;

        IoHandlerFactory factory() {
            if (this == EPOLL) {
                return EpollIoHandler.newFactory();
            }
            assumeTrue(IoUring.isAvailable(), "io_uring");
            return IoUringIoHandler.newFactory();
        }
    }

    private final KernelHost near = KernelHost.create("nstat", "ping");
    private final KernelHost router = KernelHost.create();
    private final KernelHost far = KernelHost.create();
    private final List<UdpHost> open = new ArrayList<>();
    private final Received received = new Received();

    /** Counts what arrives at either server. */
    @Sharable
    private static final class Received extends SimpleChannelInboundHandler<ByteBuf> {
        private final Semaphore bytes = new Semaphore(0);

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf data) {
            bytes.release(data.readableBytes());
        }
    }

    private void cable() {
        near.join("va", List.of("10.7.0.1/24", "fd07::1/64 nodad"), router, "ra", List.of("10.7.0.254/24", "fd07::254/64 nodad"));
        far.join("vb", List.of("10.8.0.2/24", "fd08::2/64 nodad"), router, "rb", List.of("10.8.0.254/24", "fd08::254/64 nodad"));
        near.run("ip route add default via 10.7.0.254; ip route add default via fd07::254");
        far.run("ip route add default via 10.8.0.254; ip route add default via fd08::254");
        router.run("ip link set rb mtu 1400");
        router.sysctl("net.ipv4.ip_forward", 1).sysctl("net.ipv6.conf.all.forwarding", 1);
        near.run("for i in $(seq 50); do ping -c 1 -W 0.2 10.8.0.2 && ping -c 1 -W 0.2 fd08::2 && exit 0; done; exit 1");
    }

    /** The router keeps to itself what it cannot forward. */
    private void silenceRouter() {
        router.run("ip rule add ipproto icmp prohibit");
        router.sysctl("net.ipv6.icmp.ratemask", "0-127").sysctl("net.ipv6.icmp.ratelimit", 100_000_000);
    }

    @AfterEach
    void close() {
        open.forEach(UdpHost::close);
        for (KernelHost host : List.of(near, router, far)) {
            host.close();
        }
    }

    private static InetSocketAddress address(String v4, String v6, int family, int port) {
        return new InetSocketAddress(family == 4 ? v4 : v6, port);
    }

    private UdpHost client(Transport transport, int family, TcpConfig config) throws Exception {
        open.add(UdpHost.open(near, transport.factory(), address("10.7.0.1", "fd07::1", family, 0), config));
        return open.get(open.size() - 1);
    }

    private void serve(KernelHost host, Transport transport, InetSocketAddress address) throws Exception {
        UdpHost server = UdpHost.open(host, transport.factory(), address, TcpConfig.defaults());
        open.add(server);
        server.serve(received);
    }

    private static int sndMss(Channel channel) throws Exception {
        return ((UserTcpSocketChannel) channel).tcpInfo().get().sndMss();
    }

    /** Sends it all and returns the size segments have then. */
    private int transfer(UdpHost client, InetSocketAddress server) throws Exception {
        Channel channel = client.connect(server, new ChannelInboundHandlerAdapter());
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
        assertTrue(received.bytes.tryAcquire(BYTES, 40, TimeUnit.SECONDS), () -> received.bytes + " arrived");
        int mss = sndMss(channel);
        channel.close().sync();
        return mss;
    }

    private void assertNothingWasFragmented() {
        for (KernelHost host : List.of(near, router, far)) {
            String counters = host.run("nstat -asz IpFragCreates IpReasmReqds Ip6FragCreates Ip6ReasmReqds");
            assertEquals(0, counters.lines().filter(line -> !line.startsWith("#")).mapToInt(line -> Integer.parseInt(line.split(" +")[1]))
                .sum(), counters);
        }
    }

    /** Nothing but the report, which the sender's kernel takes for itself, can be the reason for smaller segments here. */
    @ParameterizedTest
    @CsvSource({"EPOLL, 4", "EPOLL, 6", "IO_URING, 4", "IO_URING, 6"})
    @Tag("RFC1191-3") @Tag("RFC8201-4")
    void whatTheRouterReportsToTheKernelIsHeard(Transport transport, int family) throws Exception {
        cable();
        InetSocketAddress address = address("10.8.0.2", "fd08::2", family, PORT);
        serve(far, transport, address);
        UdpHost client = client(transport, family, TcpConfig.builder().mtuProbing(MtuProbing.OFF).build());
        assertEquals(family == 4 ? MSS_V4 : MSS_V6, transfer(client, address));
        assertNothingWasFragmented();
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, 4", "EPOLL, 6", "IO_URING, 4", "IO_URING, 6"})
    @Tag("RFC4821-7.7")
    void aRouterThatKeepsSilentIsFoundOutByProbing(Transport transport, int family) throws Exception {
        cable();
        silenceRouter();
        InetSocketAddress address = address("10.8.0.2", "fd08::2", family, PORT);
        TcpConfig config = TcpConfig.builder().minRtoNanos(TimeUnit.MILLISECONDS.toNanos(50)).build(); // black holes take a multiple of it
        serve(far, transport, address);
        UdpHost client = client(transport, family, config);
        int mss = transfer(client, address);
        int most = family == 4 ? MSS_V4 : MSS_V6;
        assertTrue(mss <= most && mss > most - 100, () -> "segments of " + mss);
        Channel next = client.connect(address, new ChannelInboundHandlerAdapter());
        assertEquals(mss, sndMss(next), "the next connection knows");
        assertNothingWasFragmented();
    }

    /** The card itself takes no more than 1400 bytes, as on the way into many tunnels. */
    @ParameterizedTest
    @CsvSource({"EPOLL, 4", "EPOLL, 6", "IO_URING, 4", "IO_URING, 6"})
    void whatTheOwnDeviceDoesNotTakeIsCutSmaller(Transport transport, int family) throws Exception {
        cable();
        near.run("ip link set va mtu 1400");
        InetSocketAddress address = address("10.8.0.2", "fd08::2", family, PORT);
        serve(far, transport, address);
        UdpHost client = client(transport, family, TcpConfig.builder().mtuProbing(MtuProbing.OFF).build());
        assertEquals(family == 4 ? MSS_V4 : MSS_V6, transfer(client, address));
        assertNothingWasFragmented();
    }

    /** A train is one packet to a veth device. */
    @Test
    void otherPeersKeepTheirTrains() throws Exception {
        cable();
        near.run("ip route add 10.8.0.2 via 10.7.0.254 mtu 1400");
        InetSocketAddress narrow = new InetSocketAddress("10.8.0.2", PORT);
        InetSocketAddress wide = new InetSocketAddress("10.7.0.254", PORT);
        serve(far, Transport.EPOLL, narrow);
        serve(router, Transport.EPOLL, wide);
        UdpHost client = client(Transport.EPOLL, 4, TcpConfig.defaults());
        assertEquals(MSS_V4, transfer(client, narrow));
        int before = packetsSent();
        assertEquals(MSS_V4 + 100, transfer(client, wide));
        int packets = packetsSent() - before;
        assertTrue(packets < BYTES / MSS_V4 / 2, () -> packets + " packets");
    }

    private int packetsSent() {
        return Integer.parseInt(near.run("cat /sys/class/net/va/statistics/tx_packets").strip());
    }
}
