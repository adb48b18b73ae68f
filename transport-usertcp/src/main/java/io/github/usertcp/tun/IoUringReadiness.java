package io.github.usertcp.tun;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.concurrent.Executor;

/**
 * {@link Readiness} by io_uring: polls that complete once, at once if what they wait for is there already, and are then submitted again
 * for as long as it is wanted. One that is not wanted any more is left to complete, and nobody told.
 *
 * <p>A poll holds on to the open file, whatever becomes of its descriptor: a device would stay, and stay busy, for as long as the loop
 * runs. So they are taken back before the descriptor is closed, and their completions awaited.
 */
final class IoUringReadiness implements Readiness, IoUringIoHandle {
    /** The kernel's numbers (io_uring_enter(2), poll(2)), for which Netty has no public names. */
    private static final byte IORING_OP_POLL_ADD = 6;
    private static final byte IORING_OP_POLL_REMOVE = 7;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;

    private final IoEventLoop loop;
    private final Listener listener;
    private final Poll reads;
    private final Poll writes;
    private final Runnable submission = this::submit;
    private IoRegistration registration;
    private boolean submissionScheduled;
    private boolean released;
    /** What waits for the last poll to complete, or null. */
    private Runnable afterwards;

    IoUringReadiness(IoEventLoop loop, FileDescriptor fd, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        reads = new Poll(fd, POLLIN);
        writes = new Poll(fd, POLLOUT);
    }

    /** One kind of poll; at most one of it is under way. */
    private static final class Poll {
        final IoUringIoOps ops;
        boolean wanted;
        boolean underWay;
        /** By which the kernel knows the one that is under way. */
        long id;

        Poll(FileDescriptor fd, short events) {
            ops = operation(IORING_OP_POLL_ADD, fd.intValue(), 0, events, events);
        }
    }

    @Override
    public void start(IoRegistration accepted) {
        registration = accepted;
    }

    @Override
    public void wantReads(boolean wanted) {
        reads.wanted = wanted;
        submitLater();
    }

    @Override
    public void wantWrites(boolean wanted) {
        writes.wanted = wanted;
        submitLater();
    }

    /**
     * Not at once: the loop goes through completions until there are no more, and before its tasks would come to those of what is
     * submitted meanwhile, so that a busy device would hold up timers. This way a poll also leaves in the system call that waits for it.
     */
    private void submitLater() {
        if (!submissionScheduled && !released && (isDue(reads) || isDue(writes))) {
            submissionScheduled = true;
            loop.execute(submission);
        }
    }

    private static boolean isDue(Poll poll) {
        return poll.wanted && !poll.underWay;
    }

    private void submit() {
        submissionScheduled = false;
        if (!released) {
            submit(reads);
            submit(writes);
        }
    }

    private void submit(Poll poll) {
        if (isDue(poll)) {
            poll.id = registration.submit(poll.ops);
            poll.underWay = poll.id != 0; // not if the registration has been cancelled
        }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        if (completion.opcode() != IORING_OP_POLL_ADD) {
            return; // a removal: the removed poll completes by itself
        }
        Poll poll = completion.userData() == POLLIN ? reads : writes;
        poll.underWay = false;
        if (released) {
            if (isFree()) {
                proceed();
            }
        } else if (poll.wanted) {
            // Whatever came of it, a failure too: reading or writing shows it.
            if (poll == reads) {
                listener.onReadable();
            } else {
                listener.onWritable();
            }
            submitLater();
        }
    }

    private boolean isFree() {
        return !reads.underWay && !writes.underWay;
    }

    private void proceed() {
        if (afterwards != null) {
            Runnable task = afterwards;
            afterwards = null;
            task.run();
        }
    }

    /** Does not wait for a loop that shuts down: it takes back what it is told to before it ends, but may not come back to tell. */
    @Override
    public Executor release() {
        if (!released) {
            released = true;
            remove(reads);
            remove(writes);
        }
        return isFree() || loop.isShuttingDown() ? null : task -> afterwards = task;
    }

    private void remove(Poll poll) {
        if (poll.underWay) {
            registration.submit(operation(IORING_OP_POLL_REMOVE, -1, poll.id, 0, (short) 0));
        }
    }

    @Override
    public void cancel() {
        release();
        registration.cancel();
    }

    @Override
    public void close() {
        listener.onLoopClosing();
        proceed(); // if a release was under way
    }

    private static IoUringIoOps operation(byte opcode, int fd, long address, int events, short userData) {
        return new IoUringIoOps(opcode, (byte) 0, (short) 0, fd, 0, address, 0, events, (long) userData, (short) 0, (short) 0, 0, 0);
    }
}
