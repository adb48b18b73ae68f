package io.github.usertcp.tun;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;

/** {@link Syscalls} by JNA; the only class that knows it. */
final class JnaSyscalls implements Syscalls {
    private final LibC libc = Native.load("c", LibC.class);

    /** The C library. Public because JNA implements it from outside. */
    public interface LibC extends Library {
        int open(String path, int flags) throws LastErrorException;

        int close(int fd) throws LastErrorException;

        int ioctl(int fd, NativeLong request, Object... argument) throws LastErrorException;

        int socket(int domain, int type, int protocol) throws LastErrorException;

        NativeLong send(int fd, byte[] bytes, NativeLong length, int flags) throws LastErrorException;

        NativeLong recv(int fd, byte[] bytes, NativeLong length, int flags) throws LastErrorException;
    }

    @Override
    public int open(String path, int flags) throws ErrnoException {
        try {
            return libc.open(path, flags);
        } catch (LastErrorException e) {
            throw new ErrnoException("open", e.getErrorCode(), e);
        }
    }

    @Override
    public void close(int fd) throws ErrnoException {
        try {
            libc.close(fd);
        } catch (LastErrorException e) {
            throw new ErrnoException("close", e.getErrorCode(), e);
        }
    }

    @Override
    public void ioctl(int fd, long request, byte[] argument) throws ErrnoException {
        callIoctl(fd, request, argument);
    }

    @Override
    public void ioctl(int fd, long request, long argument) throws ErrnoException {
        callIoctl(fd, request, new NativeLong(argument));
    }

    private void callIoctl(int fd, long request, Object argument) throws ErrnoException {
        try {
            libc.ioctl(fd, new NativeLong(request), argument);
        } catch (LastErrorException e) {
            throw new ErrnoException("ioctl " + Long.toHexString(request), e.getErrorCode(), e);
        }
    }

    @Override
    public int socket(int domain, int type, int protocol) throws ErrnoException {
        try {
            return libc.socket(domain, type, protocol);
        } catch (LastErrorException e) {
            throw new ErrnoException("socket", e.getErrorCode(), e);
        }
    }

    @Override
    public void send(int fd, byte[] bytes) throws ErrnoException {
        try {
            libc.send(fd, bytes, new NativeLong(bytes.length), 0);
        } catch (LastErrorException e) {
            throw new ErrnoException("send", e.getErrorCode(), e);
        }
    }

    @Override
    public int receive(int fd, byte[] into) throws ErrnoException {
        try {
            return libc.recv(fd, into, new NativeLong(into.length), 0).intValue();
        } catch (LastErrorException e) {
            throw new ErrnoException("recv", e.getErrorCode(), e);
        }
    }
}
