package io.github.usertcp.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.stack.StackCounter;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client and a server, each with a stack on an event loop of its own, and a wire between them: everything in the test's thread and in virtual
 * time. Channels live on their stack's event loop, or, if {@code crossing}, on a third and a fourth one.
 */
final class TwoHosts implements AutoCloseable {
    static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.2", 8007);
    /** An address nobody has. */
    static final InetSocketAddress NOBODY = new InetSocketAddress("10.0.0.3", 8007);

    final List<String> segments = new ArrayList<>();
    final MockTicker ticker = Ticker.newMockTicker();
    final ManualIoEventLoop clientLoop;
    final ManualIoEventLoop serverLoop;
    final TcpStack client;
    final TcpStack server;
    private final List<ManualIoEventLoop> loops = new ArrayList<>();
    private final Wire[] wires = Wire.pair(segments);

    TwoHosts(boolean crossing) {
        this(crossing, TcpConfig.defaults());
    }

    TwoHosts(boolean crossing, TcpConfig config) {
        ManualIoEventLoop clientStackLoop = newLoop();
        ManualIoEventLoop serverStackLoop = newLoop();
        clientLoop = crossing ? newLoop() : clientStackLoop;
        serverLoop = crossing ? newLoop() : serverStackLoop;
        client = TcpStack.builder().link(wires[0]).config(config).open(clientStackLoop).getNow();
        server = TcpStack.builder().link(wires[1]).config(config).open(serverStackLoop).getNow();
    }

    private ManualIoEventLoop newLoop() {
        ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), context -> new NoIo(), ticker);
        loops.add(loop);
        return loop;
    }

    Bootstrap bootstrap() {
        return new Bootstrap().group(clientLoop).channelFactory(UserTcpChannels.clients(client)).remoteAddress(SERVER);
    }

    ServerBootstrap serverBootstrap() {
        return new ServerBootstrap().group(serverLoop).channelFactory(UserTcpChannels.servers(server)).localAddress(SERVER);
    }

    /** Runs until everything is done that can be done now, and gives the future back for its result. */
    ChannelFuture done(ChannelFuture future) {
        run();
        return future.syncUninterruptibly();
    }

    void run() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (ManualIoEventLoop loop : loops) {
                busy |= loop.runNow() > 0;
            }
            for (Wire wire : wires) {
                busy |= wire.deliver();
            }
        }
    }

    void advance(long millis) {
        ticker.advance(millis, TimeUnit.MILLISECONDS);
        run();
    }

    /** Whether a segment whose text contains {@code text} was sent since {@code from}. */
    boolean sent(int from, String text) {
        return segments.subList(from, segments.size()).stream().anyMatch(segment -> segment.contains(text));
    }

    /** Ends stacks and connections. The event loops need no end: they have no thread and no socket. */
    @Override
    public void close() {
        client.close();
        server.close();
        run();
        assertEquals(0, client.stats().get(StackCounter.INTERNAL_ERRORS), "defects met on the client");
        assertEquals(0, server.stats().get(StackCounter.INTERNAL_ERRORS), "defects met on the server");
    }

    /** Nothing to wait for: segments come from {@link Wire}. */
    private static final class NoIo implements IoHandler {
        @Override
        public int run(IoHandlerContext context) {
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {
            // never asleep
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return false;
        }
    }
}
