/**
 * Programs to copy from. In each, user-space TCP is one class name: {@code UserTcpServerSocketChannel} or {@code UserTcpSocketChannel}
 * where {@code NioServerSocketChannel} or {@code NioSocketChannel} would stand.
 *
 * <pre>
 *   EchoServer   EchoClient     the smallest programs there are
 *   HttpServer   HttpClient     HTTP/1.1, under TLS or plain
 *   Download                    both ends of the latter, with a look at the segments between them
 *   TunServer                   the HTTP server as a host behind a TUN device, for any TCP client
 *   TransparentProxy            takes HTTP requests for every server there is, and passes them on
 *   Tun2Socks                   takes connections to every server there is, and passes them on through SOCKS5
 *   Relay                       what the latter two pass on by
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.examples.EchoServer}. A unit test in virtual time stands among the tests of this module.
 */
package io.github.usertcp.examples;
