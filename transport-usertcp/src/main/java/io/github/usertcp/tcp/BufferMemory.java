package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;

/** How much memory a buffer keeps alive: for a view, that of the buffer it looks into. */
final class BufferMemory {
    private BufferMemory() {
    }

    static int heldBy(ByteBuf buffer) {
        ByteBuf root = buffer;
        for (ByteBuf below = root.unwrap(); below != null; below = root.unwrap()) {
            root = below;
        }
        return Math.max(buffer.readableBytes(), root.capacity());
    }
}
