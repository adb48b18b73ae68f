package io.github.usertcp.codec;

import io.netty.channel.CombinedChannelDuplexHandler;

/** {@link TcpSegmentDecoder} and {@link TcpSegmentEncoder} in one handler: segments above, bytes below. */
public class TcpSegmentCodec extends CombinedChannelDuplexHandler<TcpSegmentDecoder, TcpSegmentEncoder> {
    /** A codec that sends zero for a checksum and does not look at those it receives. */
    public TcpSegmentCodec() {
        super(new TcpSegmentDecoder(), new TcpSegmentEncoder());
    }

    /** A codec that fills in and verifies checksums between these addresses. */
    public TcpSegmentCodec(IpAddress local, IpAddress remote) {
        super(new TcpSegmentDecoder(local, remote), new TcpSegmentEncoder(local, remote));
    }

    /** What the decoder has thrown away. */
    public final DropCounters drops() {
        return inboundHandler().drops();
    }
}
