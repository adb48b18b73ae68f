package io.github.usertcp.channel;

import io.github.usertcp.codec.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** Checks and conversions of what users call an address. Exceptions are those of {@code java.nio.channels.SocketChannel}. */
final class SocketAddresses {
    private SocketAddresses() {
    }

    static InetSocketAddress checkLocal(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return inet;
    }

    /** The wildcard means this host, as it does for kernel sockets. */
    static InetSocketAddress checkRemote(SocketAddress address) {
        InetSocketAddress inet = checkLocal(address);
        if (!inet.getAddress().isAnyLocalAddress()) {
            return inet;
        }
        boolean v4 = IpAddress.of(inet.getAddress()).isV4();
        return new InetSocketAddress(IpAddress.parse(v4 ? "127.0.0.1" : "::1").toInetAddress(), inet.getPort());
    }

    /** Where to connect from: the address bound to, and the wildcard of the remote's family if that is none in particular. */
    static InetSocketAddress source(InetSocketAddress bound, InetSocketAddress remote) {
        if (bound != null && !bound.getAddress().isAnyLocalAddress()) {
            return bound;
        }
        InetAddress wildcard = IpAddress.of(remote.getAddress()).wildcard().toInetAddress();
        return new InetSocketAddress(wildcard, bound == null ? 0 : bound.getPort());
    }
}
