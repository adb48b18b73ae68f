/**
 * Wire formats: bytes to TCP segments and back. Knows nothing of connections.
 *
 * <pre>
 *      text  &lt;-- parse, toString --&gt;  TcpSegment  &lt;-- TcpHeaderReader, TcpHeaderWriter --&gt;  bytes
 *                                         |
 *              SegmentSplitter (out)      |      SegmentCoalescer (in)
 *              one super-segment to       |      the datagrams of a read batch
 *              a train of datagrams       |      to super-segments
 *                                         |
 *      TcpChecksum over InternetChecksum, where UDP's checksum does not do
 *      IpHeader, Ipv4Header, Ipv6Header,  where there is no UDP
 *      IcmpMessage, IcmpError
 * </pre>
 *
 * <p>Start reading with {@link io.github.usertcp.codec.TcpSegment}, then {@link io.github.usertcp.codec.TcpHeaderReader}. The
 * handlers {@link io.github.usertcp.codec.TcpSegmentCodec} and {@link io.github.usertcp.codec.TcpDatagramCodec} put both
 * directions into a pipeline of one's own; a link uses splitter and coalescer directly.
 *
 * <p>Rules that hold throughout:
 * <ul>
 *   <li>The network can send anything. It is answered with a {@link io.github.usertcp.codec.DropReason}, never with an exception.</li>
 *   <li>Numbers are those of the wire: 32-bit sequence numbers, an unscaled window. An absent option is -1, {@code false} or
 *     {@code null}.</li>
 *   <li>Whoever gets a {@link io.github.usertcp.codec.TcpSegment} owns it and the payload in it. Readers take absolute indexes
 *     and move none.</li>
 *   <li>Nothing here is thread-safe but what is stateless or immutable.</li>
 * </ul>
 *
 * <p>What it does not do: judge sequence numbers, reassemble IP fragments, or read options into anything but fields.
 */
package io.github.usertcp.codec;
