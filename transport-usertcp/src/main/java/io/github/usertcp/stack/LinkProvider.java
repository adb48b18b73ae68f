package io.github.usertcp.stack;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/** Opens a link. A provider is a description, such as "UDP port 8007 on all addresses"; it may be used several times, on several loops. */
@FunctionalInterface
public interface LinkProvider {
    /**
     * Opens a link on a loop, from any thread. The future fails with what
     * the operating system said, a {@code BindException} for a port in use.
     */
    Future<Link> open(EventLoop loop, LinkReceiver receiver);
}
