package io.github.usertcp.channel;

import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a channel and a connection on different event loops share: everything in this package that two threads touch is in here.
 *
 * <pre>
 *     channel's loop, {@link CrossingPort}                     stack's loop, {@link CrossingOwner}
 *       write()   -- written, farewell, config -->       TcpConnection.write ...
 *       read()    -- readLimit ------------------>       may read the connection so far
 *                 &lt;-- received, inputEnded, closeCause    TcpConnection.read ...
 *                 &lt;-- writeLimit ------------------       may be handed bytes so far
 * </pre>
 *
 * <p>Each field is written by one side only. Three rules keep it free of races:
 * <ul>
 * <li>A side publishes first and wakes the other one then; a wake-up clears its flag before it looks. So nothing published is
 *     missed, and a burst costs one task.</li>
 * <li>Credit is a stream offset that never goes back. Whoever runs out of it says so ({@code xStarved}) and then looks again, while the
 *     other side extends it and then looks who is starved: one of the two always sees the other, because all of it is volatile.</li>
 * <li>What marks an end is published after, and looked at before, the queue whose end it marks.</li>
 * </ul>
 */
final class Crossing {
    /** What the channel has decided; only ever moves on to a later one. */
    enum Farewell { NONE, SHUTDOWN_OUTPUT, LINGER, CLOSE, ABORT }

    // Written on the channel's loop.
    final Queue<ByteBuf> written = new ConcurrentLinkedQueue<>();
    volatile TcpConfig config;
    volatile long readLimit;
    volatile boolean writerStarved;
    volatile Farewell farewell = Farewell.NONE;

    // Written on the stack's loop.
    final Queue<ByteBuf> received = new ConcurrentLinkedQueue<>();
    volatile long writeLimit;
    /** The offset at which there was more to pass on, but no permission; -1 while there is permission, or nothing to pass on. */
    volatile long readerStarvedAt = -1;
    volatile boolean inputEnded;
    volatile boolean farewellDone;
    volatile CloseCause closeCause;
    volatile TcpTuple connected;
    volatile Throwable connectFailure;

    final WakeUp stackSide;
    final WakeUp channelSide;

    Crossing(EventLoop stackLoop, Runnable onStackLoop, EventLoop channelLoop, Runnable onChannelLoop) {
        stackSide = new WakeUp(stackLoop, onStackLoop);
        channelSide = new WakeUp(channelLoop, onChannelLoop);
    }

    static void releaseAll(Queue<ByteBuf> queue) {
        for (ByteBuf data = queue.poll(); data != null; data = queue.poll()) {
            data.release();
        }
    }

    /** Runs one side's task on its event loop, once for however many calls. */
    static final class WakeUp implements Runnable {
        private final AtomicBoolean woken = new AtomicBoolean();
        private final EventLoop loop;
        private final Runnable task;

        private WakeUp(EventLoop loop, Runnable task) {
            this.loop = loop;
            this.task = task;
        }

        /** @return false if the event loop has ended, so that the task will never run */
        boolean wake() {
            boolean onItsWay = woken.get() || !woken.compareAndSet(false, true);
            return onItsWay || post(this);
        }

        boolean post(Runnable other) {
            try {
                loop.execute(other);
                return true;
            } catch (RejectedExecutionException e) {
                return false;
            }
        }

        @Override
        public void run() {
            woken.set(false);
            task.run();
        }
    }
}
