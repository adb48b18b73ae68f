package io.github.usertcp.testsuite.simulator.network;

import java.util.List;

/** One direction from host to host: links one after the other. Several routes may share a link. */
public final class Route {
    private final List<SimulatedLink> links;
    private final PacketReceiver destination;

    public Route(PacketReceiver destination, List<SimulatedLink> links) {
        this.destination = destination;
        this.links = List.copyOf(links);
    }

    /** Sends a packet of this route on its way. */
    public void send(Packet packet) {
        forward(packet);
    }

    /** Hands a packet to the next link, or to its destination. */
    void forward(Packet packet) {
        if (packet.hop == links.size()) {
            destination.receive(packet);
        } else {
            links.get(packet.hop++).carry(packet);
        }
    }
}
