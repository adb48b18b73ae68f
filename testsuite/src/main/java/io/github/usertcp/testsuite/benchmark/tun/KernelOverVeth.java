package io.github.usertcp.testsuite.benchmark.tun;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/** Kernel client and kernel server, each in a namespace, joined by a pair of veth devices as they come: MTU 1500, with offload. */
final class KernelOverVeth implements Contender {
    static final String NAME = "kernel, veth";

    private static final String SERVER = "10.91.0.2";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsWarmUp() {
        return false;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.allOf(Work.class);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        try (NetworkNamespace client = new NetworkNamespace(); NetworkNamespace server = new NetworkNamespace()) {
            client.joinBy("veth0", "10.91.0.1/24", server, "veth1", SERVER + "/24");
            InetSocketAddress address = KernelServer.start(server.programs(), SERVER);
            KernelClient.measure(client, address, work, duration, results);
        }
    }
}
