package io.github.usertcp.tcp;

import io.github.usertcp.codec.IpAddress;

/**
 * Identifies a connection: both addresses, both TCP ports, and over UDP the peer's UDP port too, because a segment that comes from
 * another UDP port is not the connection's own. {@code remoteUdpPort} is 0 on plain IP.
 */
public record TcpTuple(IpAddress localAddress, int localPort, IpAddress remoteAddress, int remotePort, int remoteUdpPort) {
    public TcpTuple {
        checkPort("localPort", localPort, 1);
        checkPort("remotePort", remotePort, 1);
        checkPort("remoteUdpPort", remoteUdpPort, 0);
    }

    /** On plain IP. */
    public TcpTuple(IpAddress localAddress, int localPort, IpAddress remoteAddress, int remotePort) {
        this(localAddress, localPort, remoteAddress, remotePort, 0);
    }

    private static void checkPort(String name, int port, int min) {
        if (port < min || port > 65_535) {
            throw new IllegalArgumentException(name + ": " + port + " (expected: " + min + " to 65535)");
        }
    }

    @Override
    public String toString() {
        return localAddress + ":" + localPort + " > " + remoteAddress + ":" + remotePort;
    }
}
