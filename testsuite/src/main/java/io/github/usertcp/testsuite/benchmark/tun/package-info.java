/**
 * Our TCP behind a TUN device beside others, for kernel clients in network namespaces: a program to run as root, not a test.
 *
 * <pre>
 *   {@link TunBenchmark}    rounds, alternating between contenders so that a noisy machine is noisy for all
 *     {@link Contender}     sets up, measures one {@link Work}, takes down
 *        KernelOverVeth                              kernel to kernel
 *        UsertcpServer  UsertcpClient  UsertcpRelay  ours
 *        RawRelay  RawWrites  RawReads               what raw reads and writes of TUN devices can do
 *        UserModeNetwork                             slirp4netns, pasta
 *     {@link Goals}  {@link ComparisonTable}         what is compared: medians, ratios, a Markdown table
 * </pre>
 *
 * <p>Everything happens in network namespaces and on the loopback interface, and is gone with the end of a measurement: {@link
 * NetworkNamespace} and {@link Programs} end what was started in them. Compare within a run only.
 */
package io.github.usertcp.testsuite.benchmark.tun;
