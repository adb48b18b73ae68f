package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.stack.StackCounter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs on the kernel's TCP against servers on ours. */
@Timeout(120)
class KernelClientTest {
    private static final long SIZE = 100_000_000;
    private static final String URL_V4 = "http://" + TunHost.V4 + ":80/";
    private static final String URL_V6 = "http://[" + TunHost.V6 + "]:80/";

    @ParameterizedTest
    @CsvSource({"EPOLL, true", "EPOLL, false", "IO_URING, true"})
    void curlGetsAndPuts(Loops loops, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum"); TunHost host = TunHost.open(kernel, loops, offload)) {
            host.serve(80, WebService::new);
            String digest = Pattern.digest(SIZE);
            for (String url : new String[] {URL_V4, URL_V6}) {
                String file = kernel.file("got").toString();
                kernel.run("curl -sSf -o " + file + " " + url + SIZE);
                assertEquals(digest, kernel.run("sha256sum " + file).substring(0, 64), "GET " + url);
                assertEquals(digest, kernel.run("curl -sSf -T " + file + " " + url).strip(), "PUT " + url);
            }
        }
    }

    /** Five hundred connections at a time, and none fails. */
    @ParameterizedTest
    @CsvSource({"EPOLL, true", "EPOLL, false", "IO_URING, true"})
    void wrkKeepsFiveHundredConnectionsBusy(Loops loops, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("wrk"); TunHost host = TunHost.open(kernel, loops, offload)) {
            host.serve(80, WebService::new);
            String report = kernel.run("wrk -t 1 -c 500 -d 2s --timeout 10s " + URL_V4 + "1000");
            Matcher requests = java.util.regex.Pattern.compile("(\\d+) requests in").matcher(report);
            assertTrue(requests.find() && Integer.parseInt(requests.group(1)) >= 500, report);
            assertTrue(!report.contains("Socket errors") && !report.contains("Non-2xx"), report);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TunHost.V4, TunHost.V6})
    void whatIsSentBeforeAHalfCloseComesBack(String address) throws Exception {
        try (KernelHost kernel = KernelHost.create("nc"); TunHost host = TunHost.open(kernel, true)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            assertEquals("said before the end", kernel.run("printf 'said before the end' | nc -N -w 10 " + address + " 7"));
            assertEquals("active at " + new InetSocketAddress(address, 7), echo.events.poll(5, TimeUnit.SECONDS));
            assertEquals("closed", echo.events.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void aResetOfTheKernelsIsAnException() throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, true)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            kernel.python("""
                import socket, struct
                s = socket.create_connection(('10.9.0.2', 7))
                s.sendall(b'x')
                assert s.recv(1) == b'x'
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                s.close()
                """);
            echo.events.poll(5, TimeUnit.SECONDS);
            assertTrue(echo.events.poll(5, TimeUnit.SECONDS).contains("reset"));
            assertEquals("closed", echo.events.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void aResetOfOursIsAnErrorInTheKernel() throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, true)) {
            host.serve(7, ResetOnRead::new);
            assertEquals("ConnectionResetError\n", kernel.python("""
                import socket
                s = socket.create_connection(('10.9.0.2', 7))
                s.sendall(b'x')
                try:
                    s.recv(1)
                except OSError as e:
                    print(type(e).__name__)
                """));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TunHost.V4, TunHost.V6})
    void aPortNobodyListensOnRefuses(String address) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, true)) {
            assertEquals("ConnectionRefusedError\n", kernel.python("""
                import socket
                try:
                    socket.create_connection(('%s', 81), 10)
                except OSError as e:
                    print(type(e).__name__)
                """.formatted(address)));
            assertEquals(1, host.stack.stats().get(StackCounter.RESETS_SENT));
        }
    }

    @Test
    void otherProtocolsAreRefusedAndPingsAnswered() throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, true)) {
            assertEquals("ConnectionRefusedError\n".repeat(2) + "a long echo of 3008 bytes\n".repeat(2), kernel.python("""
                import socket, os, struct
                def refused(family, address):
                    s = socket.socket(family, socket.SOCK_DGRAM)
                    s.settimeout(10)
                    s.connect((address, 9))
                    s.send(b'anybody there?')
                    try:
                        s.recv(1)
                    except OSError as e:
                        print(type(e).__name__)
                refused(socket.AF_INET, '10.9.0.2')
                refused(socket.AF_INET6, 'fd09::2')
                def sum16(data):
                    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
                    return ~((total >> 16) + (total & 0xffff)) & 0xffff
                def ping(family, proto, address, kind):
                    s = socket.socket(family, socket.SOCK_RAW, proto)
                    s.settimeout(10)
                    s.connect((address, 0))
                    data = os.urandom(3000)
                    header = struct.pack('!BBHHH', kind, 0, 0, 7, 1)
                    total = sum16(header + data)
                    s.send(struct.pack('!BBHHH', kind, 0, total, 7, 1) + data)
                    while True:
                        answer = s.recv(65536)
                        if answer.endswith(data) and len(answer) - len(data) in (8, 28):
                            print('a long echo of', 8 + len(data), 'bytes')
                            return
                ping(socket.AF_INET, socket.IPPROTO_ICMP, '10.9.0.2', 8)
                ping(socket.AF_INET6, 58, 'fd09::2', 128)
                """));
            assertEquals(2, host.stack.stats().dropped(DropReason.NOT_TCP));
        }
    }

    /** Ten seconds of a closed window, in which the connection lives on probes. */
    @Test
    void aWindowMayStayClosedForTenSeconds() throws Exception {
        long size = 8_000_000;
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, true)) {
            host.serve(80, WebService::new);
            assertEquals(Pattern.digest(size) + "\n", kernel.python("""
                import socket, time, hashlib
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
                s.connect(('10.9.0.2', 80))
                s.sendall(b'GET /%d HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n')
                time.sleep(10)
                f = s.makefile('rb')
                while f.readline().strip():
                    pass
                print(hashlib.sha256(f.read(%d)).hexdigest())
                """.formatted(size, size)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "net.ipv4.tcp_timestamps, 0", "net.ipv4.tcp_sack, 0", "net.ipv4.tcp_window_scaling, 0", "net.ipv4.tcp_ecn, 0", "net.ipv4.tcp_ecn, 1",
    })
    void thePeersSettingsDoNotMatter(String sysctl, String value) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum").sysctl(sysctl, value); TunHost host = TunHost.open(kernel, true)) {
            host.serve(80, WebService::new);
            getAndPut(kernel, URL_V4, 10_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reno", "cubic", "bbr"})
    void thePeersCongestionControlDoesNotMatter(String name) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, true)) {
            host.serve(80, WebService::new);
            String[] digests = kernel.python("""
                import socket, hashlib, os
                s = socket.socket()
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'%s')
                s.connect(('10.9.0.2', 80))
                body = os.urandom(10000000)
                s.sendall(b'PUT / HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: %%d\\r\\n\\r\\n' %% len(body) + body)
                print(hashlib.sha256(body).hexdigest())
                f = s.makefile('rb')
                while f.readline().strip():
                    pass
                print(f.readline().decode().strip())
                """.formatted(name)).split("\n");
            assertEquals(digests[0], digests[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "576, true", "1280, true", "9000, true", "65535, true", "576, false", "1280, false", "9000, false", "65535, false",
    })
    void everyMtuWorks(int mtu, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum");
             TunHost host = TunHost.open(kernel, mtu, provider -> provider.offload(offload))) {
            host.serve(80, WebService::new);
            getAndPut(kernel, mtu < 1280 ? URL_V4 : URL_V6, 10_000_000);
        }
    }

    private static void getAndPut(KernelHost kernel, String url, long size) {
        String file = kernel.file("got").toString();
        kernel.run("curl -sSf -o " + file + " " + url + size);
        String digest = Pattern.digest(size);
        assertEquals(digest, kernel.run("sha256sum " + file).substring(0, 64), "GET");
        assertEquals(digest, kernel.run("curl -sSf -T " + file + " " + url).strip(), "PUT");
    }

    private static final class ResetOnRead extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ((SocketChannelConfig) ctx.channel().config()).setOption(ChannelOption.SO_LINGER, 0);
            ctx.close();
        }
    }
}
