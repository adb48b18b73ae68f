package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjDoubleConsumer;

/**
 * Kernel client and kernel server, each in a namespace behind a TUN device without offload, and in between a relay in Java: what it
 * reads from one device it writes into the other, packet by packet, by Netty's {@link FileDescriptor}, with a thread for each direction.
 * No TCP of ours takes part; what the kernel reaches with its own at both ends is what raw reads and writes are good for.
 */
final class RawRelay implements Contender {
    static final String NAME = "kernel, raw TUN relay";

    private static final String CLIENT = "10.94.0.1";
    private static final String SERVER = "10.94.0.2";
    private static final int DIRECTIONS = 2;
    private static final int READS_PER_TURN = 64;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsWarmUp() {
        return true;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.of(Work.DOWNLOAD, Work.UPLOAD);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        try (NetworkNamespace client = new NetworkNamespace(); NetworkNamespace server = new NetworkNamespace();
             RawTun clientTun = new RawTun(client, CLIENT + "/24"); RawTun serverTun = new RawTun(server, SERVER + "/24")) {
            MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(DIRECTIONS, EpollIoHandler.newFactory());
            try {
                new Direction(clientTun.fd(), serverTun.fd()).start(group.next());
                new Direction(serverTun.fd(), clientTun.fd()).start(group.next());
                InetSocketAddress address = KernelServer.start(server.programs(), SERVER);
                KernelClient.measure(client, address, work, duration, results);
            } finally {
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
            }
        }
    }

    /** Reads from one device and writes into the other, until its event loop ends. */
    private static final class Direction implements EpollIoHandle {
        private final FileDescriptor from;
        private final FileDescriptor to;
        private final ByteBuf packet = Unpooled.directBuffer(Mtu.ETHERNET);

        Direction(FileDescriptor from, FileDescriptor to) {
            this.from = from;
            this.to = to;
        }

        void start(IoEventLoop loop) throws InterruptedException {
            loop.register(this).sync().getNow().submit(EpollIoOps.EPOLLIN);
        }

        @Override
        public FileDescriptor fd() {
            return from;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            long address = packet.memoryAddress();
            try {
                for (int i = 0; i < READS_PER_TURN; i++) {
                    int length = from.readAddress(address, 0, Mtu.ETHERNET);
                    if (length <= 0) {
                        return;
                    }
                    to.writeAddress(address, 0, length); // a device that is full drops it
                }
            } catch (IOException e) {
                System.err.println("relay: " + e);
                registration.cancel();
            }
        }

        @Override
        public void close() {
            packet.release();
        }
    }
}
