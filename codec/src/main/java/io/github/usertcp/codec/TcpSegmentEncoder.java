package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.util.List;

/**
 * Turns each outbound {@link TcpSegment} into one {@link ByteBuf}, header and payload, or one for each piece of a super-segment.
 * The promise of the write is done when the last of them is.
 */
@ChannelHandler.Sharable
public class TcpSegmentEncoder extends MessageToMessageEncoder<TcpSegment> {
    private final IpAddress local;
    private final IpAddress remote;

    /** An encoder that leaves the checksum zero. */
    public TcpSegmentEncoder() {
        this(null, null);
    }

    /** An encoder that fills in the checksum, which covers these addresses, whatever the segment's own are. */
    public TcpSegmentEncoder(IpAddress local, IpAddress remote) {
        super(TcpSegment.class);
        this.local = local;
        this.remote = remote;
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, TcpSegment segment, List<Object> out) {
        boolean checksum = local != null;
        if (checksum) {
            segment.source(local, segment.sourcePort()).destination(remote, segment.destinationPort());
        }
        int pieces = SegmentSplitter.pieceCount(segment);
        for (int i = 0; i < pieces; i++) {
            ByteBuf bytes = ctx.alloc().buffer(SegmentSplitter.pieceLength(segment));
            SegmentSplitter.writePieces(segment, i, 1, bytes, checksum);
            out.add(bytes);
        }
    }
}
