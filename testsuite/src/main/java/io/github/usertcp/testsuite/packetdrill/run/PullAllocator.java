package io.github.usertcp.testsuite.packetdrill.run;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/** Lets a channel's {@code read()} deliver one buffer of at most so many bytes, as the {@code read} system call asks. */
final class PullAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
    private int limit = 1;

    PullAllocator() {
        super(1);
    }

    void limit(int bytes) {
        limit = bytes;
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return limit;
            }
        };
    }
}
