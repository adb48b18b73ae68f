/**
 * The drop-in channels: {@link io.github.usertcp.channel.UserTcpSocketChannel} and
 * {@link io.github.usertcp.channel.UserTcpServerSocketChannel}, their options, and the byte stream between a channel and its connection.
 *
 * <pre>
 *     pipeline
 *        |  StreamReader   what the pipeline is given, when, and what comes behind the last byte
 *        |  StreamWriter   what leaves the outbound buffer, copied or not
 *     UserTcpSocketChannel
 *        |
 *     ConnectionPort -----+------------------------------+
 *        |                |                              |
 *     DirectPort       CrossingPort == Crossing == CrossingOwner      (one event loop | two event loops)
 *        |                                               |
 *     StackConnection, TcpConnection  ---------------------
 * </pre>
 *
 * <p>Start reading at {@code UserTcpSocketChannel}, then {@code DirectPort}; {@code Crossing} explains what happens between threads.
 * {@code Setting} is the table of options. {@code ListenerPort} is the server channel's counterpart of a port.
 *
 * <p>State and who writes it:
 * <ul>
 * <li>{@code StreamReader}: read pending, input shut down, end told. {@code StreamWriter}: blocked. Both on the channel's event loop.</li>
 * <li>{@code UserTcpSocketChannel}: open, port, tuple, the connect attempt, the held close. On
 *     the channel's event loop; readable from any thread where a public method needs it.</li>
 * <li>{@code Crossing}: everything two threads share, each field written by one of them.</li>
 * <li>{@code ClientStacks}: the stacks of an event loop's client channels, one map per thread.</li>
 * </ul>
 *
 * <p>Nothing in here knows of segments, windows or timers of TCP; and nothing blocks. Not implemented:
 * TCP_MD5SIG, TCP_DEFER_ACCEPT, SO_BUSY_POLL, IP_TRANSPARENT, IP_FREEBIND (unknown options, which Netty logs), and moving a
 * connected channel to another event loop.
 */
package io.github.usertcp.channel;
