package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.StackCounter;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tun.VirtioNetHeader;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A connection between two hosts lives through {@link HostilePackets}, a good hundred for each chunk that it echoes, and loses no byte. They are
 * the same ones each time; {@code -Dusertcp.seed} makes others.
 */
class HostilePacketsTest {
    private static final long SEED = Long.getLong("usertcp.seed", 791);
    private static final int CHUNKS = 500;
    private static final int CHUNK = 5_000;
    private static final int HOSTILE_PER_CHUNK = 120;
    /** The fragments' share: 16 packets of 64 KiB, with room to grow; and some for what is on its way. */
    private static final long MEMORY_LIMIT = 4 << 20;

    private final VirtualNetwork clock = new VirtualNetwork();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private PacketLink clientLink;
    private PacketLink serverLink;
    private TcpStack client;
    private TcpStack server;
    private boolean offload;
    private HostilePackets hostile;
    private int hostileLeft;
    private long mostMemory;
    private int echoed;

    @AfterEach
    void nothingIsLeft() {
        client.close();
        server.close();
        clock.run();
        assertEquals(0, clientLink.memoryHeld());
        assertEquals(0, serverLink.memoryHeld());
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void leaveAnOpenConnectionAsItWas(boolean v4, boolean withOffload) {
        offload = withOffload;
        server = open((loop, receiver) -> loop.newSucceededFuture(
            serverLink = new PacketLink(loop, receiver, IpPackets.US_V4, IpPackets.US_V6, offload)));
        client = open((loop, receiver) -> loop.newSucceededFuture(
            clientLink = new PacketLink(loop, receiver, IpPackets.PEER_V4, IpPackets.PEER_V6, offload)));
        Channel channel = connect(v4 ? IpPackets.US_V4 : IpPackets.US_V6);
        hostile = new HostilePackets(random, v4, ((InetSocketAddress) channel.localAddress()).getPort());
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            echo(channel, chunk);
        }
        assertTrue(channel.isActive());
        assertEquals(1, server.connectionCount());
        assertEquals(0, server.stats().get(StackCounter.INTERNAL_ERRORS));
        assertTrue(mostMemory < MEMORY_LIMIT, () -> mostMemory + " bytes held");
        clock.advance(Duration.ofSeconds(61));
        assertEquals(Set.of(), reasonsMissed(v4));
    }

    private TcpStack open(LinkProvider link) {
        return TcpStack.builder().link(link).open(clock.loop()).getNow();
    }

    private Channel connect(IpAddress address) {
        InetSocketAddress target = new InetSocketAddress(address.toInetAddress(), 80);
        new ServerBootstrap().group(clock.loop()).channelFactory(UserTcpChannels.servers(server)).childHandler(new Echo()).bind(80);
        Channel channel = new Bootstrap().group(clock.loop()).channelFactory(UserTcpChannels.clients(client)).handler(new Check())
            .connect(target).channel();
        run();
        assertTrue(channel.isActive());
        return channel;
    }

    /** Sends bytes that tell their position, and has them come back, among hostile packets. */
    private void echo(Channel channel, int chunk) {
        hostileLeft = chunk == 0 ? 0 : HOSTILE_PER_CHUNK; // something has to be seen first
        channel.writeAndFlush(Unpooled.wrappedBuffer(IpPackets.payload(chunk * CHUNK, (chunk + 1) * CHUNK)));
        run();
        for (int seconds = 0; echoed < (chunk + 1) * CHUNK && seconds < 60; seconds++) {
            clock.advance(Duration.ofSeconds(1));
            run();
        }
        assertEquals((chunk + 1) * CHUNK, echoed, () -> "stuck; seed " + SEED);
        clock.advance(Duration.ofMillis(1));
    }

    private void run() {
        boolean busy = true;
        while (busy) {
            clock.run();
            busy = carry(clientLink, serverLink, true) | carry(serverLink, clientLink, false);
        }
    }

    private boolean carry(PacketLink from, PacketLink to, boolean toServer) {
        boolean any = false;
        for (ByteBuf packet : from.takeSent()) {
            any = true;
            if (hostile != null) {
                hostile.seen(withoutOffload(packet), toServer);
                attack(toServer);
            }
            to.receive(packet);
        }
        to.readComplete();
        return any;
    }

    /** The packet as it is on a network: a kernel would have filled in the checksum. */
    private byte[] withoutOffload(ByteBuf sent) {
        byte[] packet = ByteBufUtil.getBytes(offload ? sent.slice().skipBytes(VirtioNetHeader.LENGTH) : sent);
        ByteBuf bytes = Unpooled.wrappedBuffer(packet);
        IpHeader header = new IpHeader();
        if (IpHeader.read(bytes, 0, packet.length, header) == null && header.protocol() == TcpChecksum.PROTOCOL) {
            TcpChecksum.fill(bytes, header.headerLength(), header.payloadLength(), header.source(), header.destination());
        }
        return packet;
    }

    private void attack(boolean duringBatch) {
        for (int count = Math.min(hostileLeft, 30); count > 0; count--) {
            hostileLeft--;
            serverLink.receive(hostilePacket());
        }
        if (!duringBatch) {
            serverLink.readComplete();
        }
        mostMemory = Math.max(mostMemory, serverLink.memoryHeld());
    }

    /** Behind a header if packets have one, which lies; but not about the checksum, which the kernel does look at. */
    private ByteBuf hostilePacket() {
        byte[] packet = hostile.next();
        ByteBuf bytes = serverLink.memory.heapBuffer(VirtioNetHeader.LENGTH + packet.length);
        if (offload) {
            bytes.writeZero(VirtioNetHeader.LENGTH);
            if (random.nextBoolean()) {
                bytes.setByte(0, random.nextInt(256) & ~3).setByte(1, random.nextInt(6) | random.nextInt(2) << 7).setLong(2, random.nextLong());
            }
        }
        return bytes.writeBytes(packet);
    }

    /** Of those that there are on a TUN link; an IPv6 header has no checksum, and options of IPv4 that we do not know do no harm. */
    private Set<DropReason> reasonsMissed(boolean v4) {
        EnumSet<DropReason> reasons = EnumSet.allOf(DropReason.class);
        reasons.remove(DropReason.TOO_LONG);
        reasons.remove(DropReason.ICMP_LIMITED); // these are too few
        reasons.remove(v4 ? DropReason.UNKNOWN_OPTION : DropReason.BAD_IP_CHECKSUM);
        reasons.removeIf(reason -> server.stats().dropped(reason) > 0);
        return reasons;
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }

    /** Compares what comes back with what was sent. */
    private final class Check extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            ByteBuf expected = Unpooled.wrappedBuffer(IpPackets.payload(echoed, echoed + bytes.readableBytes()));
            assertEquals(expected, bytes, () -> "seed " + SEED);
            echoed += bytes.readableBytes();
        }
    }
}
