package io.github.usertcp.tun;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpPrefix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Sets a device's MTU, addresses and routes by rtnetlink (rtnetlink(7)): what {@code ip link}, {@code ip address} and {@code ip
 * route} do, without a program. Takes CAP_NET_ADMIN. One request at a time, each answered by the kernel at once.
 *
 * <pre>
 *   request   nlmsghdr (16 bytes)  |  ifinfomsg, ifaddrmsg or rtmsg  |  attributes, each: length, type, value, padded to 4 bytes
 *   answer    nlmsghdr             |  error: 0, or the errno negative
 * </pre>
 */
public final class RouteNetlink implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;

    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFINDEX = 0x8933;

    private static final int HEADER_LENGTH = 16;
    private static final short NLMSG_ERROR = 2;
    private static final short RTM_NEWLINK = 16;
    private static final short RTM_NEWADDR = 20;
    private static final short RTM_NEWROUTE = 24;
    private static final int NLM_F_REQUEST_ACK = 0x1 | 0x4;
    private static final int NLM_F_CREATE_REPLACE = 0x400 | 0x100;

    private static final int IFF_UP = 1;
    private static final short IFLA_MTU = 4;
    private static final short IFA_ADDRESS = 1;
    private static final short IFA_LOCAL = 2;
    /** Usable at once: on a device of ours nobody can have the same address. */
    private static final int IFA_F_NODAD = 0x02;
    private static final short RTA_DST = 1;
    private static final short RTA_OIF = 4;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RTPROT_STATIC = 4;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;

    private final Syscalls syscalls;
    private final String device;
    private final int index;
    private final int socket;
    private int sequence;
    private boolean closed;

    /**
     * For settings of one device.
     *
     * @param device  its name, 1 to {@value TunDevice#MAX_NAME_LENGTH} bytes
     * @throws IOException  without JNA, or if there is no such device
     */
    public RouteNetlink(String device) throws IOException {
        this(Syscalls.load(), device);
    }

    /** Likewise, by those system calls. */
    RouteNetlink(Syscalls syscalls, String device) throws IOException {
        TunDevice.checkName(device);
        this.syscalls = syscalls;
        this.device = device;
        try {
            socket = syscalls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
        } catch (ErrnoException e) {
            throw TunErrors.configuring(device, "netlink socket", e);
        }
        try {
            index = ask(SIOCGIFINDEX, "number");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The largest packet that goes through the device, in bytes. */
    public int mtu() throws IOException {
        return ask(SIOCGIFMTU, "mtu");
    }

    /** Sets the largest packet that goes through the device, in bytes. */
    public void mtu(int bytes) throws IOException {
        ByteBuffer request = link(0).putShort((short) 8).putShort(IFLA_MTU).putInt(bytes);
        call(request, "mtu " + bytes);
    }

    /** Lets packets through. */
    public void up() throws IOException {
        call(link(IFF_UP), "up");
    }

    /** Gives the kernel an address on the device, and with it a route to its network. One that is there already is left as it is. */
    public void address(IpPrefix prefix) throws IOException {
        ByteBuffer request = request(RTM_NEWADDR, NLM_F_REQUEST_ACK | NLM_F_CREATE_REPLACE);
        request.put((byte) family(prefix.address())).put((byte) prefix.length()).put((byte) IFA_F_NODAD).put((byte) RT_SCOPE_UNIVERSE)
            .putInt(index);
        attribute(request, IFA_LOCAL, prefix.address());
        attribute(request, IFA_ADDRESS, prefix.address());
        call(request, "address " + prefix);
    }

    /** Has the kernel send packets to a network through the device, which has to be up. */
    public void route(IpPrefix destination) throws IOException {
        boolean v4 = destination.address().isV4();
        ByteBuffer request = request(RTM_NEWROUTE, NLM_F_REQUEST_ACK | NLM_F_CREATE_REPLACE);
        request.put((byte) family(destination.address())).put((byte) destination.length()).put((byte) 0).put((byte) 0)
            .put((byte) RT_TABLE_MAIN).put((byte) RTPROT_STATIC).put((byte) (v4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE))
            .put((byte) RTN_UNICAST).putInt(0);
        attribute(request, RTA_DST, destination.network());
        request.putShort((short) 8).putShort(RTA_OIF).putInt(index);
        call(request, "route " + destination);
    }

    /** A second call does nothing: the descriptor's number may be somebody else's by then. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            syscalls.close(socket);
        }
    }

    /** The old way to ask, which every socket of any kind understands (netdevice(7)). */
    private int ask(long request, String setting) throws IOException {
        ByteBuffer ifreq = ByteBuffer.allocate(TunDevice.IFREQ_LENGTH).order(ByteOrder.nativeOrder());
        ifreq.put(device.getBytes(StandardCharsets.UTF_8));
        try {
            syscalls.ioctl(socket, request, ifreq.array());
        } catch (ErrnoException e) {
            throw TunErrors.configuring(device, setting, e);
        }
        return ifreq.getInt(TunDevice.IFREQ_VALUE);
    }

    private ByteBuffer link(int flags) {
        ByteBuffer request = request(RTM_NEWLINK, NLM_F_REQUEST_ACK);
        return request.putShort((short) 0).putShort((short) 0).putInt(index).putInt(flags).putInt(flags);
    }

    private ByteBuffer request(short type, int flags) {
        ByteBuffer request = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
        return request.putInt(0).putShort(type).putShort((short) flags).putInt(++sequence).putInt(0);
    }

    private static void attribute(ByteBuffer request, short type, IpAddress address) {
        byte[] bytes = address.toInetAddress().getAddress();
        request.putShort((short) (4 + bytes.length)).putShort(type).put(bytes);
    }

    private static int family(IpAddress address) {
        return address.isV4() ? AF_INET : AF_INET6;
    }

    private void call(ByteBuffer request, String setting) throws IOException {
        byte[] bytes = new byte[request.position()];
        request.putInt(0, bytes.length).flip().get(bytes);
        try {
            syscalls.send(socket, bytes);
            byte[] answer = new byte[1024];
            int length = syscalls.receive(socket, answer);
            int error = errorIn(ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder()));
            if (error != 0) {
                throw new ErrnoException("netlink", error, null);
            }
        } catch (ErrnoException e) {
            throw TunErrors.configuring(device, setting, e);
        }
    }

    /** The errno that answers the last request, 0 for success. */
    private int errorIn(ByteBuffer answer) throws IOException {
        boolean answers = answer.remaining() >= HEADER_LENGTH + 4 && answer.getShort(4) == NLMSG_ERROR && answer.getInt(8) == sequence;
        if (!answers) {
            throw new IOException("TUN device " + device + ": the kernel has answered something else than was asked, "
                + answer.remaining() + " bytes: the setting may not have been made");
        }
        return -answer.getInt(HEADER_LENGTH);
    }
}
