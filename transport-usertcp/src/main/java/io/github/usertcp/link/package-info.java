/**
 * Where a stack's segments come from and go to.
 *
 * <pre>
 *   in    DatagramChannel -> UdpReader -> SegmentCoalescer -> LinkReceiver (the stack)
 *   out   stack -> UdpLink.write -> TrainOutput (epoll)  -> DatagramChannel, one flush a batch
 *                                   SingleOutput (others)
 *                                   LastWords (the loop has taken the channel)
 *   size  TrainOutput, stack -> PathMtuQuestions -> KernelPathMtu (epoll, io_uring); what did not leave for its size -> LinkReceiver
 *
 *   in    TunChannel -> TunReader -> IpInput -> SegmentCoalescer -> LinkReceiver (the stack)
 *                                       |-----> IcmpHost: echo replies, errors to senders; errors to the stack
 *                                       '-----> FragmentReassembler, and back
 *   out   stack -> TunLink.write -> IpOutput -> TunChannel, one flush a batch
 *   stray stack -> TunLink.passOn -> TunQueues -> the stacks at the other queues of the device, on their event loops
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.link.UdpLink} or {@link io.github.usertcp.link.TunLink}. {@code UdpSocket} knows what is
 * special to epoll, io_uring and NIO; {@code LocalAddresses}, {@code PortProbes} and {@code PathMtuQuestions} get out of the kernel what a
 * datagram socket does not tell by itself.
 *
 * <p>A link knows nothing of connections: it neither drops nor delays what it is given, and says {@code isWritable() == false} instead.
 */
package io.github.usertcp.link;
