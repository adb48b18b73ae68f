/**
 * {@code /dev/net/tun} as a Netty channel, and what it takes to set such a device up. Linux only.
 *
 * <pre>
 *   TunDevice.open --&gt; TunDevice (file descriptor, name, offload or not)  --&gt;  TunChannel: a ByteBuf is an IP packet
 *   RouteNetlink: its MTU, addresses, routes, up
 *          both call the kernel by Syscalls (JNA)
 *
 *   event loop --&gt; EpollReadiness, IoUringReadiness  --&gt;  TunChannel reads and writes by itself
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.tun.TunDevice}. Everything that goes wrong on opening or later is an {@code IOException}
 * whose message says what to do about it ({@code TunErrors}).
 *
 * <p>JNA is an optional dependency of the library: whoever uses a TUN device has {@code net.java.dev.jna:jna} on the class path. Reading
 * and writing packets does not go through it but through Netty's epoll or io_uring transport.
 *
 * <p>It does not look into packets: IP and TCP are package {@code link}'s.
 */
package io.github.usertcp.tun;
