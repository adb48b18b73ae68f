package io.github.usertcp.codec;

import io.netty.channel.CombinedChannelDuplexHandler;

/** {@link TcpDatagramDecoder} and {@link TcpDatagramEncoder} in one handler: segments above, datagrams below. */
public class TcpDatagramCodec extends CombinedChannelDuplexHandler<TcpDatagramDecoder, TcpDatagramEncoder> {
    /** A codec that sends zero for a TCP checksum and does not look at those it receives. */
    public TcpDatagramCodec() {
        this(false);
    }

    /**
     * A codec of which the caller chooses whether it fills in and verifies TCP checksums; see {@link TcpDatagramDecoder} and
     * {@link TcpDatagramEncoder} for what that asks of the addresses.
     */
    public TcpDatagramCodec(boolean checksums) {
        super(new TcpDatagramDecoder(checksums), new TcpDatagramEncoder(checksums));
    }

    /** What the decoder has thrown away. */
    public final DropCounters drops() {
        return inboundHandler().drops();
    }
}
