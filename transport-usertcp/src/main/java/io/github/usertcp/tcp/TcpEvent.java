package io.github.usertcp.tcp;

/**
 * What {@link TcpConnection#pollEvent()} reports. Events are flags, not a history: each is reported once until it happens again, and in
 * the order of this list.
 */
public enum TcpEvent {
    /** The handshake is complete; data may flow both ways. */
    CONNECTED,
    /** {@link TcpConnection#read} has bytes. */
    READABLE,
    /** Written bytes have been acknowledged, or the send buffer has grown: look at {@link TcpConnection#writableBytes()} again. */
    WRITABLE,
    /** The peer's FIN stands right behind the last readable byte: after reading those, the stream has ended. */
    END_OF_INPUT,
    /** The connection is gone from the user's point of view; {@link TcpConnection#closeCause()} says why. Reported last, and once. */
    CLOSED
}
