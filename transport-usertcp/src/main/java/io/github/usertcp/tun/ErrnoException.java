package io.github.usertcp.tun;

import java.io.IOException;

/** A system call failed. */
final class ErrnoException extends IOException {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ENXIO = 6;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    /** What a TUN file descriptor says once its device is gone. */
    static final int EBADFD = 77;

    private static final long serialVersionUID = 1;

    private final int errno;

    ErrnoException(String call, int errno, Throwable cause) {
        super(call + ": errno " + errno, cause);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
