package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import java.net.InetSocketAddress;

/** Socket addresses of peers, so that not every datagram makes a new one. A fixed number of places; peers that meet in one take turns. */
final class PeerSockets {
    private static final int PLACES = 256;

    private final IpAddress[] addresses = new IpAddress[PLACES];
    private final InetSocketAddress[] sockets = new InetSocketAddress[PLACES];

    InetSocketAddress of(IpAddress address, int udpPort) {
        int place = address.hashCode() * 31 + udpPort & PLACES - 1;
        InetSocketAddress socket = sockets[place];
        if (socket == null || socket.getPort() != udpPort || !address.equals(addresses[place])) {
            socket = new InetSocketAddress(address.toInetAddress(), udpPort);
            sockets[place] = socket;
            addresses[place] = address;
        }
        return socket;
    }
}
