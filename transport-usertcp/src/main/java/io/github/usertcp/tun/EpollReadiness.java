package io.github.usertcp.tun;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.Executor;

/** {@link Readiness} by epoll, level-triggered. */
final class EpollReadiness implements Readiness, EpollIoHandle {
    private final FileDescriptor fd;
    private final Listener listener;
    private IoRegistration registration;
    /** Never without EPOLLERR, because Netty's handler cannot bring back a handle that asked for nothing. */
    private EpollIoOps ops = EpollIoOps.EPOLLERR;

    EpollReadiness(FileDescriptor fd, Listener listener) {
        this.fd = fd;
        this.listener = listener;
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void start(IoRegistration accepted) {
        registration = accepted;
    }

    @Override
    public void wantReads(boolean wanted) {
        submit(wanted ? ops.with(EpollIoOps.EPOLLIN) : ops.without(EpollIoOps.EPOLLIN));
    }

    @Override
    public void wantWrites(boolean wanted) {
        submit(wanted ? ops.with(EpollIoOps.EPOLLOUT) : ops.without(EpollIoOps.EPOLLOUT));
    }

    private void submit(EpollIoOps wanted) {
        if (registration.isValid() && !wanted.equals(ops)) {
            ops = wanted;
            registration.submit(wanted);
        }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        EpollIoOps ready = ((EpollIoEvent) event).ops();
        if (ready.contains(EpollIoOps.EPOLLOUT)) {
            listener.onWritable();
        }
        if (ready.contains(EpollIoOps.EPOLLIN) || ready.contains(EpollIoOps.EPOLLERR)) {
            listener.onReadable();
        }
    }

    @Override
    public Executor release() {
        return null;
    }

    @Override
    public void cancel() {
        registration.cancel();
    }

    @Override
    public void close() {
        listener.onLoopClosing();
    }
}
