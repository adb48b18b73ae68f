package io.github.usertcp.tun;

import java.io.IOException;

/** The few calls of the kernel that neither the JDK nor Netty makes for us. None blocks for long. */
interface Syscalls {
    /** Flags of {@link #open}. */
    int O_RDWR = 2;
    int O_NONBLOCK = 0x800;
    int O_CLOEXEC = 0x80000;

    int open(String path, int flags) throws ErrnoException;

    void close(int fd) throws ErrnoException;

    /** With an argument that the kernel reads and may change. */
    void ioctl(int fd, long request, byte[] argument) throws ErrnoException;

    void ioctl(int fd, long request, long argument) throws ErrnoException;

    int socket(int domain, int type, int protocol) throws ErrnoException;

    void send(int fd, byte[] bytes) throws ErrnoException;

    /** Returns how many bytes came. */
    int receive(int fd, byte[] into) throws ErrnoException;

    /**
     * Those of this process.
     *
     * @throws IOException  without JNA, or where JNA does not run
     */
    static Syscalls load() throws IOException {
        try {
            return new JnaSyscalls();
        } catch (LinkageError e) {
            throw new IOException("TUN devices need JNA and Linux: put net.java.dev.jna:jna on the class path (" + e + ')', e);
        }
    }
}
