package io.github.usertcp.testsuite.simulator.network;

import io.github.usertcp.codec.IcmpErrorKind;

/**
 * The router before a link, as far as a sender hears of it: says by ICMP what becomes of packets that the link cannot carry. Whose packets
 * they are it does not look at: the link is one host's only, but for the traffic of others, which nobody is told about.
 */
public final class Router implements PacketObserver {
    private static final int SMALLEST_MTU = 68;

    private final SimulatedLink link;
    private final RouterManners manners;
    private final IcmpSource source;

    private Router(SimulatedLink link, RouterManners manners, IcmpSource source) {
        this.link = link;
        this.manners = manners;
        this.source = source;
    }

    /** Puts a router before the link. */
    public static void before(SimulatedLink link, RouterManners manners, IcmpSource source) {
        link.addObserver(new Router(link, manners, source));
    }

    @Override
    public void onFate(Packet packet, PacketFate fate) {
        if (!packet.isSegment()) {
            return;
        }
        if (fate == PacketFate.TOO_BIG && manners.tooBig() != RouterManners.TooBig.NO_ANSWER) {
            source.send(IcmpErrorKind.PACKET_TOO_BIG, claimedMtu(), packet.bytes());
        } else if (fate == PacketFate.BLACKED_OUT && manners.unreachable() != null) {
            source.send(manners.unreachable(), 0, packet.bytes());
        }
    }

    private int claimedMtu() {
        return switch (manners.tooBig()) {
            case MTU -> link.conditions().mtuBytes();
            case SMALLEST -> SMALLEST_MTU;
            case ZERO, NO_ANSWER -> 0;
        };
    }
}
