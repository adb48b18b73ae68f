package io.github.usertcp.tun;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.Executor;

/**
 * When a file descriptor can be read and written, as its event loop tells: for as long as that is so and is wanted, once every time the
 * loop looks. One object for each registration with a loop; all on the loop's thread.
 *
 * <p>With io_uring, too, the listener reads and writes by system calls of its own. Reads left with the kernel would need a descriptor
 * that blocks, so that writes had to be left with it as well, and a buffer for the largest packet each, which has to outlive the channel
 * until the kernel lets go of it. Sixteen at a time also took more of the processor, 4.0 us a packet of 1000 bytes; polling takes 2.6 us,
 * and epoll 2.4 us (Linux 6.18).
 */
interface Readiness extends IoHandle {
    /** Who reads and writes. */
    interface Listener {
        /** Something is there to be read, or something is wrong, which reading tells. */
        void onReadable();

        void onWritable();

        /** The event loop is shutting down. */
        void onLoopClosing();
    }

    /** The event loop has accepted it. */
    void start(IoRegistration accepted);

    void wantReads(boolean wanted);

    void wantWrites(boolean wanted);

    /**
     * Tells nothing any more, so that the descriptor can be closed.
     *
     * @return  null if that may happen at once, else what runs its task as soon as it may
     */
    Executor release();

    /** Ends the registration, and releases the descriptor before if nobody has. */
    void cancel();

    /** The event loop takes the channel. */
    @Override
    void close();

    /** Whether a loop is one that tells. */
    static boolean isToldBy(IoEventLoop loop) {
        return isToldByEpoll(loop) || isToldByIoUring(loop);
    }

    static Readiness on(IoEventLoop loop, FileDescriptor fd, Listener listener) {
        return isToldByEpoll(loop) ? new EpollReadiness(fd, listener) : new IoUringReadiness(loop, fd, listener);
    }

    /** The native transports' classes may be missing at run time. */
    private static boolean isToldByEpoll(IoEventLoop loop) {
        try {
            return loop.isCompatible(EpollReadiness.class);
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }

    private static boolean isToldByIoUring(IoEventLoop loop) {
        try {
            return loop.isCompatible(IoUringReadiness.class);
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }
}
