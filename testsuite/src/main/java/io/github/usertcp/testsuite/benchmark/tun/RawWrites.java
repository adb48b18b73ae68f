package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/**
 * How many packets of 1500 bytes a loop in Java writes into a TUN device, by Netty's {@link FileDescriptor} and with nothing in between.
 * They are for an address that nobody has, so that the kernel does as little with them as it can: no TCP will ever reach this.
 */
final class RawWrites implements Contender {
    static final String NAME = "raw TUN writes";

    private static final String KERNEL = "10.95.0.1";
    private static final String SENDER = "10.95.0.2";
    private static final String NOBODY = "10.95.0.9";
    private static final int UDP = 17;
    /** Between two looks at the clock. */
    private static final int BATCH = 64;

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
        return EnumSet.of(Work.DOWNLOAD);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        ByteBuf packet = packet();
        try (NetworkNamespace kernel = new NetworkNamespace(); RawTun tun = new RawTun(kernel, KERNEL + "/24")) {
            FileDescriptor fd = tun.fd();
            long packets = 0;
            long start = System.nanoTime();
            long nanos = 0;
            while (nanos < duration.toNanos() && !Thread.currentThread().isInterrupted()) {
                for (int i = 0; i < BATCH; i++) {
                    if (fd.writeAddress(packet.memoryAddress(), 0, Mtu.ETHERNET) == Mtu.ETHERNET) {
                        packets++;
                    }
                }
                nanos = System.nanoTime() - start;
            }
            results.accept(Figure.DOWNLOAD_PACKETS, packets * 1e6 / nanos);
        } finally {
            packet.release();
        }
    }

    private static ByteBuf packet() {
        ByteBuf packet = Unpooled.directBuffer(Mtu.ETHERNET).writeZero(Mtu.ETHERNET);
        IpHeader header = new IpHeader().addresses(IpAddress.parse(SENDER), IpAddress.parse(NOBODY))
            .protocol(UDP).hopLimit(IpHeader.DEFAULT_HOP_LIMIT);
        Ipv4Header.write(header, Mtu.ETHERNET - 20, packet, 0);
        return packet;
    }
}
