/**
 * Virtual time for what runs on Netty's event loops: packetdrill scripts and the simulator drive the channels that ship by it.
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.virtual.VirtualLoop}.
 */
package io.github.usertcp.testsuite.virtual;
