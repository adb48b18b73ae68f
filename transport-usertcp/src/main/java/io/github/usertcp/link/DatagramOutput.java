package io.github.usertcp.link;

import io.github.usertcp.codec.TcpSegment;

/** The way out of a {@link UdpLink}: cuts segments and makes datagrams of them. */
interface DatagramOutput {
    /** Writes a segment, which stays the caller's. */
    void write(TcpSegment segment);

    /** Sends what is written. */
    void flush();

    /** Forgets what is not sent. Nothing is written afterwards. */
    void release();
}
