/**
 * Netty's own socket testsuite, run on our channels: an application that is happy with the kernel's transports has to be happy with ours.
 *
 * <pre>
 *   DataTransferTest  ConnectionLifeTest  TlsTest    which of Netty's classes, each a nested subclass that only says where to run
 *          \                |              /
 *                         Ends                       our channels, and the event loops they run on
 * </pre>
 *
 * <p>Every test runs with acceptor, children and clients on event loops of their own, and for three allocators. The build runs all of them twice, on
 * epoll loops and on NIO loops, in a JVM each: {@code TrafficShapingHandlerTest} works once in a JVM.
 *
 * <p>What does not run, and why:
 * <ul>
 *   <li>{@code SocketSslLargeCertificateTest}: it names {@code NioSocketChannel} itself and cannot be told otherwise; Netty's own native transports
 *       do not run it either.
 *   <li>{@code ServerSocketSuspendTest#testSuspendAndResumeAccept} and
 *       {@code SocketShutdownOutputBySelfTest#testWriteAfterShutdownOutputNoWritabilityChange}: Netty disables them for every transport.
 *   <li>{@code SocketHalfClosedTest#testAllDataReadEventTriggeredAfterHalfClosure} returns at once on NIO loops, as Netty wrote it; the epoll
 *       run has it.
 * </ul>
 *
 * <p>Tests that talk to {@code java.net.Socket} or to a channel they name talk to {@link BlockingPeer} instead,
 * because a kernel socket does not understand TCP in UDP. A host that never answers is {@link SilentHost}.
 */
package io.github.usertcp.testsuite.netty;
