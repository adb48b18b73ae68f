package io.github.usertcp.testsuite.simulator.network;

/** The queue before a link's transmitter. It drops by telling the observer it was made with and releasing the packet. */
public interface PacketQueue {
    /** Takes a packet, or drops it. */
    void offer(Packet packet, long nowNanos);

    /** The next packet to transmit, or {@code null}. */
    Packet poll(long nowNanos);

    /** IP packet bytes waiting. */
    long bytes();

    /** Tells somebody else of drops and marks. */
    void observer(PacketObserver observer);
}
