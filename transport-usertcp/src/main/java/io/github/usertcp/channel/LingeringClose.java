package io.github.usertcp.channel;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A close with SO_LINGER above 0: says farewell, and holds the rest of the closing until the peer has acknowledged
 * everything or time is up. Kernel transports block a thread for this; here nobody waits. On the channel's event loop.
 */
final class LingeringClose implements Executor {
    private final ConnectionPort port;
    private final EventLoop loop;
    private final int seconds;
    private Runnable rest;
    private Future<?> timeout;

    LingeringClose(ConnectionPort port, EventLoop loop, int seconds) {
        this.port = port;
        this.loop = loop;
        this.seconds = seconds;
    }

    @Override
    public void execute(Runnable restOfClosing) {
        rest = restOfClosing;
        port.closeLingering();
        if (rest != null) {
            timeout = loop.schedule(this::end, seconds, TimeUnit.SECONDS);
        }
    }

    /** Nothing to wait for any more. */
    void end() {
        Runnable held = rest;
        rest = null;
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (held != null) {
            held.run();
        }
    }
}
