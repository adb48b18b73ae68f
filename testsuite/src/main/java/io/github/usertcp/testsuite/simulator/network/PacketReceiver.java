package io.github.usertcp.testsuite.simulator.network;

/** Where a route ends. */
public interface PacketReceiver {
    /** A packet arrived. Its bytes now belong to the receiver. */
    void receive(Packet packet);
}
