package io.github.usertcp.tun;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One queue of a TUN device, open. A device that does not exist is made, which takes CAP_NET_ADMIN, and goes with the last of its
 * queues; one that an administrator has prepared stays, and may be opened by the user it was made for.
 *
 * <p>With <em>offload</em> every packet has a {@link VirtioNetHeader} in front, may be as large as 64 KiB, and may lack its checksum
 * (IFF_VNET_HDR, TUNSETOFFLOAD; Linux 2.6.27).
 */
public final class TunDevice {
    /** Longest name, in bytes (IFNAMSIZ less the zero at the end). */
    public static final int MAX_NAME_LENGTH = 15;

    /** {@code struct ifreq} (netdevice(7)): the name, then a value of whatever type. */
    static final int IFREQ_LENGTH = 40;
    static final int IFREQ_VALUE = 16;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final short IFF_TUN = 0x0001;
    private static final short IFF_MULTI_QUEUE = 0x0100;
    private static final short IFF_NO_PI = 0x1000;
    private static final short IFF_VNET_HDR = 0x4000;
    private static final int TUN_F_CSUM = 0x01;
    private static final int TUN_F_TSO4 = 0x02;
    private static final int TUN_F_TSO6 = 0x04;
    private static final int TUN_F_TSO_ECN = 0x08;

    private final FileDescriptor fd;
    private final String name;
    private final boolean offload;

    /** A queue that is open already. */
    TunDevice(int fd, String name, boolean offload) {
        this.fd = new FileDescriptor(fd);
        this.name = name;
        this.offload = offload;
    }

    /**
     * Opens a queue of the device with that name.
     *
     * @param name        at most {@value #MAX_NAME_LENGTH} bytes; {@code %d} in it has the kernel choose a number
     * @param multiQueue  true if the device has, or is to have, several queues, each opened by a call of this method; the kernel
     *     keeps a flow on the queue that last wrote to it. All of them have offload, or none: it is the device's
     * @param offload     true to ask for offload; {@link #hasOffload()} tells whether the kernel granted it
     * @throws IOException  if there is no device, no privilege, or somebody else has it; the message says what to do
     */
    public static TunDevice open(String name, boolean multiQueue, boolean offload) throws IOException {
        return open(Syscalls.load(), name, multiQueue, offload);
    }

    /** Likewise, by those system calls. */
    static TunDevice open(Syscalls syscalls, String name, boolean multiQueue, boolean offload) throws IOException {
        checkName(name);
        if (offload) {
            try {
                return openQueue(syscalls, name, multiQueue, true);
            } catch (OffloadRefusedException ignored) {
                // The plain path works everywhere.
            }
        }
        return openQueue(syscalls, name, multiQueue, false);
    }

    static void checkName(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: 1 to " + MAX_NAME_LENGTH + " bytes)");
        }
    }

    /** The name, with what the kernel put in for {@code %d}. */
    public String name() {
        return name;
    }

    /** Whether each packet has a {@link VirtioNetHeader} in front. */
    public boolean hasOffload() {
        return offload;
    }

    /** Gives the queue back. A {@link TunChannel} that was made of it does that itself when it is closed. */
    public void close() throws IOException {
        fd.close();
    }

    /** Its descriptor, for reading and writing packets without a channel; non-blocking. It stays the device's, which closes it. */
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public String toString() {
        return "tun " + name;
    }

    private static TunDevice openQueue(Syscalls syscalls, String name, boolean multiQueue, boolean offload) throws IOException {
        int fd;
        try {
            fd = syscalls.open(TunErrors.PATH, Syscalls.O_RDWR | Syscalls.O_NONBLOCK | Syscalls.O_CLOEXEC);
        } catch (ErrnoException e) {
            throw TunErrors.opening(e);
        }
        boolean opened = false;
        try {
            String actualName = attach(syscalls, fd, name, multiQueue, offload);
            if (offload) {
                turnOffloadOn(syscalls, fd);
            } else {
                turnOffloadOff(syscalls, fd);
            }
            opened = true;
            return new TunDevice(fd, actualName, offload);
        } finally {
            if (!opened) {
                syscalls.close(fd);
            }
        }
    }

    private static String attach(Syscalls syscalls, int fd, String name, boolean multiQueue, boolean offload) throws IOException {
        byte[] request = new byte[IFREQ_LENGTH];
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, request, 0, bytes.length);
        int flags = IFF_TUN | IFF_NO_PI | (multiQueue ? IFF_MULTI_QUEUE : 0) | (offload ? IFF_VNET_HDR : 0);
        ByteBuffer.wrap(request).order(ByteOrder.nativeOrder()).putShort(IFREQ_VALUE, (short) flags);
        try {
            syscalls.ioctl(fd, TUNSETIFF, request);
        } catch (ErrnoException e) {
            if (offload && e.errno() == ErrnoException.EINVAL) {
                // A kernel that knows no IFF_VNET_HDR says so; if it is something else, the plain path will hear it again.
                throw new OffloadRefusedException(e);
            }
            throw TunErrors.attaching(name, e);
        }
        int length = 0;
        while (request[length] != 0) {
            length++;
        }
        return new String(request, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * TUN_F_TSO_ECN: otherwise the kernel would cut what it sends us on connections with ECN while CWR is set. All or nothing: Linux has
     * all four since it has any of them.
     */
    private static void turnOffloadOn(Syscalls syscalls, int fd) throws OffloadRefusedException {
        try {
            byte[] headerLength = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(VirtioNetHeader.LENGTH).array();
            syscalls.ioctl(fd, TUNSETVNETHDRSZ, headerLength);
            syscalls.ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN);
        } catch (ErrnoException e) {
            throw new OffloadRefusedException(e);
        }
    }

    /**
     * A device that outlives its queues keeps the offload it had with the last of them, and would go on sending packets of 64 KiB without
     * checksums, now without a header that says so.
     */
    private static void turnOffloadOff(Syscalls syscalls, int fd) {
        try {
            syscalls.ioctl(fd, TUNSETOFFLOAD, 0);
        } catch (ErrnoException ignored) {
            // A kernel that does not know offload has not turned it on either.
        }
    }

    /** The kernel knows the device but not its offload. */
    private static final class OffloadRefusedException extends IOException {
        private static final long serialVersionUID = 1;

        OffloadRefusedException(Throwable cause) {
            super("offload refused", cause);
        }
    }
}
