package io.github.usertcp.testsuite.netty;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;

/**
 * A host that takes datagrams and never answers, at the address the build gives to Netty's tests as {@code io.netty.testsuite.badHost}. Netty's
 * default, an address set aside for documentation, depends on how the network at hand treats such addresses.
 *
 * <p>It has a kernel TCP port too: Netty's test first tries a {@code java.net.Socket}, and skips itself if that is refused.
 */
final class SilentHost implements AutoCloseable {
    private final DatagramSocket neverRead;
    private final ServerSocket neverAccepted;

    SilentHost() throws IOException {
        InetSocketAddress address = new InetSocketAddress(
            System.getProperty("io.netty.testsuite.badHost"), Integer.getInteger("io.netty.testsuite.badPort"));
        // Two builds on one machine may need it at the same time, and can share it: neither answers.
        neverRead = new DatagramSocket(null);
        neverRead.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        neverRead.bind(address);
        neverAccepted = new ServerSocket();
        neverAccepted.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        neverAccepted.bind(address);
    }

    @Override
    public void close() throws IOException {
        neverRead.close();
        neverAccepted.close();
    }
}
