/**
 * Our TCP and the kernel's, over a TUN device: kernel programs in a network namespace of the test's own against Netty channels here. Takes
 * Linux, root, {@code /dev/net/tun} and the programs; where something is missing, the tests say so and are skipped.
 *
 * <p>Start reading at {@code KernelHost} (the namespace) and {@code TunHost} (the stack).
 */
package io.github.usertcp.testsuite.interop;
