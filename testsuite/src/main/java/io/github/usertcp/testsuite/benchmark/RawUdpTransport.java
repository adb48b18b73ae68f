package io.github.usertcp.testsuite.benchmark;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * The limit for anything in UDP: the same bytes in datagrams with UDP_SEGMENT and UDP_GRO, and just enough feedback
 * ({@link RawUdpCredit}) that the sender does not outrun the receiver. No header, no order, no retransmission, and one path only.
 */
final class RawUdpTransport implements Transport {
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private Loops loops;
    private Channel server;

    @Override
    public String name() {
        return "raw UDP";
    }

    @Override
    public boolean hasConnections() {
        return false;
    }

    @Override
    public void listen(Loops newLoops, Supplier<ChannelHandler> childHandler) {
        loops = newLoops;
        server = bootstrap(loops.server(), childHandler.get()).bind(anyPort()).syncUninterruptibly().channel();
    }

    @Override
    public Future<Channel> connect(ChannelHandler handler) {
        Promise<Channel> promise = loops.client().newPromise();
        bootstrap(loops.client(), handler).connect(server.localAddress(), anyPort()).addListener((ChannelFuture connected) -> {
            if (connected.isSuccess()) {
                promise.setSuccess(connected.channel());
            } else {
                promise.setFailure(connected.cause());
            }
        });
        return promise;
    }

    private static Bootstrap bootstrap(EventLoop loop, ChannelHandler handler) {
        return new Bootstrap().group(loop).channel(EpollDatagramChannel.class)
            .option(EpollChannelOption.UDP_GRO, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES).maxMessagesPerRead(16))
            .handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new RawUdpCredit(), handler);
                }
            });
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(NetUtil.LOCALHOST4, 0);
    }

    @Override
    public void disconnect(Channel connection) {
        connection.close();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
    }
}
