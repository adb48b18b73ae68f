package io.github.usertcp.channel;

import io.github.usertcp.tcp.CloseCause;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;

/** The exceptions a kernel socket's user would see for what has happened to a connection. */
final class ConnectionErrors {
    private ConnectionErrors() {
    }

    /** Why connecting failed. */
    static IOException onConnect(CloseCause cause) {
        return switch (cause) {
            case UNREACHABLE, NETWORK_UNREACHABLE -> new NoRouteToHostException(cause.message());
            default -> new ConnectException(cause.message());
        };
    }

    /** What the reader of an established connection gets instead of more bytes. */
    static IOException onRead(CloseCause cause) {
        return new SocketException(cause.message());
    }

    /** What the writer gets: after an orderly end there is nobody to read it either. */
    static IOException onWrite(CloseCause cause) {
        return new SocketException(cause == CloseCause.NONE ? "Broken pipe" : cause.message());
    }
}
