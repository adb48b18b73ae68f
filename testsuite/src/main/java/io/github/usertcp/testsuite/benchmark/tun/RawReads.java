package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/**
 * How many packets of 1500 bytes a loop in Java reads out of a TUN device, by Netty's {@link FileDescriptor} and with nothing in between,
 * while the kernel floods the device with UDP on another core: what is not read in time the device drops.
 */
final class RawReads implements Contender {
    static final String NAME = "raw TUN reads";

    private static final String KERNEL = "10.95.0.1";
    private static final String NOBODY = "10.95.0.9";
    /** Between two looks at the clock. */
    private static final int BATCH = 64;

    /** Arguments: address, seconds. */
    private static final String FLOOD = """
        import socket, sys, time
        end = time.monotonic() + float(sys.argv[2])
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect((sys.argv[1], 9))
        datagram = bytes(1500 - 20 - 8)

        def send(block):
            s.send(block)
            while time.monotonic() < end:
                s.send(block)

        try:
            s.setsockopt(socket.IPPROTO_UDP, 103, len(datagram)) # UDP_SEGMENT: 44 packets a call
            send(datagram * 44)
        except OSError: # before Linux 6.12 not on a device without offload
            s.setsockopt(socket.IPPROTO_UDP, 103, 0)
            send(datagram)
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
        ByteBuf packet = Unpooled.directBuffer(RawTun.MTU);
        try (NetworkNamespace kernel = new NetworkNamespace(); RawTun tun = new RawTun(kernel, KERNEL + "/24")) {
            Process flood = kernel.programs().start("python3", "-c", FLOOD, NOBODY, String.valueOf(duration.toSeconds() + 1));
            while (tun.fd().readAddress(packet.memoryAddress(), 0, RawTun.MTU) != RawTun.MTU) {
                if (!flood.isAlive()) {
                    throw new IOException("no flood: " + Programs.output(flood));
                }
                Thread.sleep(1); // it has not begun
            }
            long packets = 0;
            long start = System.nanoTime();
            long nanos = 0;
            while (nanos < duration.toNanos()) {
                for (int i = 0; i < BATCH; i++) {
                    if (tun.fd().readAddress(packet.memoryAddress(), 0, RawTun.MTU) == RawTun.MTU) {
                        packets++;
                    }
                }
                nanos = System.nanoTime() - start;
            }
            results.accept(Figure.UPLOAD_PACKETS, packets * 1e6 / nanos);
        } finally {
            packet.release();
        }
    }
}
