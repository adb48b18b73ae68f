package io.github.usertcp.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.SocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One end of a connection, used from the test's thread as it would use a {@code java.net.Socket}. */
final class BlockingPeer implements AutoCloseable {
    private static final int END_OF_STREAM = -1;
    private static final long TIMEOUT_SECONDS = 10;

    private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    private DuplexChannel channel;

    void connect(Bootstrap bootstrap, SocketAddress address) {
        channel = (DuplexChannel) bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(new Receiver())
            .connect(address).syncUninterruptibly().channel();
    }

    void write(int octet) {
        channel.writeAndFlush(Unpooled.buffer(1).writeByte(octet)).syncUninterruptibly();
    }

    /** The next octet, or -1 at the end of the stream. */
    int read() throws InterruptedException {
        Integer octet = received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (octet == null) {
            throw new AssertionError("nothing received in " + TIMEOUT_SECONDS + " s");
        }
        return octet;
    }

    void shutdownOutput() {
        channel.shutdownOutput().syncUninterruptibly();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close().syncUninterruptibly();
        }
    }

    /** The end that waits for connections. */
    static final class Acceptor implements AutoCloseable {
        private final BlockingQueue<BlockingPeer> accepted = new LinkedBlockingQueue<>();
        private final ServerSocketChannel channel;

        Acceptor(ServerBootstrap bootstrap, SocketAddress address) {
            channel = (ServerSocketChannel) bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new AcceptingInitializer(accepted)).bind(address).syncUninterruptibly().channel();
        }

        SocketAddress address() {
            return channel.localAddress();
        }

        BlockingPeer accept() throws InterruptedException {
            BlockingPeer peer = accepted.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (peer == null) {
                throw new AssertionError("nobody connected in " + TIMEOUT_SECONDS + " s");
            }
            return peer;
        }

        @Override
        public void close() {
            channel.close().syncUninterruptibly();
        }
    }

    /** Gives every new channel a peer of its own. */
    private static final class AcceptingInitializer extends ChannelInitializer<DuplexChannel> {
        private final BlockingQueue<BlockingPeer> accepted;

        AcceptingInitializer(BlockingQueue<BlockingPeer> accepted) {
            this.accepted = accepted;
        }

        @Override
        protected void initChannel(DuplexChannel child) {
            BlockingPeer peer = new BlockingPeer();
            peer.channel = child;
            child.pipeline().addLast(peer.new Receiver());
            accepted.add(peer);
        }
    }

    private final class Receiver extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            while (bytes.isReadable()) {
                received.add((int) bytes.readUnsignedByte());
            }
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                received.add(END_OF_STREAM);
            }
        }
    }
}
