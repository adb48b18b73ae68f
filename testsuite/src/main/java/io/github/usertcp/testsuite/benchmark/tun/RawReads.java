package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/**
 * How many packets of 1500 bytes a loop in Java reads out of a TUN device, by Netty's {@link FileDescriptor} and with nothing in between,
 * while the kernel fills the device with UDP on another core. The flood is told how far it may be ahead, because a device that is full
 * drops, and dropping takes the time of both.
 */
final class RawReads implements Contender {
    static final String NAME = "raw TUN reads";

    private static final String KERNEL = "10.95.0.1";
    private static final String NOBODY = "10.95.0.9";
    /** What the flood sends at once, in one call where the kernel has UDP_SEGMENT for such a device. */
    private static final int BATCH = 40;
    /** Together less than what the device's queue holds, which is 500 packets. */
    private static final int BATCHES_AHEAD = 10;

    /** Arguments: address, datagrams a batch. Sends a batch for every byte that it reads. */
    private static final String FLOOD = """
        import os, socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect((sys.argv[1], 9))
        datagram, count = bytes(1500 - 20 - 8), int(sys.argv[2])
        try:
            s.setsockopt(socket.IPPROTO_UDP, 103, len(datagram)) # UDP_SEGMENT
            s.send(datagram * 2)
            block, calls = datagram * count, 1
        except OSError: # before Linux 6.12 not without offload
            s.setsockopt(socket.IPPROTO_UDP, 103, 0)
            block, calls = datagram, count
        for bytes in iter(lambda: os.read(0, 64), b''):
            for call in range(calls * len(bytes)):
                s.send(block)
        """;

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
        return EnumSet.of(Work.UPLOAD);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        ByteBuf packet = Unpooled.directBuffer(Mtu.ETHERNET);
        try (NetworkNamespace kernel = new NetworkNamespace(); RawTun tun = new RawTun(kernel, KERNEL + "/24")) {
            Process flood = kernel.programs().start("python3", "-c", FLOOD, NOBODY, String.valueOf(BATCH));
            OutputStream demand = flood.getOutputStream();
            demand.write(new byte[BATCHES_AHEAD]);
            demand.flush();
            while (!read(tun, packet)) {
                if (!flood.isAlive()) {
                    throw new IOException("no packets: " + Programs.output(flood));
                }
                Thread.sleep(1); // it has not begun
            }
            long packets = 0;
            long start = System.nanoTime();
            long nanos = 0;
            while (nanos < duration.toNanos() && !Thread.currentThread().isInterrupted()) {
                if (!read(tun, packet)) {
                    Thread.yield();
                } else if (++packets % BATCH == 0) {
                    demand.write(0);
                    demand.flush();
                }
                nanos = System.nanoTime() - start;
            }
            results.accept(Figure.UPLOAD_PACKETS, packets * 1e6 / nanos);
        } finally {
            packet.release();
        }
    }

    private static boolean read(RawTun tun, ByteBuf packet) throws IOException {
        return tun.fd().readAddress(packet.memoryAddress(), 0, Mtu.ETHERNET) == Mtu.ETHERNET;
    }
}
