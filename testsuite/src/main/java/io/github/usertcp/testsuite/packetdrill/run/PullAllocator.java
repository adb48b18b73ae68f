package io.github.usertcp.testsuite.packetdrill.run;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Lets a channel's {@code read()} deliver at most so many bytes, in as many buffers as they are in, as the system call asks. */
final class PullAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
    private int limit = 1;

    void limit(int bytes) {
        limit = bytes;
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return limit - totalBytesRead();
            }

            @Override
            public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
                return totalBytesRead() < limit && maybeMore.get();
            }
        };
    }
}
