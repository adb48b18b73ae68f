/**
 * Pipeline handlers over the codec, the connection and the stack: TCP where a handler, not a channel, is wanted.
 *
 * <pre>
 *   user's handlers              ByteBuf
 *   TcpConnectionHandler         one connection, its timers on the channel's event loop
 *   SegmentLoggingHandler        TcpSegment
 *   PcapHandler                  TcpSegment
 *   ImpairmentHandler            TcpSegment, some of them late, some not at all
 *   (encoder and decoder of the codec, or nothing in an EmbeddedChannel)
 *
 *   TcpStack - SegmentTap - UdpLink                a tap shows what passes between a stack and its link
 *   TcpStack - ImpairedLink - UdpLink              a bad network: loss, delay, reordering, duplication, a slow line
 *   SegmentCapture                                 what a stack, a tap or a PcapHandler sees, as a file for Wireshark
 *   TraceHandler, ConnectionTrace                  what happens to connections as JSON lines, to be drawn
 * </pre>
 *
 * <p>Whatever stands between a stack and its link wraps the link's provider, a TUN device's as well as a UDP socket's. {@link
 * io.github.usertcp.handlers.Impairment} says what a bad network does; {@code ImpairedPath} does it, one for each direction.
 *
 * <p>Start reading at {@link io.github.usertcp.handlers.TcpConnectionHandler}. It runs one connection whose peer is known beforehand;
 * it accepts none, looks none up and keeps no port: that is a stack's work, and a {@code UserTcpSocketChannel} is what applications use.
 */
package io.github.usertcp.handlers;
