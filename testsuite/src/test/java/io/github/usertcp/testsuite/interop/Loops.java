package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;

/** Kinds of event loops that a stack may be opened on. Those with NIO leave the device to an epoll loop of its own. */
enum Loops {
    EPOLL,
    IO_URING,
    NIO;

    /** One loop; the test is skipped where there is none of this kind. */
    MultiThreadIoEventLoopGroup newGroup() {
        return new MultiThreadIoEventLoopGroup(1, newFactory());
    }

    private IoHandlerFactory newFactory() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> {
                assumeTrue(IoUring.isAvailable(), () -> "skipped: io_uring is not available here: " + IoUring.unavailabilityCause());
                yield IoUringIoHandler.newFactory();
            }
            case NIO -> NioIoHandler.newFactory();
        };
    }
}
