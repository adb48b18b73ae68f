package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.github.usertcp.handlers.SegmentCapture;
import io.github.usertcp.handlers.SegmentTap;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A capture of our own, of a connection over UDP while it runs, as tshark reads it. */
@Timeout(60)
class OwnCaptureTest {
    private static final String CHECKED = "tshark -n -r trace.pcapng -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE ";

    private static final int SIZE = 100_000;

    /** By a tap that the stack was built with, and of a stack that nobody has prepared for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tsharkReadsRealTcp(boolean tapped) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (KernelHost kernel = KernelHost.create("tshark")) {
            SegmentCapture capture = new SegmentCapture();
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            LinkProvider link = UdpLink.bind(any).mtu(1500);
            TcpStack stack = TcpStack.builder().link(tapped ? new SegmentTap(link, capture) : link).open(group.next()).get();
            EchoService echo = new EchoService();
            Channel server = new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack)).childHandler(echo).bind(any)
                .sync().channel();
            if (tapped) {
                capture.start(kernel.file("trace.pcapng"));
            } else {
                capture.start(((UserTcpServerSocketChannel) server).stack(), kernel.file("trace.pcapng"));
            }
            Promise<Void> all = group.next().newPromise();
            Channel client = new Bootstrap().group(group).channelFactory(UserTcpChannels.clients(stack)).handler(new Count(all))
                .connect(new InetSocketAddress(any.getAddress(), ((InetSocketAddress) server.localAddress()).getPort())).sync().channel();
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[SIZE]));
            assertTrue(all.await(10, TimeUnit.SECONDS));
            client.close().sync();
            assertTrue(stack.close().await(10, TimeUnit.SECONDS));
            capture.stop();
            String syns = kernel.run(CHECKED + "-Y 'tcp.flags.syn == 1' -T fields -e ip.src -e tcp.checksum.status -e tcp.options.mss_val 2> log");
            assertTrue(syns.startsWith("127.0.0.1\t1\t14"), syns);
            assertEquals("", kernel.run(CHECKED + "-Y '_ws.malformed or tcp.checksum.status != 1 or ip.checksum.status != 1' 2> log"));
            int data = Integer.parseInt(kernel.run(CHECKED + "-Y 'frame.p2p_dir == 0 and tcp.len > 0' 2> log | wc -l").strip());
            assertTrue(data >= 2 * SIZE / 1460, () -> data + " data segments sent");
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    /** Waits for everything to come back. */
    private static final class Count extends SimpleChannelInboundHandler<ByteBuf> {
        private final Promise<Void> all;
        private int count;

        Count(Promise<Void> all) {
            this.all = all;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            count += bytes.readableBytes();
            if (count == SIZE) {
                all.setSuccess(null);
            }
        }
    }
}
