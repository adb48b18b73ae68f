package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.ChannelPromise;

/** Where packets go that have come through an {@link ImpairedPath}, on its event loop. */
interface PacketExit {
    /**
     * A packet arrives. Ownership passes.
     *
     * @param promise  to be completed when it is sent, or null if nobody asks
     */
    void leave(TcpSegment packet, ChannelPromise promise, long nowNanos);

    /** Those were all that were held back until now: time to flush them, or to have them answered. */
    void lateComplete(long nowNanos);
}
