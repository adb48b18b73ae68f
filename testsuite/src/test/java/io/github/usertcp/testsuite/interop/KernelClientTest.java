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
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    @EveryPathAndLoop
    void curlGetsAndPuts(Loops loops, boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum"); TunHost host = TunHost.open(kernel, loops, offload)) {
            host.serve(80, WebService::new);
            getAndPut(kernel, TunHost.url(v4), SIZE);
        }
    }

    /** Five hundred connections at a time, and none fails. */
    @EveryPathAndLoop
    void wrkKeepsFiveHundredConnectionsBusy(Loops loops, boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("wrk"); TunHost host = TunHost.open(kernel, loops, offload)) {
            host.serve(80, WebService::new);
            String report = kernel.run("wrk -t 1 -c 500 -d 2s --timeout 10s " + TunHost.url(v4) + "1000");
            Matcher requests = java.util.regex.Pattern.compile("(\\d+) requests in").matcher(report);
            assertTrue(requests.find() && Integer.parseInt(requests.group(1)) >= 500, report);
            assertTrue(!report.contains("Socket errors") && !report.contains("Non-2xx"), report);
        }
    }

    @EveryPath
    void whatIsSentBeforeAHalfCloseComesBack(boolean v4, boolean offload) throws Exception {
        String address = TunHost.address(v4);
        try (KernelHost kernel = KernelHost.create("nc"); TunHost host = TunHost.open(kernel, offload)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            assertEquals("said before the end", kernel.run("printf 'said before the end' | nc -N -w 10 " + address + " 7"));
            assertEquals("active at " + new InetSocketAddress(address, 7), echo.events.poll(5, TimeUnit.SECONDS));
            assertEquals("closed", echo.events.poll(5, TimeUnit.SECONDS));
        }
    }

    @EveryPath
    void aResetOfTheKernelsIsAnException(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            kernel.python("""
                import socket, struct
                s = socket.create_connection(('%s', 7))
                s.sendall(b'x')
                assert s.recv(1) == b'x'
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                s.close()
                """.formatted(TunHost.address(v4)));
            echo.events.poll(5, TimeUnit.SECONDS);
            assertTrue(echo.events.poll(5, TimeUnit.SECONDS).contains("reset"));
            assertEquals("closed", echo.events.poll(5, TimeUnit.SECONDS));
        }
    }

    @EveryPath
    void aResetOfOursIsAnErrorInTheKernel(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            host.serve(7, ResetOnRead::new);
            assertEquals("ConnectionResetError\n", kernel.python("""
                import socket
                s = socket.create_connection(('%s', 7))
                s.sendall(b'x')
                try:
                    s.recv(1)
                except OSError as e:
                    print(type(e).__name__)
                """.formatted(TunHost.address(v4))));
        }
    }

    @EveryPath
    void aPortNobodyListensOnRefuses(boolean v4, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            assertEquals("ConnectionRefusedError\n", kernel.python("""
                import socket
                try:
                    socket.create_connection(('%s', 81), 10)
                except OSError as e:
                    print(type(e).__name__)
                """.formatted(TunHost.address(v4))));
            assertEquals(1, host.stack.stats().get(StackCounter.RESETS_SENT));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void otherProtocolsAndAddressesAreRefusedAndPingsAnswered(boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            String expected = "ConnectionRefusedError\n".repeat(2) + "No route to host\n".repeat(2) + "a long echo of 3008 bytes\n".repeat(2);
            assertEquals(expected, kernel.python("""
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
                def unreachable(family, address):
                    s = socket.socket(family)
                    s.settimeout(10)
                    try:
                        s.connect((address, 80))
                    except OSError as e:
                        print(e.strerror)
                unreachable(socket.AF_INET, '10.9.0.77')
                unreachable(socket.AF_INET6, 'fd09::77')
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

    /** Ten seconds of a closed window, in which the connections live on probes: those of every path at once, because it takes so long. */
    @Test
    void aWindowMayStayClosedForTenSeconds() throws Exception {
        long size = 8_000_000;
        try (KernelHost kernel = KernelHost.create("python3"); KernelHost another = KernelHost.create("python3");
             TunHost host = TunHost.open(kernel, true); TunHost plain = TunHost.open(another, false)) {
            host.serve(80, WebService::new);
            plain.serve(80, WebService::new);
            CompletableFuture<String> beside = CompletableFuture.supplyAsync(() -> readAfterTenSeconds(another, size));
            String digests = (Pattern.digest(size) + "\n").repeat(2);
            assertEquals(digests, readAfterTenSeconds(kernel, size));
            assertEquals(digests, beside.get(30, TimeUnit.SECONDS), "without offload");
        }
    }

    private static String readAfterTenSeconds(KernelHost kernel, long size) {
        return kernel.python("""
            import socket, time, hashlib
            def ask(family, address):
                s = socket.socket(family)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
                s.connect((address, 80))
                s.sendall(b'GET /%d HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n')
                return s.makefile('rb')
            asked = [ask(socket.AF_INET, '10.9.0.2'), ask(socket.AF_INET6, 'fd09::2')]
            time.sleep(10)
            for f in asked:
                while f.readline().strip():
                    pass
                print(hashlib.sha256(f.read(%d)).hexdigest())
            """.formatted(size, size));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp_timestamps, 0, true", "tcp_sack, 0, true", "tcp_window_scaling, 0, true", "tcp_ecn, 0, true", "tcp_ecn, 1, true",
        "tcp_timestamps, 0, false", "tcp_sack, 0, false", "tcp_window_scaling, 0, false", "tcp_ecn, 0, false", "tcp_ecn, 1, false",
    })
    void thePeersSettingsDoNotMatter(String setting, int value, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum").sysctl("net.ipv4." + setting, value); // which is that of both families
             TunHost host = TunHost.open(kernel, offload)) {
            host.serve(80, WebService::new);
            getAndPut(kernel, TunHost.url(true), 5_000_000);
            getAndPut(kernel, TunHost.url(false), 5_000_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"reno, true", "cubic, true", "bbr, true", "reno, false", "cubic, false", "bbr, false"})
    void thePeersCongestionControlDoesNotMatter(String name, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("python3"); TunHost host = TunHost.open(kernel, offload)) {
            host.serve(80, WebService::new);
            String[] digests = kernel.python("""
                import socket, hashlib, os
                body = os.urandom(5000000)
                print(hashlib.sha256(body).hexdigest())
                for family, address in (socket.AF_INET, '10.9.0.2'), (socket.AF_INET6, 'fd09::2'):
                    s = socket.socket(family)
                    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'%s')
                    s.connect((address, 80))
                    s.sendall(b'PUT / HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: %%d\\r\\n\\r\\n' %% len(body) + body)
                    f = s.makefile('rb')
                    while f.readline().strip():
                        pass
                    print(f.readline().decode().strip())
                """.formatted(name)).split("\n");
            assertEquals(List.of(digests[0], digests[0], digests[0]), List.of(digests));
        }
    }

    /** Below 1,280 bytes there is no IPv6 (RFC 8200 section 5). */
    @ParameterizedTest
    @CsvSource({
        "576, true", "1280, true", "1500, true", "9000, true", "65535, true",
        "576, false", "1280, false", "1500, false", "9000, false", "65535, false",
    })
    void everyMtuWorks(int mtu, boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum");
             TunHost host = TunHost.open(kernel, mtu, provider -> provider.offload(offload))) {
            host.serve(80, WebService::new);
            getAndPut(kernel, TunHost.url(true), 5_000_000);
            if (mtu >= 1280) {
                getAndPut(kernel, TunHost.url(false), 5_000_000);
            }
        }
    }

    private static void getAndPut(KernelHost kernel, String url, long size) {
        String file = kernel.file("got").toString();
        kernel.run("curl -sSf -o " + file + " " + url + size);
        String digest = Pattern.digest(size);
        assertEquals(digest, kernel.run("sha256sum " + file).substring(0, 64), "GET " + url);
        assertEquals(digest, kernel.run("curl -sSf -T " + file + " " + url).strip(), "PUT " + url);
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
