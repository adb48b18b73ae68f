package io.github.usertcp.tun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A kernel that does whatever it is asked, unless it has been told to refuse. Notes the calls. */
final class FakeKernel implements Syscalls {
    static final long TUNSETIFF = 0x400454caL;
    static final long TUNSETOFFLOAD = 0x400454d0L;
    static final int IFF_VNET_HDR = 0x4000;

    final List<String> calls = new ArrayList<>();
    final List<Integer> openFiles = new ArrayList<>();
    private final Map<Long, Integer> refused = new HashMap<>();
    private boolean refusesVnetHeader;
    private int lastFile = 1000;
    private byte[] sent;
    /** What netlink answers to a request. */
    UnaryOperator<byte[]> netlink = request -> new byte[0];

    /** From now on that request of ioctl fails. */
    FakeKernel refuse(long request, int errno) {
        refused.put(request, errno);
        return this;
    }

    /** From now on TUNSETIFF fails if it asks for IFF_VNET_HDR. */
    FakeKernel refuseVnetHeader() {
        refusesVnetHeader = true;
        return this;
    }

    @Override
    public int open(String path, int flags) {
        openFiles.add(++lastFile);
        return lastFile;
    }

    @Override
    public void close(int fd) {
        openFiles.remove((Object) fd);
    }

    @Override
    public void ioctl(int fd, long request, byte[] argument) throws ErrnoException {
        int flags = request == TUNSETIFF ? ByteBuffer.wrap(argument).order(ByteOrder.nativeOrder()).getShort(TunDevice.IFREQ_VALUE) : 0;
        calls.add(request == TUNSETIFF ? "attach " + Integer.toHexString(flags & 0xFFFF) : Long.toHexString(request));
        if (refusesVnetHeader && (flags & IFF_VNET_HDR) != 0) {
            throw new ErrnoException("ioctl", ErrnoException.EINVAL, null);
        }
        answer(request);
    }

    @Override
    public void ioctl(int fd, long request, long argument) throws ErrnoException {
        calls.add(request == TUNSETOFFLOAD ? "offload " + Long.toHexString(argument) : Long.toHexString(request));
        answer(request);
    }

    private void answer(long request) throws ErrnoException {
        if (refused.containsKey(request)) {
            throw new ErrnoException("ioctl", refused.get(request), null);
        }
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        openFiles.add(++lastFile);
        return lastFile;
    }

    @Override
    public void send(int fd, byte[] bytes) {
        sent = bytes;
    }

    @Override
    public int receive(int fd, byte[] into) {
        byte[] answer = netlink.apply(sent);
        System.arraycopy(answer, 0, into, 0, answer.length);
        return answer.length;
    }
}
