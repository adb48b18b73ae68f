package io.github.usertcp.testsuite.benchmark;

import com.sun.management.ThreadMXBean;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** The two event loops everything runs on, and what their threads allocate. */
final class Loops implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final EventLoopGroup servers = newGroup("server");
    private final EventLoopGroup clients = newGroup("client");
    private final long[] threadIds = {threadId(servers.next()), threadId(clients.next())};

    EventLoop server() {
        return servers.next();
    }

    EventLoop client() {
        return clients.next();
    }

    /** Heap bytes that both threads have allocated since they were started. */
    long allocatedBytes() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(threadIds)) {
            sum += bytes;
        }
        return sum;
    }

    private static EventLoopGroup newGroup(String name) {
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
    }

    private static long threadId(EventLoop loop) {
        return loop.submit(() -> Thread.currentThread().getId()).syncUninterruptibly().getNow();
    }

    @Override
    public void close() {
        clients.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        servers.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
