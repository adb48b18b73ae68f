package io.github.usertcp.testsuite.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketShutdownOutputBySelfTest;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Netty's test with the bodies that use a {@code java.net.ServerSocket} written anew for a {@link BlockingPeer}; they demand the same. */
abstract class ShutdownOutputBySelf extends SocketShutdownOutputBySelfTest {
    private final Ends ends;

    ShutdownOutputBySelf(Ends ends) {
        this.ends = ends;
    }

    @Override
    protected List<BootstrapFactory<Bootstrap>> newFactories() {
        return ends.client();
    }

    @Override
    protected List<ByteBufAllocator> newAllocators() {
        return Ends.ALLOCATORS;
    }

    @Override
    public void testShutdownOutput(Bootstrap client) throws Throwable {
        BlockingQueue<Byte> received = new LinkedBlockingQueue<>();
        try (BlockingPeer.Acceptor acceptor = new BlockingPeer.Acceptor(ends.newServer(), newSocketAddress())) {
            SocketChannel channel = (SocketChannel) client.handler(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                    received.add(bytes.readByte());
                }
            }).connect(acceptor.address()).sync().channel();
            try (BlockingPeer peer = acceptor.accept()) {
                channel.writeAndFlush(Unpooled.buffer(1).writeByte(1)).sync();
                assertEquals(1, peer.read());
                assertHalfOpen(channel, false);

                channel.shutdownOutput().sync();
                assertEquals(-1, peer.read());
                assertHalfOpen(channel, true);

                peer.write(2);
                assertEquals((byte) 2, received.poll(10, TimeUnit.SECONDS));
            } finally {
                channel.close().sync();
            }
        }
    }

    private static void assertHalfOpen(SocketChannel channel, boolean outputShutdown) {
        assertTrue(channel.isOpen());
        assertTrue(channel.isActive());
        assertFalse(channel.isInputShutdown());
        assertEquals(outputShutdown, channel.isOutputShutdown());
    }

    @Override
    public void testShutdownOutputAfterClosed(Bootstrap client) throws Throwable {
        try (BlockingPeer.Acceptor acceptor = new BlockingPeer.Acceptor(ends.newServer(), newSocketAddress())) {
            SocketChannel channel = connect(client, acceptor);
            try (BlockingPeer peer = acceptor.accept()) {
                channel.close().sync();
                assertInstanceOf(ClosedChannelException.class, channel.shutdownInput().await().cause());
                assertInstanceOf(ClosedChannelException.class, channel.shutdownOutput().await().cause());
                assertEquals(-1, peer.read());
            }
        }
    }

    @Override
    public void testShutdownOutputSoLingerNoAssertError(Bootstrap client) throws Throwable {
        shutdownWithLinger(client, true);
    }

    @Override
    public void testShutdownSoLingerNoAssertError(Bootstrap client) throws Throwable {
        shutdownWithLinger(client, false);
    }

    private void shutdownWithLinger(Bootstrap client, boolean outputOnly) throws Exception {
        try (BlockingPeer.Acceptor acceptor = new BlockingPeer.Acceptor(ends.newServer(), newSocketAddress())) {
            SocketChannel channel = connect(client.option(ChannelOption.SO_LINGER, 1), acceptor);
            try (BlockingPeer peer = acceptor.accept()) {
                assertNull((outputOnly ? channel.shutdownOutput() : channel.shutdown()).await().cause());
                assertEquals(-1, peer.read());
            } finally {
                channel.close().sync();
            }
        }
    }

    private static SocketChannel connect(Bootstrap client, BlockingPeer.Acceptor acceptor) throws InterruptedException {
        return (SocketChannel) client.handler(new ChannelInboundHandlerAdapter()).connect(acceptor.address()).sync().channel();
    }
}
