package io.github.usertcp.testsuite.benchmark;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjDoubleConsumer;

/**
 * Short connections: connect, one byte there and back so that both sides have seen
 * it live, close by the client, the next. {@value #AT_A_TIME} of them at any time.
 */
final class Connects implements Workload {
    private static final int AT_A_TIME = 64;
    private static final long WARM_UP_MILLIS = 300;

    @Override
    public String name() {
        return "connects";
    }

    @Override
    public boolean needsConnections() {
        return true;
    }

    @Override
    public void run(Transport transport, Loops loops, Duration duration, ObjDoubleConsumer<Measure> results) throws InterruptedException {
        transport.listen(loops, EchoHandler::new);
        Chain chain = new Chain(transport);
        for (int i = 0; i < AT_A_TIME; i++) {
            chain.next();
        }
        Thread.sleep(WARM_UP_MILLIS);
        int startCount = chain.completed.get();
        long startNanos = System.nanoTime();
        Thread.sleep(duration.toMillis());
        double rate = (chain.completed.get() - startCount) / ((System.nanoTime() - startNanos) / 1e9);
        chain.running = false;
        chain.ended.acquire(AT_A_TIME);
        if (chain.failed.get() > 0) {
            System.err.println(transport.name() + ": " + chain.failed + " connection attempts failed, the last with " + chain.failure);
        }
        results.accept(Measure.CONNECTS, rate);
    }

    /** Connections one after the other. */
    private static final class Chain {
        private final Transport transport;
        private final AtomicInteger completed = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final Semaphore ended = new Semaphore(0);
        private volatile Throwable failure;
        private volatile boolean running = true;

        Chain(Transport transport) {
            this.transport = transport;
        }

        void next() {
            if (!running) {
                ended.release();
                return;
            }
            transport.connect(new OneByte(this)).addListener((Future<Channel> connected) -> {
                if (connected.isSuccess()) {
                    Channel channel = connected.getNow();
                    channel.writeAndFlush(Unpooled.directBuffer(1).writeByte(1), channel.voidPromise());
                } else {
                    failure = connected.cause();
                    failed.incrementAndGet();
                    next();
                }
            });
        }
    }

    private static final class OneByte extends ChannelInboundHandlerAdapter {
        private final Chain chain;

        OneByte(Chain chain) {
            this.chain = chain;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
            chain.transport.disconnect(ctx.channel());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            chain.completed.incrementAndGet();
            chain.next();
        }
    }
}
