package io.github.usertcp.handlers;

import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpTuple;

/**
 * What a {@link TcpConnectionHandler} fires as user events at the handlers above it: the channel may have been active long before its
 * connection is, and stays open until the farewell is over.
 */
public sealed interface TcpConnectionEvent {
    /** The handshake is complete. */
    record Connected(TcpTuple tuple) implements TcpConnectionEvent {
    }

    /**
     * The connection is over for its user: {@link CloseCause#NONE} after farewells in both directions, else what went wrong. Fired once.
     * The channel is closed when the connection has left TIME-WAIT.
     */
    record Closed(CloseCause cause) implements TcpConnectionEvent {
    }
}
