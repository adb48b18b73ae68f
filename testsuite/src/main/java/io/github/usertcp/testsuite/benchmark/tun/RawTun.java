package io.github.usertcp.testsuite.benchmark.tun;

import io.github.usertcp.tun.TunDevice;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** A TUN device without offload, MTU 1500, whose other end is in a namespace, to be read and written without anything in between. */
final class RawTun implements AutoCloseable {
    private final TunDevice device;

    RawTun(NetworkNamespace kernel, String address) throws IOException, InterruptedException {
        device = TunDevice.open("utcp%d", false, false);
        try {
            kernel.take(device.name(), address, Mtu.ETHERNET);
        } catch (Throwable e) {
            device.close();
            throw e;
        }
    }

    FileDescriptor fd() {
        return device.fd();
    }

    @Override
    public void close() throws IOException {
        device.close();
    }
}
