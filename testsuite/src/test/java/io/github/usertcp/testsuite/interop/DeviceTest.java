package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a device, and what is said when there is something wrong with it. */
@Timeout(60)
class DeviceTest {
    private KernelHost kernel;
    private MultiThreadIoEventLoopGroup loops;

    @BeforeEach
    void start() {
        kernel = KernelHost.create("nc", "python3");
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterEach
    void stop() {
        if (loops != null) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
        if (kernel != null) {
            kernel.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceDeletedInUseFailsItsConnectionsAndNothingElse(Loops kind) throws Exception {
        try (TunHost host = TunHost.open(kernel, kind, true); KernelHost other = KernelHost.create();
             TunHost bystander = TunHost.open(other, kind, true)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            kernel.start("sleep 30 | nc " + TunHost.V4 + " 7");
            assertTrue(echo.events.poll(10, TimeUnit.SECONDS).startsWith("active"));
            kernel.run("ip link delete " + host.device());
            assertTrue(echo.events.poll(10, TimeUnit.SECONDS).contains("Network is down"));
            assertEquals("closed", echo.events.poll(10, TimeUnit.SECONDS));
            assertTrue(host.stack.closeFuture().await(10, TimeUnit.SECONDS));
            assertFalse(bystander.stack.closeFuture().isDone());
            assertEquals("alive", host.group.submit(() -> "alive").get());
        }
    }

    @Test
    void aBusyDeviceIsRefusedWithAdvice() throws Exception {
        TcpStack first = open(TunLink.device("utcp%d").configure(false)).get();
        try {
            assertFails("in use by another process", TunLink.device(((TunLink) first.link()).deviceName()).configure(false));
        } finally {
            first.close().sync();
        }
    }

    @Test
    void adviceComesWithEveryFailure() {
        assertFails("choose another name", TunLink.device("a/b").configure(false));
        assertFails("is no TUN device", TunLink.device("lo").configure(false));
        assertFails("1280 at least", TunLink.device("utcp%d").address("fd09::2/64").mtu(600));
    }

    /** A TAP device carries Ethernet frames, and a device has one queue or is made for several. */
    @ParameterizedTest
    @CsvSource({"mode tap, false", "mode tun multi_queue, false", "mode tun, true"})
    void aDeviceOfAnotherKindIsRefusedWithAdvice(String kind, boolean multiQueue) {
        String device = "utcpk" + ProcessHandle.current().pid();
        KernelHost.outside("ip tuntap add dev " + device + " " + kind);
        try {
            assertFails("make the device anew", TunLink.device(device).multiQueue(multiQueue).configure(false));
        } finally {
            KernelHost.outside("ip link delete " + device);
        }
    }

    @Test
    void aDeviceTooSmallForIpv6IsRefusedWithAdvice() throws Exception {
        String device = "utcps" + ProcessHandle.current().pid();
        KernelHost.outside("ip tuntap add dev " + device + " mode tun; ip link set " + device + " mtu 1000");
        try {
            assertFails("set a larger one with mtu()", TunLink.device(device).address("fd09::2/64").configure(false));
            open(TunLink.device(device).address("10.9.7.2/30").configure(false)).get().close().sync();
            open(TunLink.device(device).address("fd09:7::2/64").mtu(1280)).get().close().sync();
        } finally {
            KernelHost.outside("ip link delete " + device);
        }
    }

    /** The settings that take CAP_NET_ADMIN, read back from the kernel. */
    @Test
    void theDeviceIsSetUpAsAsked() throws Exception {
        TcpStack stack = open(TunLink.device("utcp%d").mtu(1400).address("10.9.8.2/30").hostAddress("10.9.8.1/30")
            .address("fd09:8::2/126").route("10.9.9.0/24")).get();
        try {
            String device = ((TunLink) stack.link()).deviceName();
            String seen = KernelHost.outside("ip address show dev " + device + "; ip route show dev " + device + "; ip -6 route show dev " + device);
            for (String expected : new String[] {"mtu 1400", "UP", "inet 10.9.8.1/30", "10.9.8.0/30 proto kernel", "10.9.9.0/24 proto static",
                "fd09:8::/126 proto static"}) {
                assertTrue(seen.contains(expected), () -> expected + " is missing:\n" + seen);
            }
        } finally {
            stack.close().sync();
        }
    }

    /** As a kernel that has no address of that family: nobody waits for a timeout. */
    @ParameterizedTest
    @CsvSource({"10.9.8.2/30, fd09:8::1", "fd09:8::2/126, 10.9.8.1"})
    void aStackWithoutAnAddressOfTheFamilyFailsToConnectAtOnce(String own, String peer) throws Exception {
        TcpStack stack = open(TunLink.device("utcp%d").address(own).configure(false)).get();
        try {
            ChannelFuture connect = new Bootstrap().group(loops).channelFactory(UserTcpChannels.clients(stack)).handler(new EchoService())
                .connect(peer, 80).await();
            assertInstanceOf(NoRouteToHostException.class, connect.cause());
            assertTrue(connect.cause().getMessage().startsWith("Network is unreachable"), connect.cause()::getMessage);
        } finally {
            stack.close().sync();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLoopHasADeviceServed(Loops kind) throws Exception {
        try (TunHost host = TunHost.open(kernel, kind, true)) {
            host.serve(7, EchoService::new);
            assertEquals("x", kernel.run("printf x | nc -q 0 -w 10 " + TunHost.V4 + " 7"));
            boolean byItself = kind != Loops.NIO;
            assertEquals(byItself, host.group.next() == host.stack.link().eventLoop());
        }
    }

    /** Also of a loop that still polls the device when its stack is closed. */
    @ParameterizedTest
    @EnumSource
    void aClosedDeviceIsFree(Loops kind) throws Exception {
        MultiThreadIoEventLoopGroup group = kind.newGroup();
        try {
            TunLinkProvider link = TunLink.device("utcpf" + ProcessHandle.current().pid()).configure(false);
            for (int i = 0; i < 10; i++) {
                TcpStack.builder().link(link).open(group.next()).get().close().sync();
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    /** As Netty has it with a quiet period, and without one, when it closes no channels by itself. */
    @ParameterizedTest
    @CsvSource({"EPOLL, 20", "EPOLL, 0", "IO_URING, 20", "IO_URING, 0", "NIO, 20", "NIO, 0"})
    void aLoopThatShutsDownSaysFarewellAndGivesTheDeviceBack(Loops kind, int quietMillis) throws Exception {
        try (TunHost host = TunHost.open(kernel, kind, true)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            Process client = kernel.startPython("import socket; assert not socket.create_connection(('" + TunHost.V4 + "', 7)).recv(1)");
            assertTrue(echo.events.poll(10, TimeUnit.SECONDS).startsWith("active"));
            EventLoop loop = host.group.next();
            loop.submit(() -> host.group.shutdownGracefully(quietMillis, 5000, TimeUnit.MILLISECONDS)).sync();
            host.group.terminationFuture().sync();
            assertTrue(host.stack.closeFuture().await(10, TimeUnit.SECONDS)); // with a loop of its own a little later
            String last = null;
            for (String event = echo.events.poll(); event != null; event = echo.events.poll()) {
                last = event;
            }
            assertEquals("closed", last);
            assertEquals(0, client.waitFor(), "the peer has got a FIN");
            assertEquals(1, kernel.tryRun("ip link show " + host.device()).status(), "the device has gone with its only queue");
        }
    }

    /** Who is dialled answers, who is bound alone answers alone, and a connection leaves from the address whose network the peer is in. */
    @ParameterizedTest
    @CsvSource({"10.9.0.3, 10.7.0.2, 10.7.0.1, 24", "fd09::3, fd07::2, fd07::1, 64"})
    void aStackMayHaveSeveralAddresses(String second, String far, String kernelsFar, int length) throws Exception {
        try (TunHost host = TunHost.open(kernel, 1500, provider -> provider.address(second + '/' + length).address(far + '/' + length))) {
            kernel.run("ip address add " + kernelsFar + '/' + length + " dev " + host.device() + (length == 64 ? " nodad" : ""));
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            for (String address : List.of(second, far)) {
                assertEquals("x", kernel.run("printf x | nc -N -w 10 " + address + " 7"));
                assertEquals("active at " + new InetSocketAddress(address, 7), echo.events.poll(10, TimeUnit.SECONDS));
                assertEquals("closed", echo.events.poll(10, TimeUnit.SECONDS));
            }

            new ServerBootstrap().group(host.group).channelFactory(UserTcpChannels.servers(host.stack)).childHandler(new EchoService())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).bind(new InetSocketAddress(far, 8)).sync();
            assertEquals("x", kernel.run("printf x | nc -N -w 10 " + far + " 8"));
            assertEquals(1, kernel.tryRun("printf x | nc -N -w 10 " + second + " 8").status(), "not listened on, but answered");

            kernel.start("nc -l " + kernelsFar + " 9000");
            kernel.awaitListener(9000);
            Channel channel = host.client(new EchoService()).connect(new InetSocketAddress(kernelsFar, 9000)).sync().channel();
            assertEquals(InetAddress.getByName(far), ((InetSocketAddress) channel.localAddress()).getAddress());
            channel.close().sync();
        }
    }

    /** Addresses and ports are dialled that nobody has told the stack one by one. */
    @ParameterizedTest
    @CsvSource({"10.1.0.0/16, false", "10.1.0.0/16, true", "fd01::/16, false", "fd01::/16, true"})
    void anyAddressAndAnyPortIsAccepted(String network, boolean any) throws Exception {
        try (TunHost host = TunHost.open(kernel, 1500, provider -> any ? provider.acceptAny(true) : provider.accept(network))) {
            kernel.run("ip route add " + network + " dev " + host.device());
            EchoService echo = new EchoService();
            EchoService seven = new EchoService();
            host.serveAllPorts(echo);
            host.serve(7, () -> seven);
            for (int port : new int[] {1, 65_535, 7}) {
                String address = network.contains(":") ? "fd01::" + port % 256 : "10.1.200." + port % 256;
                EchoService expected = port == 7 ? seven : echo;
                assertEquals("x", kernel.run("printf x | nc -N -w 10 " + address + " " + port));
                assertEquals("active at " + new InetSocketAddress(address, port), expected.events.poll(10, TimeUnit.SECONDS));
                assertEquals("closed", expected.events.poll(10, TimeUnit.SECONDS));
            }
        }
    }

    private Future<TcpStack> open(TunLinkProvider provider) {
        return TcpStack.builder().link(provider).open(loops.next());
    }

    private void assertFails(String advice, TunLinkProvider provider) {
        Throwable failure = open(provider).awaitUninterruptibly().cause();
        assertTrue(failure instanceof IOException || failure instanceof IllegalArgumentException, () -> String.valueOf(failure));
        assertTrue(failure.getMessage().contains(advice), failure::getMessage);
        assertThrows(Exception.class, () -> open(provider).get(), "and again");
    }
}
