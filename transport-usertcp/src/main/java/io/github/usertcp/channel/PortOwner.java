package io.github.usertcp.channel;

import io.github.usertcp.tcp.TcpTuple;

/**
 * What a {@link ConnectionPort} tells its channel, always on the channel's event loop. Any of these calls may end in the port being closed.
 */
interface PortOwner {
    /** The active open succeeded, or its SYN is about to leave and can take data along. Never called for accepted connections. */
    void onConnected(TcpTuple tuple);

    /** The active open failed; the port is closed already. */
    void onConnectFailed(Throwable cause);

    /** {@link ConnectionPort#writableBytes()}, which was 0 when last asked, is above it again. */
    void onWritable();

    /** There is something to read, or the input has ended, or the connection is gone. */
    void onInput();

    /** After {@link ConnectionPort#closeLingering()}: the peer has acknowledged everything, or the connection is gone. */
    void onFarewellDone();
}
