package io.github.usertcp.testsuite.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.stack.StackStats;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An echo server on a real UDP port, a client that must never notice anything, and a stranger with a UDP socket of its own. */
final class EchoOverUdp implements AutoCloseable {
    private final EventLoopGroup loops;
    private final BlockingQueue<Byte> echoed = new LinkedBlockingQueue<>();
    private final UserTcpServerSocketChannel server;
    private final Channel client;
    private final DatagramSocket stranger;
    private byte next;

    EchoOverUdp(IoHandlerFactory ioHandlerFactory) throws IOException {
        loops = new MultiThreadIoEventLoopGroup(2, ioHandlerFactory);
        InetSocketAddress anyPort = new InetSocketAddress(NetUtil.LOCALHOST4, 0);
        server = (UserTcpServerSocketChannel) new ServerBootstrap().group(loops).channel(UserTcpServerSocketChannel.class)
            .childHandler(new ChannelInboundHandlerAdapter() {
                @Override
                public boolean isSharable() {
                    return true;
                }

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    ctx.writeAndFlush(msg);
                }
            }).bind(anyPort).syncUninterruptibly().channel();
        client = new Bootstrap().group(loops).channel(UserTcpSocketChannel.class).handler(new SimpleChannelInboundHandler<ByteBuf>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                while (bytes.isReadable()) {
                    echoed.add(bytes.readByte());
                }
            }
        }).connect(server.localAddress()).syncUninterruptibly().channel();
        stranger = new DatagramSocket(anyPort);
    }

    int serverPort() {
        return server.localAddress().getPort();
    }

    int clientPort() {
        return ((InetSocketAddress) client.localAddress()).getPort();
    }

    StackStats serverStats() {
        return server.stack().stats();
    }

    void strangerSends(byte[] datagram) throws IOException {
        stranger.send(new DatagramPacket(datagram, datagram.length, server.localAddress()));
    }

    /**
     * The client sends a byte and gets it back. The server's socket hands out datagrams in the order in which they came, so that everything a stranger
     * has sent before has been dealt with when this returns.
     */
    void assertEchoes() throws InterruptedException {
        byte sent = next++;
        client.writeAndFlush(Unpooled.buffer(1).writeByte(sent)).syncUninterruptibly();
        assertEquals(sent, echoed.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        stranger.close();
        client.close().syncUninterruptibly();
        server.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
