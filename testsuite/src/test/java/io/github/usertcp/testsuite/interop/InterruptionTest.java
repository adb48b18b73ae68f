package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device that is taken away in the middle of transfers, for a while or for good. */
@Timeout(60)
class InterruptionTest {
    private static final int SIZE = 6_000_000;
    private static final String GONE = "Network is down: the device of the link is gone, open a new stack";

    /** While it is down every packet of ours is refused (EIO), and none comes: for half a second, a path that loses everything. */
    @EveryPathAndLoop
    void transfersGoOnWhenTheDeviceIsUpAgain(Loops loops, boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3").sysctl("net.ipv6.conf.all.keep_addr_on_down", 1);
             TunHost host = TunHost.open(kernel, loops, offload)) {
            host.serve(80, WebService::new);
            assertEquals((Pattern.digest(SIZE) + "\n").repeat(2), kernel.python("""
                import hashlib, socket, subprocess, threading, time
                size, half, device, address = %d, %d, '%s', '%s'
                def connect(request):
                    s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 100_000) # so that the rest is still to come when the device is down
                    s.settimeout(30)
                    s.connect((address, 80))
                    s.sendall(request)
                    return s, s.makefile('rb')
                def head(f):
                    while f.readline().strip():
                        pass
                down, f = connect(b'GET /%%d HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n' %% size)
                head(f)
                content = f.read(half)
                up, answer = connect(b'PUT / HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: %%d\\r\\n\\r\\n' %% size)
                up.sendall(content)
                subprocess.run(['ip', 'link', 'set', device, 'down'], check=True)
                rest = []
                reader = threading.Thread(target=lambda: rest.append(f.read(size - half)))
                reader.start()
                time.sleep(0.5)
                subprocess.run(['ip', 'link', 'set', device, 'up'], check=True)
                reader.join()
                up.sendall(rest[0])
                print(hashlib.sha256(content + rest[0]).hexdigest())
                head(answer)
                print(answer.readline().decode().strip())
                """.formatted(SIZE, SIZE / 2, host.device(), TunHost.address(v4))));
        }
    }

    /** Data nobody reads, and a connect nobody answers; the event loop has other things to do. */
    @ParameterizedTest
    @CsvSource({"EPOLL, true", "EPOLL, false", "IO_URING, true", "NIO, false"})
    void aDeviceDeletedDuringATransferFailsWhatIsPending(Loops loops, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3", "nc"); TunHost host = TunHost.open(kernel, loops, offload)) {
            kernel.startPython("""
                import socket, time
                listener = socket.create_server(('10.9.0.1', 9000))
                s = listener.accept()[0]
                time.sleep(60)
                """);
            kernel.awaitListener(9000);
            EchoService events = new EchoService();
            Channel channel = host.client(events).connect(new InetSocketAddress(KernelHost.V4, 9000)).sync().channel();
            ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[SIZE]));
            ChannelFuture connect = host.client(new EchoService()).connect(new InetSocketAddress("10.9.0.99", 9000));
            kernel.run("ip link delete " + host.device());
            assertTrue(events.events.poll(10, TimeUnit.SECONDS).startsWith("active"));
            assertEquals(GONE, events.events.poll(10, TimeUnit.SECONDS));
            assertTrue(write.await(10, TimeUnit.SECONDS) && !write.isSuccess());
            assertTrue(connect.await(10, TimeUnit.SECONDS));
            assertTrue(assertInstanceOf(ConnectException.class, connect.cause()).getMessage().startsWith(GONE), connect.cause()::toString);
            assertTrue(channel.closeFuture().await(10, TimeUnit.SECONDS));
            assertTrue(host.stack.closeFuture().await(10, TimeUnit.SECONDS));
            assertFalse(host.group.isShuttingDown());
            assertServes(kernel, host);
        }
    }

    /** On the event loop of a host whose device is gone. */
    private static void assertServes(KernelHost kernel, TunHost host) throws Exception {
        TcpStack another = TcpStack.builder().link(TunLink.device("utcp%d").address(TunHost.V4 + "/24").configure(false))
            .open(host.group.next()).get();
        kernel.take(((TunLink) another.link()).deviceName(), 1500);
        new ServerBootstrap().group(host.group).channelFactory(UserTcpChannels.servers(another)).childHandler(new EchoService())
            .bind(new InetSocketAddress(7)).sync();
        assertEquals("x", kernel.run("printf x | nc -q 0 -w 10 " + TunHost.V4 + " 7"));
        another.close().sync();
    }
}
