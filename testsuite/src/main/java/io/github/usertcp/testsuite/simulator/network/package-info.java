/**
 * A network in virtual time: packets of real bytes, links that treat them badly, and routes over several links.
 *
 * <pre>
 *   host -- Route --> SimulatedLink --> SimulatedLink --> PacketReceiver (the other host)
 *                     PacketQueue, rate, delay, chance
 *                     Router: what a sender is told of packets that the link does not carry
 * </pre>
 *
 * <p>Everything happens in the caller's thread, one event of {@link io.github.usertcp.testsuite.simulator.network.VirtualTime} after the
 * other, and all chance comes from generators the caller seeds: the same seed gives the same run, to the packet. Start reading at
 * {@link io.github.usertcp.testsuite.simulator.network.SimulatedLink}. Nothing here knows TCP.
 */
package io.github.usertcp.testsuite.simulator.network;
