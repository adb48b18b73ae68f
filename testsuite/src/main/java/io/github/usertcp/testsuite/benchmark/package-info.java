/**
 * What the transports achieve side by side, over loopback in one JVM,
 * client and server on an event loop each: a program to run, not a test.
 *
 * <pre>
 *   {@link Benchmark}   rounds, alternating between transports so that a noisy machine is noisy for all
 *     {@link Transport}    StreamTransport (usertcp, epoll TCP)   QuicTransport   RawUdpTransport
 *     {@link Workload}     BulkTransfer   PingPong   Connects   ManyConnections
 *     {@link Results}      medians over the rounds, ratios, a Markdown table
 * </pre>
 *
 * <p>{@link AckCost} is another program: what the engine alone spends on an ACK, by JMH. Package {@code tun} measures
 * against the kernel through TUN devices.
 *
 * <p>Machines differ and virtual ones waver by a factor of two between rounds: compare within a
 * run only. What it does not measure: latency under load, loss, anything beyond one core a side.
 */
package io.github.usertcp.testsuite.benchmark;
