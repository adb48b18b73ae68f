package io.github.usertcp.testsuite.benchmark;

import io.github.usertcp.channel.UserTcpChannelOption;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** A pair of socket channel classes, set up as an application would: no option but the backlog, and the MSS if asked for. */
final class StreamTransport implements Transport {
    private static final int BACKLOG = 1024;

    private final String name;
    private int maxSegmentSize;
    private Loops loops;
    private final Class<? extends ServerChannel> serverClass;
    private final Class<? extends Channel> clientClass;
    private Channel server;

    StreamTransport(String name, Class<? extends ServerChannel> serverClass, Class<? extends Channel> clientClass) {
        this.name = name;
        this.serverClass = serverClass;
        this.clientClass = clientClass;
    }

    /** Has segments carry no more than so many bytes, TCP options included, in both directions. For usertcp only. */
    StreamTransport maxSegmentSize(int bytes) {
        maxSegmentSize = bytes;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean hasConnections() {
        return true;
    }

    @Override
    public void listen(Loops newLoops, Supplier<ChannelHandler> childHandler) {
        loops = newLoops;
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops.server()).channel(serverClass)
            .option(ChannelOption.SO_BACKLOG, BACKLOG);
        if (maxSegmentSize > 0) {
            bootstrap.childOption(UserTcpChannelOption.TCP_MAXSEG, maxSegmentSize);
        }
        server = bootstrap.childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel child) {
                    child.pipeline().addLast(childHandler.get());
                }
            }).bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0)).syncUninterruptibly().channel();
    }

    @Override
    public Future<Channel> connect(ChannelHandler handler) {
        Promise<Channel> promise = loops.client().newPromise();
        Bootstrap bootstrap = new Bootstrap().group(loops.client()).channel(clientClass).handler(handler);
        if (maxSegmentSize > 0) {
            bootstrap.option(UserTcpChannelOption.TCP_MAXSEG, maxSegmentSize);
        }
        bootstrap.connect(server.localAddress())
            .addListener((ChannelFuture connected) -> {
                if (connected.isSuccess()) {
                    promise.setSuccess(connected.channel());
                } else {
                    promise.setFailure(connected.cause());
                }
            });
        return promise;
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
