package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.tcp.EcnInfo;
import io.github.usertcp.tcp.EcnMode;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Explicit congestion notification with the kernel's TCP: it agrees where both want it, and our packets' ECN field arrives. */
@Timeout(60)
class CongestionNotificationTest {
    /** What is known of ECN when the first data arrives. */
    private static final class FirstData extends SimpleChannelInboundHandler<ByteBuf> {
        final CompletableFuture<EcnInfo> seen = new CompletableFuture<>();

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf data) {
            seen.complete(((UserTcpSocketChannel) context.channel()).tcpInfo().getNow().ecn());
        }
    }

    @ParameterizedTest
    @CsvSource({"CLASSIC, 1, CLASSIC", "CLASSIC, 0, OFF", "OFF, 1, OFF"})
    void theKernelAsks(EcnMode accepted, int kernelSetting, EcnMode agreed) throws Exception {
        FirstData data = new FirstData();
        try (KernelHost kernel = KernelHost.create("python3").sysctl("net.ipv4.tcp_ecn", kernelSetting);
             TunHost host = TunHost.open(kernel, TcpConfig.builder().ecnAccepted(accepted).build())) {
            host.serve(80, () -> data);
            kernel.python("""
                import socket
                s = socket.create_connection(('10.9.0.2', 80))
                s.sendall(b'x' * 1000)
                """);
            assertAgreed(agreed, data);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLASSIC, 2, CLASSIC", "CLASSIC, 0, OFF", "OFF, 1, OFF"})
    void weAsk(EcnMode offered, int kernelSetting, EcnMode agreed) throws Exception {
        FirstData data = new FirstData();
        try (KernelHost kernel = KernelHost.create("python3").sysctl("net.ipv4.tcp_ecn", kernelSetting);
             TunHost host = TunHost.open(kernel, TcpConfig.builder().ecnOffered(offered).build())) {
            kernel.startPython("""
                import socket, time
                listener = socket.create_server(('10.9.0.1', 9000))
                s = listener.accept()[0]
                s.sendall(b'x' * 1000)
                time.sleep(10)
                """);
            kernel.awaitListener(9000);
            Channel channel = host.client(data).connect(new InetSocketAddress(KernelHost.V4, 9000)).sync().channel();
            assertAgreed(agreed, data);
            channel.close().sync();
        }
    }

    private static void assertAgreed(EcnMode agreed, FirstData data) throws Exception {
        EcnInfo ecn = data.seen.get(10, TimeUnit.SECONDS);
        assertEquals(agreed, ecn.mode());
        assertEquals(agreed == EcnMode.CLASSIC, ecn.seen(), "data of the kernel is ECN-capable exactly where it was agreed");
        assertTrue(ecn.deliveredCe() == 0, ecn::toString);
    }
}
