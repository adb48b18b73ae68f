package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.usertcp.stack.TcpStack;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What fails before there is a device. */
class TunLinkProviderTest {
    @Test
    void anEventLoopThatHasEndedFailsTheFuture() throws InterruptedException {
        assumeTrue(Epoll.isAvailable(), "skipped: no epoll here");
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        EventLoop ended = group.next();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        Future<TcpStack> opened = TcpStack.builder().link(TunLink.device("utcp%d")).open(ended);
        assertTrue(opened.await(10, TimeUnit.SECONDS));
        assertInstanceOf(RejectedExecutionException.class, opened.cause());
    }
}
