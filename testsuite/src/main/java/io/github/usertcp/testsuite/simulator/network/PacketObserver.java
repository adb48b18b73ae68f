package io.github.usertcp.testsuite.simulator.network;

/** Told what becomes of packets on a link. It may look at a packet, not keep it. */
public interface PacketObserver {
    PacketObserver NONE = (packet, fate) -> { };

    void onFate(Packet packet, PacketFate fate);

    /** Tells this one, then the next. */
    default PacketObserver and(PacketObserver next) {
        return (packet, fate) -> {
            onFate(packet, fate);
            next.onFate(packet, fate);
        };
    }
}
