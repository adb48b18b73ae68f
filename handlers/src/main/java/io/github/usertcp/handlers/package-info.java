/**
 * Pipeline handlers over the codec, the connection and the stack: TCP where a handler, not a channel, is wanted.
 *
 * <pre>
 *   user's handlers              ByteBuf
 *   TcpConnectionHandler         one connection, its timers on the channel's event loop
 *   SegmentLoggingHandler        TcpSegment
 *   PcapHandler                  TcpSegment
 *   (encoder and decoder of the codec, or nothing in an EmbeddedChannel)
 *
 *   TcpStack - SegmentTap - UdpLink                a tap shows what passes between a stack and its link
 *   SegmentCapture                                 what a tap or a PcapHandler sees, as a file for Wireshark
 *   TraceHandler, ConnectionTrace                  what happens to connections as JSON lines, to be drawn
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.handlers.TcpConnectionHandler}. It runs one connection whose peer is known beforehand;
 * it accepts none, looks none up and keeps no port: that is a stack's work, and a {@code UserTcpSocketChannel} is what applications use.
 */
package io.github.usertcp.handlers;
