package io.github.usertcp.testsuite.benchmark;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjDoubleConsumer;

/** One connection, one direction, as fast as it goes: the writer writes whenever the channel is writable. */
final class BulkTransfer implements Workload {
    private static final int WRITE_BYTES = 64 << 10;
    private static final long WARM_UP_MILLIS = 500;
    private static final double MEGA = 1e6;

    @Override
    public String name() {
        return "bulk";
    }

    @Override
    public boolean needsConnections() {
        return false;
    }

    @Override
    public void run(Transport transport, Loops loops, Duration duration, ObjDoubleConsumer<Measure> results) throws InterruptedException {
        AtomicLong received = new AtomicLong();
        transport.listen(loops, () -> new Sink(received));
        Source source = new Source();
        Channel client = transport.connect(source).syncUninterruptibly().getNow();
        client.eventLoop().execute(() -> source.start(client));

        Thread.sleep(WARM_UP_MILLIS);
        long startBytes = received.get();
        long startAllocated = loops.allocatedBytes();
        long startNanos = System.nanoTime();
        Thread.sleep(duration.toMillis());
        double megabytes = (received.get() - startBytes) / MEGA;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double allocated = loops.allocatedBytes() - startAllocated;

        client.eventLoop().submit(source::stop).syncUninterruptibly();
        transport.disconnect(client);
        results.accept(Measure.BULK_GOODPUT, megabytes / seconds);
        results.accept(Measure.BULK_ALLOCATED, allocated / megabytes);
    }

    private static final class Source extends ChannelInboundHandlerAdapter {
        private final ByteBuf block = Unpooled.directBuffer(WRITE_BYTES).writeZero(WRITE_BYTES);
        private boolean running;

        void start(Channel channel) {
            running = true;
            fill(channel);
        }

        void stop() {
            running = false;
            block.release();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                fill(ctx.channel());
            }
        }

        private void fill(Channel channel) {
            while (running && channel.isWritable()) {
                channel.write(block.retainedDuplicate(), channel.voidPromise());
                if (!channel.isWritable()) {
                    channel.flush();
                }
            }
        }
    }

    private static final class Sink extends ChannelInboundHandlerAdapter {
        private final AtomicLong received;

        Sink(AtomicLong received) {
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            received.lazySet(received.get() + bytes.readableBytes());
            bytes.release();
        }

        /** The client leaves with bytes under way when the measurement is over: a reset, and no news. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
