package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import java.util.List;

/**
 * Turns each inbound {@link ByteBuf}, which holds one TCP segment from its header on, into a {@link TcpSegment}. The payload is a
 * retained slice. What is no segment is released and {@linkplain #drops() counted}; nothing the network sends makes this handler
 * throw.
 */
public class TcpSegmentDecoder extends MessageToMessageDecoder<ByteBuf> {
    private final IpAddress local;
    private final IpAddress remote;
    private final boolean verifyChecksums;
    private final DropCounters drops = new DropCounters();

    /** A decoder that does not look at checksums and leaves the addresses {@code 0.0.0.0}. */
    public TcpSegmentDecoder() {
        super(ByteBuf.class);
        local = IpAddress.ANY_V4;
        remote = IpAddress.ANY_V4;
        verifyChecksums = false;
    }

    /** A decoder that sets these addresses and drops segments whose checksum, which covers them, is wrong. */
    public TcpSegmentDecoder(IpAddress local, IpAddress remote) {
        super(ByteBuf.class);
        this.local = local;
        this.remote = remote;
        verifyChecksums = true;
    }

    /** What this decoder has thrown away. */
    public final DropCounters drops() {
        return drops;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf message, List<Object> out) {
        int index = message.readerIndex();
        int length = message.readableBytes();
        TcpSegment segment = new TcpSegment().source(remote, 0).destination(local, 0);
        DropReason reason = TcpHeaderReader.read(message, index, length, segment);
        if (reason == null && verifyChecksums && !TcpChecksum.isValid(message, index, length, remote, local)) {
            segment.release();
            reason = DropReason.BAD_CHECKSUM;
        }
        if (reason == null) {
            out.add(segment);
        } else {
            drops.increment(reason);
        }
    }
}
