package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** An endless stream of zeros, in writes of 64 KiB. */
final class Zeros {
    private static final int WRITE_BYTES = 64 << 10;

    private final ByteBuf block = Unpooled.directBuffer(WRITE_BYTES).writeZero(WRITE_BYTES);

    /** Writes and flushes until the channel takes no more. */
    void fill(Channel channel) {
        while (channel.isWritable()) {
            channel.write(block.retainedDuplicate(), channel.voidPromise());
            if (!channel.isWritable()) {
                channel.flush();
            }
        }
    }

    void release() {
        block.release();
    }
}
