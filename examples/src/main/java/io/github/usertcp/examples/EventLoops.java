package io.github.usertcp.examples;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;

/** One event loop of the fastest kind there is: epoll, under which a UDP link moves many segments per system call, or NIO. */
final class EventLoops implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, ioHandlers());

    EventLoopGroup group() {
        return group;
    }

    /** Lets connections say farewell, then ends the threads. */
    @Override
    public void close() {
        // A quiet period of 0 may end the threads before they have closed their channels.
        group.shutdownGracefully(20, 5000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private static IoHandlerFactory ioHandlers() {
        return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }
}
