package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the Linux kernel knows of a path: the MTU of the route and its device, and what ICMP messages have said that it took for itself. It
 * tells a connected socket, so a throw-away one is connected, which sends nothing. Takes the classes and the library of a native transport.
 */
final class KernelPathMtu {
    private static final Logger LOG = LoggerFactory.getLogger(KernelPathMtu.class);
    /** Names and numbers of Linux, in.h and in6.h. */
    private static final int IPPROTO_IP = 0;
    private static final int IP_MTU = 14;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_MTU = 24;
    /** Any port will do. */
    private static final int DISCARD_PORT = 9;

    private KernelPathMtu() {
    }

    /** In bytes of an IP packet from the address {@code bound}, the wildcard for any; {@link Integer#MAX_VALUE} if it does not tell. */
    static int ask(IpAddress remote, IpAddress bound) {
        return ask(remote, bound, Socket::newSocketDgram);
    }

    /** {@code sockets} throws what Netty does: an unchecked exception when there are no descriptors left, say. */
    static int ask(IpAddress remote, IpAddress bound, Supplier<Socket> sockets) {
        try {
            Socket socket = sockets.get();
            try {
                return ask(remote, bound, socket);
            } finally {
                socket.close();
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the path MTU to {} is not known", remote, e); // connections live on without
            return Integer.MAX_VALUE;
        }
    }

    private static int ask(IpAddress remote, IpAddress bound, Socket socket) throws IOException {
        if (!bound.isAny()) {
            socket.bind(new InetSocketAddress(bound.toInetAddress(), 0));
        }
        socket.connect(new InetSocketAddress(remote.toInetAddress(), DISCARD_PORT));
        return remote.isV4() ? socket.getIntOpt(IPPROTO_IP, IP_MTU) : socket.getIntOpt(IPPROTO_IPV6, IPV6_MTU);
    }
}
