package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.StackCounter;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device with several queues, each with a stack and an event loop of its own. */
@Timeout(60)
class QueuesTest {
    private static final int QUEUES = 3;

    private final List<TcpStack> stacks = new ArrayList<>();
    private KernelHost kernel;
    private MultiThreadIoEventLoopGroup loops;

    @BeforeEach
    void start() throws Exception {
        kernel = KernelHost.create("python3", "wrk");
        loops = new MultiThreadIoEventLoopGroup(QUEUES, EpollIoHandler.newFactory());
        TunLinkProvider queues = TunLink.device("utcp%d").multiQueue(true).address(TunHost.V4 + "/24").address(TunHost.V6 + "/64")
            .configure(false).mtu(1500);
        List<Future<TcpStack>> opened = new ArrayList<>();
        while (opened.size() < QUEUES) {
            opened.add(TcpStack.builder().link(queues).open(loops.next())); // all at once
        }
        for (Future<TcpStack> stack : opened) {
            stacks.add(stack.get());
        }
        assertEquals(1, stacks.stream().map(QueuesTest::deviceOf).distinct().count());
        kernel.take(deviceOf(stacks.get(0)), 1500);
    }

    @AfterEach
    void stop() {
        for (TcpStack stack : stacks) {
            stack.close().syncUninterruptibly();
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
        if (kernel != null) {
            kernel.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TunHost.V4, '[' + TunHost.V6 + ']'})
    void everyQueueServesItsShareOfTheClients(String address) throws Exception {
        for (TcpStack stack : stacks) {
            listen(stack, 80, new WebService());
        }
        String report = kernel.run("wrk -t 1 -c 96 -d 1s --timeout 10s http://" + address + "/1000");
        assertFalse(report.contains("Socket errors"), report);
        for (TcpStack stack : stacks) {
            assertTrue(stack.stats().get(StackCounter.PASSIVE_OPENS) > 0, () -> stack.stats().toString());
            assertEquals(0, stack.stats().get(StackCounter.NO_CONNECTION), () -> stack.stats().toString());
        }
    }

    /** The kernel does not know yet which queue a connection is of when it answers its SYN, and has forgotten it after three seconds. */
    @ParameterizedTest
    @ValueSource(strings = {KernelHost.V4, KernelHost.V6})
    void everyQueueConnectsAndIsFoundAgainAfterAWhile(String address) throws Exception {
        kernel.startPython("""
            import socket, sys, threading, time
            listener = socket.create_server(('%s', 9000), family=%s, backlog=256)
            def serve(s):
                s.sendall(s.recv(1))
                time.sleep(3.5)
                s.sendall(b'later')
                s.recv(1)
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
            """.formatted(address, address.contains(":") ? "socket.AF_INET6" : "socket.AF_INET"));
        kernel.awaitListener(9000);

        List<Inbox> inboxes = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 20 * QUEUES; i++) {
            Inbox inbox = new Inbox();
            Channel channel = new Bootstrap().group(loops).channelFactory(UserTcpChannels.clients(stacks.get(i % QUEUES))).handler(inbox)
                .connect(new InetSocketAddress(address, 9000)).sync().channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'n'})).sync();
            inboxes.add(inbox);
            assertTrue(ports.add(((InetSocketAddress) channel.localAddress()).getPort()), "two connections have the same port");
        }
        for (Inbox inbox : inboxes) {
            assertEquals("n", inbox.texts.poll(10, TimeUnit.SECONDS));
        }
        for (Inbox inbox : inboxes) {
            assertEquals("later", inbox.texts.poll(10, TimeUnit.SECONDS));
        }
        for (TcpStack stack : stacks) {
            assertEquals(0, stack.stats().get(StackCounter.NO_CONNECTION), () -> stack.stats().toString());
        }
        assertTrue(stacks.stream().anyMatch(stack -> stack.stats().get(StackCounter.STRAYS_TAKEN) > 0), "nothing has strayed");
    }

    @Test
    void aListenerOnOneQueueHearsTheClientsOfAll() throws Exception {
        listen(stacks.get(1), 80, new WebService());
        String report = kernel.run("wrk -t 1 -c 48 -d 1s --timeout 10s http://" + TunHost.V4 + "/1000");
        assertFalse(report.contains("Socket errors"), report);
    }

    @Test
    void aPortNobodyListensOnIsRefusedWhicheverQueueIsAsked() {
        kernel.python("""
            import errno, socket
            for attempt in range(30):
                s = socket.socket()
                s.settimeout(5)
                assert s.connect_ex(('%s', 81)) == errno.ECONNREFUSED
            """.formatted(TunHost.V4));
    }

    @Test
    void aStackThatClosesLeavesTheOthersWorking() throws Exception {
        TcpStack staying = stacks.get(1);
        boolean[] ports = portsOf(staying);
        stacks.remove(0).close().sync();
        assertArrayEquals(ports, portsOf(staying), "a queue has other ports than before");
        for (TcpStack stack : stacks) {
            listen(stack, 80, new WebService());
        }
        String report = kernel.run("wrk -t 1 -c 48 -d 1s --timeout 10s http://" + TunHost.V4 + "/1000");
        assertFalse(report.contains("Socket errors"), report);
    }

    private static boolean[] portsOf(TcpStack stack) {
        boolean[] ports = new boolean[QUEUES];
        for (int port = 0; port < QUEUES; port++) {
            ports[port] = stack.link().isPortOurs(port);
        }
        return ports;
    }

    private static String deviceOf(TcpStack stack) {
        return ((TunLink) stack.link()).deviceName();
    }

    private void listen(TcpStack stack, int port, ChannelHandler handler) throws InterruptedException {
        new ServerBootstrap().group(loops).channelFactory(UserTcpChannels.servers(stack)).childHandler(handler)
            .bind(new InetSocketAddress(port)).sync();
    }

    private static final class Inbox extends SimpleChannelInboundHandler<ByteBuf> {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            texts.add(bytes.toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            texts.add(cause.toString());
        }
    }
}
