package io.github.usertcp.testsuite.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractSocketShutdownOutputByPeerTest;
import io.netty.testsuite.transport.socket.ServerSocketSuspendTest;
import io.netty.testsuite.transport.socket.SocketAddressesTest;
import io.netty.testsuite.transport.socket.SocketChannelNotYetConnectedTest;
import io.netty.testsuite.transport.socket.SocketCloseForciblyTest;
import io.netty.testsuite.transport.socket.SocketConnectTest;
import io.netty.testsuite.transport.socket.SocketConnectionAttemptTest;
import io.netty.testsuite.transport.socket.SocketHalfClosedTest;
import io.netty.testsuite.transport.socket.SocketMultipleConnectTest;
import io.netty.testsuite.transport.socket.SocketRstTest;
import io.netty.testsuite.transport.socket.WriteBeforeRegisteredTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** Netty's tests of a connection's life: connect, addresses, half-closure, reset, close. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionLifeTest {
    private final Ends ends = Ends.asTheBuildSays();

    @AfterAll
    void shutdownLoops() {
        ends.close();
    }

    @Nested
    class Addresses extends SocketAddressesTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }

        @Override
        protected void assertAddress(SocketAddress address) {
            assertTrue(((InetSocketAddress) address).getPort() > 0);
            assertFalse(((InetSocketAddress) address).getAddress().isAnyLocalAddress());
        }
    }

    @Nested
    class CloseForcibly extends SocketCloseForciblyTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class Connect extends SocketConnectTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class HalfClosed extends SocketHalfClosedTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }

        /**
         * The leader blocks its event loop until the follower's reset has come in, and then wants to be told by its write. A kernel has a thread of its own to
         * receive resets; we have one if the stack is on another event loop. (Netty's io_uring transport does not run this test for a like reason.)
         */
        @Override
        public void testAutoCloseFalseDoesShutdownOutput(ServerBootstrap server, Bootstrap client) throws Throwable {
            Bootstrap elsewhere = ends.newClientOverStackElsewhere()
                .option(ChannelOption.ALLOCATOR, (ByteBufAllocator) client.config().options().get(ChannelOption.ALLOCATOR));
            super.testAutoCloseFalseDoesShutdownOutput(server, elsewhere);
        }
    }

    @Nested
    class MultipleConnect extends SocketMultipleConnectTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class Rst extends SocketRstTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class ConnectionAttempt extends SocketConnectionAttemptTest {
        private SilentHost silentHost;

        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return ends.client();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }

        @BeforeEach
        void startSilentHost() throws IOException {
            silentHost = new SilentHost();
        }

        @AfterEach
        void stopSilentHost() throws IOException {
            silentHost.close();
        }
    }

    @Nested
    class NotYetConnected extends SocketChannelNotYetConnectedTest {
        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return ends.client();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }

        /** Netty's body starts a NioServerSocketChannel. */
        @Override
        @Test
        public void readMustBePendingUntilChannelIsActive(TestInfo info) throws Throwable {
            run(info, client -> assertReadBeforeActiveStaysPending(client, newSocketAddress()));
        }
    }

    @Nested
    class ShutdownOutput extends ShutdownOutputBySelf {
        ShutdownOutput() {
            super(ends);
        }
    }

    @Nested
    class ShutdownOutputByPeer extends AbstractSocketShutdownOutputByPeerTest<BlockingPeer> {
        @Override
        protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
            return ends.server();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }

        @Override
        protected BlockingPeer newSocket() {
            return new BlockingPeer();
        }

        @Override
        protected void connect(BlockingPeer peer, SocketAddress address) {
            peer.connect(ends.newClient(), address);
        }

        @Override
        protected void write(BlockingPeer peer, int octet) {
            peer.write(octet);
        }

        @Override
        protected void shutdownOutput(BlockingPeer peer) {
            peer.shutdownOutput();
        }

        @Override
        protected void close(BlockingPeer peer) {
            peer.close();
        }
    }

    @Nested
    class WriteBeforeRegistered extends WriteBeforeRegisteredTest {
        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return ends.client();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class Suspend extends ServerSocketSuspendTest {
        @Override
        protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
            return ends.server();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    private void assertReadBeforeActiveStaysPending(Bootstrap client, SocketAddress serverAddress) throws InterruptedException {
        CompletableFuture<Integer> received = new CompletableFuture<>();
        try (BlockingPeer.Acceptor acceptor = new BlockingPeer.Acceptor(ends.newServer(), serverAddress)) {
            Channel channel = client.handler(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                public void handlerAdded(ChannelHandlerContext ctx) {
                    assertFalse(ctx.channel().isActive());
                    ctx.read();
                }

                @Override
                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                    received.complete((int) bytes.readByte());
                }
            }).connect(acceptor.address()).sync().channel();
            acceptor.accept().write(42);
            assertEquals(42, received.orTimeout(10, TimeUnit.SECONDS).join());
            channel.close().sync();
        }
    }
}
