package io.github.usertcp.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On each kind of event loop, with a datagram socket for the device: that keeps packets apart too, and says when it is full. */
@Timeout(30)
class TunChannelTest {
    /** The kinds of event loops that run the channel. */
    enum Loops {
        EPOLL {
            @Override
            MultiThreadIoEventLoopGroup newGroup() {
                assumeTrue(Epoll.isAvailable(), "skipped: epoll is not available here");
                return new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
            }
        },
        IO_URING {
            @Override
            MultiThreadIoEventLoopGroup newGroup() {
                assumeTrue(IoUring.isAvailable(), "skipped: io_uring is not available here");
                return new MultiThreadIoEventLoopGroup(2, IoUringIoHandler.newFactory());
            }
        };

        abstract MultiThreadIoEventLoopGroup newGroup();
    }

    /** More than the socket takes at a time. */
    private static final int MANY = 1000;
    private static final int PACKET = 1000;

    @TempDir
    private Path directory;
    private MultiThreadIoEventLoopGroup group;
    private EventLoop loop;
    private final List<Socket> peers = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
        if (group != null) {
            shutDown();
        }
    }

    /** A quiet period of 0 may end the threads before they have closed their channels. */
    private void shutDown() {
        group.shutdownGracefully(20, 5000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @EnumSource
    void packetsGoBothWaysInOrder(Loops loops) throws Exception {
        Device device = new Device(loops);
        for (int i = 0; i < MANY; i++) {
            device.send("packet " + i);
            assertEquals("packet " + i, device.arrived.poll(10, TimeUnit.SECONDS));
            device.channel.writeAndFlush(packet("answer " + i)).sync();
            assertEquals("answer " + i, device.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAutoReadNothingIsReadUnasked(Loops loops) throws Exception {
        Device device = new Device(loops);
        Device busy = new Device(loops);
        device.channel.config().setAutoRead(false);
        device.settle();
        for (int i = 0; i < 10; i++) {
            device.send("packet " + i);
            busy.send("the loop has looked");
            assertEquals("the loop has looked", busy.arrived.poll(10, TimeUnit.SECONDS));
            assertNull(device.arrived.poll());
            device.channel.read();
            assertEquals("packet " + i, device.arrived.poll(10, TimeUnit.SECONDS));
        }
        device.channel.config().setAutoRead(true);
        device.send("last");
        assertEquals("last", device.arrived.poll(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource
    void aReadAskedForAtTheEndOfABatchIsMade(Loops loops) throws Exception {
        Device device = new Device(loops);
        device.channel.config().setAutoRead(false);
        device.channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                ctx.read();
            }
        });
        device.settle();
        device.channel.read();
        for (int i = 0; i < 10; i++) {
            device.send("packet " + i);
            assertEquals("packet " + i, device.arrived.poll(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAFullDeviceDoesNotTakeLeavesLaterInOrder(Loops loops) throws Exception {
        Device device = new Device(loops);
        ChannelFuture last = device.writeMany();
        device.settle();
        assertFalse(last.isDone());
        for (int i = 0; i < MANY; i++) {
            assertEquals(text(i), device.receive());
        }
        last.sync();
        device.send("still reading");
        assertEquals("still reading", device.arrived.poll(10, TimeUnit.SECONDS));
    }

    /** A poll in the kernel keeps a file open whose descriptor is closed: the device would stay busy. */
    @ParameterizedTest
    @EnumSource
    void aClosedChannelHasGivenItsDeviceBack(Loops loops) throws Exception {
        Device reading = new Device(loops);
        reading.settle();
        reading.channel.close().sync();
        assertGivenBack(reading);

        Device writing = new Device(loops);
        ChannelFuture last = writing.writeMany();
        writing.settle();
        writing.channel.close().sync();
        assertGivenBack(writing);
        assertInstanceOf(ClosedChannelException.class, last.await().cause());
        assertFalse(writing.channel.isActive());
        writing.settle();
        assertFalse(writing.channel.isRegistered());
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerMayCloseTheChannelBetweenPackets(Loops loops) throws Exception {
        Device device = new Device(loops);
        device.channel.config().setAutoRead(false);
        device.channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.close();
                ctx.fireChannelRead(message);
            }
        });
        device.settle();
        device.send("first");
        device.send("second");
        device.channel.read();
        assertEquals("first", device.arrived.poll(10, TimeUnit.SECONDS));
        device.channel.closeFuture().sync();
        device.settle();
        assertNull(device.arrived.poll());
        assertGivenBack(device);
    }

    @ParameterizedTest
    @EnumSource
    void aLoopThatShutsDownLetsTheChannelSayFarewell(Loops loops) throws Exception {
        Device reading = new Device(loops);
        Device writing = new Device(loops);
        writing.writeMany();
        shutDown();
        assertEquals("farewell", reading.receive());
        assertTrue(reading.channel.closeFuture().isDone());
        assertTrue(writing.channel.closeFuture().isDone());
        assertGivenBack(reading);
        assertGivenBack(writing);
    }

    /** Netty closes no channel of such a loop by itself. */
    @ParameterizedTest
    @EnumSource
    void aLoopThatIsNotGivenTimeDoesSoToo(Loops loops) throws Exception {
        Device device = new Device(loops);
        loop.submit(() -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS)).sync();
        group.terminationFuture().sync();
        assertEquals("farewell", device.receive());
        assertGivenBack(device);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelMayMoveToAnotherLoop(Loops loops) throws Exception {
        Device device = new Device(loops);
        for (int i = 0; i < 10; i++) {
            EventLoop before = device.channel.eventLoop();
            device.channel.deregister().sync();
            assertFalse(device.channel.isActive());
            device.send("packet " + i);
            assertTrue(device.channel.isOpen());
            EventLoop next = group.next() == before ? group.next() : before;
            next.register(device.channel).sync();
            assertEquals("packet " + i, device.arrived.poll(10, TimeUnit.SECONDS));
        }
        device.channel.deregister().sync();
        device.channel.close().sync();
        assertFalse(device.channel.isOpen());
    }

    @Test
    void otherLoopsDoNotRunIt() {
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        assertFalse(TunChannel.runsOn(group.next()));
    }

    private void assertGivenBack(Device device) {
        assertFalse(device.channel.isOpen());
        NativeIoException refused = assertThrows(NativeIoException.class, () -> device.send("anybody there?"));
        assertTrue(refused.getMessage().contains("Connection refused"), refused::getMessage);
    }

    private static ByteBuf packet(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(int i) {
        return (i + "x".repeat(PACKET)).substring(0, PACKET);
    }

    /** A channel, and who is on the other side of its device. */
    private final class Device {
        final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        final TunChannel channel;
        private final Socket peer;

        Device(Loops loops) throws Exception {
            if (group == null) {
                group = loops.newGroup();
                loop = group.next();
            }
            DomainSocketAddress near = new DomainSocketAddress(directory.resolve("near-" + peers.size()).toString());
            DomainSocketAddress far = new DomainSocketAddress(directory.resolve("far-" + peers.size()).toString());
            Socket socket = bound(near);
            peer = bound(far);
            peers.add(peer);
            socket.connect(far);
            peer.connect(near);
            channel = new TunChannel(new TunDevice(socket.intValue(), "socket", false), 1500);
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf packet = (ByteBuf) message;
                    arrived.add(packet.toString(StandardCharsets.UTF_8));
                    packet.release();
                }

                @Override
                public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                    assertEquals(TunChannel.Closing.EVENT, event);
                    ctx.writeAndFlush(packet("farewell"));
                }
            });
            loop.register(channel).sync();
        }

        private Socket bound(DomainSocketAddress address) throws IOException {
            Socket socket = Socket.newSocketDomainDgram();
            socket.bind(address);
            return socket;
        }

        void send(String packet) throws IOException {
            byte[] bytes = packet.getBytes(StandardCharsets.UTF_8);
            assertEquals(bytes.length, peer.write(ByteBuffer.allocateDirect(bytes.length).put(0, bytes), 0, bytes.length));
        }

        /** The next packet; waits for it. */
        String receive() throws IOException {
            ByteBuffer packet = ByteBuffer.allocateDirect(PACKET);
            int length = 0;
            while (length == 0) {
                assertFalse(Thread.interrupted(), "nothing has come");
                length = peer.read(packet, 0, PACKET);
            }
            return StandardCharsets.UTF_8.decode(packet.limit(length)).toString();
        }

        ChannelFuture writeMany() {
            for (int i = 0; i < MANY - 1; i++) {
                channel.write(packet(text(i)));
            }
            return channel.writeAndFlush(packet(text(MANY - 1)));
        }

        /** Returns when the loop has done what it was told, and looked for more. */
        void settle() throws Exception {
            for (int i = 0; i < 3; i++) {
                loop.submit(() -> { }).sync();
            }
        }
    }
}
