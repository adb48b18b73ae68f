package io.github.usertcp.link;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Payload that holds less than a quarter of the memory it keeps alive is copied to a buffer of its own size. */
final class PayloadWaste {
    private static final int MAX_WASTE = 4;

    private PayloadWaste() {
    }

    /** The segment, with a payload of its own if need be. */
    static TcpSegment avoid(TcpSegment segment, ByteBufAllocator alloc) {
        ByteBuf payload = segment.payload();
        if (payload.isReadable() && payload.readableBytes() < memoryHeld(payload) / MAX_WASTE) {
            segment.payload(alloc.directBuffer(payload.readableBytes()).writeBytes(payload));
            payload.release();
        }
        return segment;
    }

    private static int memoryHeld(ByteBuf payload) {
        ByteBuf root = payload;
        for (ByteBuf below = root.unwrap(); below != null; below = root.unwrap()) {
            root = below;
        }
        return root.capacity();
    }
}
