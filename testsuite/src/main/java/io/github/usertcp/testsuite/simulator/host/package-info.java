/**
 * The ends of a simulated path: a connection, the user who writes and reads, and the machine between them and the network.
 *
 * <pre>
 *   StreamUser      writes a stream whose every byte is known, reads the peer's and compares it
 *   EngineHost      runs a TcpConnection: read batches, timers (late ones too), a clock of its own, cutting and joining of segments;
 *                   a FastOpenListener makes it one that a SYN opens
 *   ChannelUser     does the same on a channel
 *   ChannelHost     runs a stack with real channels on an event loop in virtual time, ChannelLink beneath it
 *   Route, Packet   the network
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.simulator.host.EngineHost}.
 */
package io.github.usertcp.testsuite.simulator.host;
