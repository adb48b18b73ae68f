package io.github.usertcp.tun;

import static io.github.usertcp.tun.ErrnoException.EACCES;
import static io.github.usertcp.tun.ErrnoException.EBADFD;
import static io.github.usertcp.tun.ErrnoException.EBUSY;
import static io.github.usertcp.tun.ErrnoException.EINVAL;
import static io.github.usertcp.tun.ErrnoException.ENODEV;
import static io.github.usertcp.tun.ErrnoException.ENOENT;
import static io.github.usertcp.tun.ErrnoException.ENXIO;
import static io.github.usertcp.tun.ErrnoException.EPERM;

import io.netty.channel.unix.Errors;
import java.io.IOException;

/** What the kernel says about TUN devices, in words that tell what to do. */
final class TunErrors {
    static final String PATH = "/dev/net/tun";

    private TunErrors() {
    }

    /** Why {@value #PATH} could not be opened. */
    static IOException opening(ErrnoException cause) {
        String advice = switch (cause.errno()) {
            case ENOENT, ENXIO, ENODEV ->
                "is missing: load the kernel module (modprobe tun), or give the container the device (--device " + PATH + ')';
            case EPERM, EACCES -> "may not be opened by this user: run as root, or have its permissions changed";
            default -> "cannot be opened (errno " + cause.errno() + ')';
        };
        return new IOException(PATH + ' ' + advice, cause);
    }

    /** Why a device of that name could not be made or attached to (TUNSETIFF). */
    static IOException attaching(String name, ErrnoException cause) {
        String advice = switch (cause.errno()) {
            case EPERM, EACCES -> "not permitted: run with CAP_NET_ADMIN, or let an administrator prepare the device"
                + " (ip tuntap add dev " + name + " mode tun user NAME) and open it with configure(false)";
            case EBUSY -> "in use by another process: stop that one, or choose another name";
            case EINVAL -> "no possible name, or the name of a device that is no TUN device or has other properties, such as a single queue"
                + " instead of several: choose another name, or make the device anew";
            default -> "cannot be made (errno " + cause.errno() + ')';
        };
        return new IOException("TUN device " + name + ": " + advice, cause);
    }

    /** Why a setting of the device was refused. */
    static IOException configuring(String name, String setting, ErrnoException cause) {
        String advice = switch (cause.errno()) {
            case EPERM, EACCES -> "not permitted: run with CAP_NET_ADMIN, or let an administrator set it and open the device with"
                + " configure(false)";
            case ENODEV -> "the device is gone, or has been moved to another network namespace";
            default -> "refused by the kernel (errno " + cause.errno() + ')';
        };
        return new IOException("TUN device " + name + ": " + setting + ": " + advice, cause);
    }

    /** The end of an open device, or null if it is only this packet that failed. */
    static IOException endOf(String name, IOException failure) {
        if (failure instanceof Errors.NativeIoException nativeFailure && nativeFailure.expectedErr() == -EBADFD) {
            return new IOException("TUN device " + name + " was deleted while in use: its connections are lost, open a link anew", failure);
        }
        return null;
    }
}
