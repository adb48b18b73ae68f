package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.testsuite.simulator.network.IcmpSource;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;

/** Sends forged ICMP errors, knowing addresses and ports of a connection but not its numbers (RFC 5927 section 2). */
final class OffPathAttacker {
    private static final int ERRORS = 30;
    private static final int MAX_MTU = 70_000;
    /** Of those that IPv4 has. */
    private static final List<IcmpErrorKind> KINDS = List.of(IcmpErrorKind.NETWORK_UNREACHABLE, IcmpErrorKind.HOST_UNREACHABLE,
        IcmpErrorKind.PROTOCOL_UNREACHABLE, IcmpErrorKind.PORT_UNREACHABLE, IcmpErrorKind.PACKET_TOO_BIG, IcmpErrorKind.HOST_UNKNOWN,
        IcmpErrorKind.HOST_PROHIBITED, IcmpErrorKind.TIME_EXCEEDED, IcmpErrorKind.PARAMETER_PROBLEM);

    private final VirtualTime time;
    private final IcmpSource source;
    private final int victimsPort;
    private final int peersPort;
    private final SplittableRandom random;

    OffPathAttacker(VirtualTime time, IcmpSource source, int victimsPort, int peersPort, SplittableRandom random) {
        this.time = time;
        this.source = source;
        this.victimsPort = victimsPort;
        this.peersPort = peersPort;
        this.random = random;
    }

    /** Attacks from now on, for so long. */
    void attack(long forNanos) {
        for (int i = 0; i < ERRORS; i++) {
            time.after(random.nextLong(forNanos + 1), this::sendOne);
        }
    }

    private void sendOne() {
        IcmpErrorKind kind = random.nextInt(3) == 0 ? IcmpErrorKind.PACKET_TOO_BIG : KINDS.get(random.nextInt(KINDS.size()));
        int mtu = kind == IcmpErrorKind.PACKET_TOO_BIG ? random.nextInt(MAX_MTU) : 0;
        ByteBuf segment = Unpooled.buffer().writeShort(victimsPort).writeShort(peersPort).writeInt(random.nextInt());
        source.send(kind, mtu, segment);
        segment.release();
    }
}
