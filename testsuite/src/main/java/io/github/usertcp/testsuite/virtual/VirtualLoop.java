package io.github.usertcp.testsuite.virtual;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The event loop of a machine under test, in the thread of its maker and in virtual time that goes from timer to timer. Time 0 is its
 * making. Not thread-safe.
 */
public final class VirtualLoop extends ManualIoEventLoop {
    private static final long NANOS_PER_MICRO = 1_000;

    private final MockTicker clock;
    private BooleanSupplier afterwards = () -> false;

    private VirtualLoop(MockTicker clock) {
        super(null, Thread.currentThread(), context -> new NoIo(), clock);
        this.clock = clock;
    }

    /** A loop of the calling thread. */
    public static VirtualLoop create() {
        return new VirtualLoop(Ticker.newMockTicker());
    }

    /** Something to do whenever the loop has nothing more to do: true if that made work again. */
    public void afterwards(BooleanSupplier work) {
        afterwards = work;
    }

    /** Microseconds since its making. */
    public long nowMicros() {
        return clock.nanoTime() / NANOS_PER_MICRO;
    }

    /** Runs what can be run now. */
    public void settle() {
        do {
            drain();
        } while (afterwards.getAsBoolean());
    }

    /** The same without {@link #afterwards}. */
    public void drain() {
        while (runNow() > 0) {
            continue;
        }
    }

    /** Goes on to that time, serving every timer on the way at its own. */
    public void advanceTo(long micros) {
        settle();
        while (stepTowards(micros)) {
            continue;
        }
    }

    /**
     * Goes on to the next timer, or to {@code limitMicros} if there is none before.
     *
     * @return false if the limit is reached
     */
    public boolean stepTowards(long limitMicros) {
        long left = limitMicros * NANOS_PER_MICRO - clock.nanoTime();
        long untilTimer = nextScheduledTaskNano();
        if (left <= 0 && (untilTimer < 0 || untilTimer > 0)) {
            return false;
        }
        // A timer that is due and doesn't run yet must not stop time: a microsecond later it does.
        long step = untilTimer < 0 ? left : Math.min(Math.max(untilTimer, NANOS_PER_MICRO), Math.max(left, NANOS_PER_MICRO));
        clock.advance(step, TimeUnit.NANOSECONDS);
        settle();
        return clock.nanoTime() < limitMicros * NANOS_PER_MICRO;
    }

    /** Goes on to that time at once, as a loop that was not woken in time: timers on the way are served now. Never goes back. */
    public void jumpTo(long nanos) {
        clock.advance(Math.max(0, nanos - clock.nanoTime()), TimeUnit.NANOSECONDS);
        settle();
    }

    /** Nanoseconds from now to the next timer, 0 if one is due, negative if there is none. */
    public long untilTimerNanos() {
        return nextScheduledTaskNano();
    }

    /** Packets come from the test, not from a socket. */
    private static final class NoIo implements IoHandler {
        @Override
        public int run(IoHandlerContext context) {
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {
            // never asleep
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return false;
        }
    }
}
