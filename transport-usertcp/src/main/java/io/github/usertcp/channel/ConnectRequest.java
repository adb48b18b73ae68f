package io.github.usertcp.channel;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.ConnectionOwner;
import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpConfig;
import java.net.BindException;
import java.net.NoRouteToHostException;

/**
 * Where a channel wants to connect to.
 *
 * @param local       source address, or the wildcard of the remote's family to let the link choose
 * @param localPort   source port, 0 for an ephemeral one
 * @param remotePort  TCP port; over UDP the peer's UDP port too
 */
record ConnectRequest(IpAddress local, int localPort, IpAddress remote, int remotePort, TcpConfig config) {

    /** Its SYN leaves when the connection is touched. On the stack's event loop. */
    StackConnection open(TcpStack stack, ConnectionOwner owner) throws BindException, NoRouteToHostException {
        // The swap-in mapping: a server on port P has UDP port P and TCP port P. A link on plain IP has no UDP ports.
        int remoteUdpPort = stack.link().udpPort() == 0 ? 0 : remotePort;
        return stack.connect(local, localPort, remote, remotePort, remoteUdpPort, config, owner);
    }
}
