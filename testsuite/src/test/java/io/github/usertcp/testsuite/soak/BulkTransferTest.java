package io.github.usertcp.testsuite.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Much data through trains and joined segments, as in production. The rest of the tests runs under leak tracking, whose buffers hide the memory they share, so
 * that payloads are never joined in place there.
 */
class BulkTransferTest {
    private static final long TOTAL_BYTES = 512L << 20;
    private static final int MAX_WRITE = 200_000;

    private final Level before = ResourceLeakDetector.getLevel();

    @BeforeEach
    void withoutLeakTracking() {
        ResourceLeakDetector.setLevel(Level.DISABLED);
    }

    @AfterEach
    void restoreLeakTracking() {
        ResourceLeakDetector.setLevel(before);
    }

    @Test
    void arrivesByteForByte() throws Exception {
        Promise<Long> received = GlobalEventExecutor.INSTANCE.newPromise();
        try (TwoStacks stacks = new TwoStacks(TcpConfig.defaults(), new Checksum(received))) {
            Channel client = stacks.bootstrap(new Silent()).connect().sync().channel();

            long sent = send(client);

            assertEquals(sent, received.get(60, TimeUnit.SECONDS), "checksum");
        }
    }

    /** Writes of all sizes, heap and direct, as fast as they go. */
    private static long send(Channel client) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        CRC32C checksum = new CRC32C();
        byte[] bytes = new byte[MAX_WRITE];
        long left = TOTAL_BYTES;
        while (left > 0) {
            int length = (int) Math.min(left, 1 + random.nextInt(MAX_WRITE));
            random.nextBytes(bytes);
            checksum.update(bytes, 0, length);
            ByteBuf data = random.nextBoolean() ? client.alloc().heapBuffer(length) : client.alloc().directBuffer(length);
            client.writeAndFlush(data.writeBytes(bytes, 0, length)).sync();
            left -= length;
        }
        return checksum.getValue();
    }

    private static final class Checksum extends SimpleChannelInboundHandler<ByteBuf> {
        private final CRC32C checksum = new CRC32C();
        private final Promise<Long> result;
        private long received;

        private Checksum(Promise<Long> result) {
            this.result = result;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) {
            received += data.readableBytes();
            checksum.update(data.nioBuffer());
            if (received == TOTAL_BYTES) {
                result.setSuccess(checksum.getValue());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            result.tryFailure(cause);
        }
    }
}
