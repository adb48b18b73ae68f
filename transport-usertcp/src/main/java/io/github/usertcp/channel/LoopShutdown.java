package io.github.usertcp.channel;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/**
 * Tells a channel that its event loop shuts down. Other transports hear it from their file descriptor's registration; these channels
 * have none. An event loop that is not a {@link SingleThreadEventExecutor} has nobody to ask: there, channels end with their stack.
 */
final class LoopShutdown {
    private LoopShutdown() {
    }

    /** Has {@code hook} run on the event loop when it shuts down, until it is {@linkplain #forget forgotten}. */
    static Runnable onShutdown(EventLoop loop, Runnable hook) {
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(hook);
        }
        return hook;
    }

    static void forget(EventLoop loop, Runnable hook) {
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(hook);
        }
    }
}
