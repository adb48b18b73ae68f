package io.github.usertcp.link;

import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.InternetChecksum;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.codec.TcpChecksum;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Packets nobody should send, made at random of those of an open connection. None of them can be taken for one of the connection's: they are
 * damaged, or somebody else's, or their sequence numbers are far away. Somebody who knows better than that could not be told from the peer.
 */
final class HostilePackets {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int FRAGMENT_HEADER = 44;
    private static final int SERVER_PORT = 80;
    private static final int[] MTUS = {0, 68, 576, 1279, 1280, 65_535};
    private static final int[] EXTENSION_HEADERS = {0, 43, 44, 51, 60, 135, 139, 140};
    private static final IpAddress[] NO_PEERS_V4 = addresses("10.9.0.2", "10.9.0.255", "127.0.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0");
    private static final IpAddress[] NO_PEERS_V6 = addresses("fd09::2", "::1", "ff02::1", "::", "::ffff:10.9.0.1", "ff0e::5");

    private final SplittableRandom random;
    private final boolean v4;
    private final int clientPort;
    private byte[] toServer;
    private byte[] fromServer;

    /** In that family, against a server that has a connection from that port of its peer. */
    HostilePackets(SplittableRandom random, boolean v4, int clientPort) {
        this.random = random;
        this.v4 = v4;
        this.clientPort = clientPort;
    }

    private static IpAddress[] addresses(String... texts) {
        return Stream.of(texts).map(IpAddress::parse).toArray(IpAddress[]::new);
    }

    /** A packet that was sent; if it is one of the connection's, something worse is made of it. */
    void seen(byte[] packet, boolean fromPeer) {
        ByteBuf bytes = Unpooled.wrappedBuffer(packet);
        int tcp = v4 ? 20 : 40;
        if (bytes.getByte(v4 ? 9 : 6) == TCP && bytes.getUnsignedShort(tcp + (fromPeer ? 0 : 2)) == clientPort) {
            if (fromPeer) {
                toServer = packet;
            } else {
                fromServer = packet;
            }
        }
    }

    byte[] next() {
        return switch (random.nextInt(10)) {
            case 0 -> damaged();
            case 1 -> cutOrPadded();
            case 2 -> withWrongLengths();
            case 3 -> ofStranger();
            case 4 -> farAway();
            case 5 -> fragment();
            case 6 -> behindExtensions();
            case 7 -> icmpError();
            case 8 -> spoofed();
            default -> noise();
        };
    }

    private byte[] damaged() {
        byte[] packet = toServer.clone();
        do {
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                packet[random.nextInt(packet.length)] ^= (byte) (1 + random.nextInt(255));
            }
        } while (isSoundTcp(packet));
        return packet;
    }

    /** Padding behind a packet is none of its business, so one that is only longer repeats what the server knows. */
    private byte[] cutOrPadded() {
        return Arrays.copyOf(toServer, random.nextInt(random.nextInt(20) == 0 ? 65_536 : toServer.length + 40));
    }

    private byte[] withWrongLengths() {
        byte[] packet = toServer.clone();
        ByteBuf bytes = Unpooled.wrappedBuffer(packet);
        int tcp = v4 ? 20 : 40;
        switch (random.nextInt(3)) {
            case 0 -> bytes.setShort(v4 ? 2 : 4, random.nextInt(packet.length + 20));
            case 1 -> bytes.setByte(0, (v4 ? 4 : 6) << 4 | random.nextInt(16));
            default -> bytes.setByte(tcp + 12, random.nextInt(256));
        }
        repairHeader(bytes);
        return isSoundTcp(packet) ? damaged() : packet;
    }

    /** Any segment at all, of somebody with no connection. */
    private byte[] ofStranger() {
        IpAddress source = switch (random.nextInt(3)) {
            case 0 -> peer();
            case 1 -> v4 ? IpAddress.v4(0xCB00_7100 | random.nextInt(256)) : IpAddress.parse("2001:db8::" + random.nextInt(9999));
            default -> IpAddress.parse(v4 ? "10.9.0.77" : "fd09::77");
        };
        return packet(source, TCP, strangersSegment(source));
    }

    private byte[] strangersSegment(IpAddress source) {
        int port = random.nextInt(1 << 16);
        ByteBuf segment = randomSegment(port == clientPort ? port - 1 : port, random.nextInt(), random.nextInt());
        return sealed(segment, source);
    }

    /** A segment of the connection whose sequence number is at least 2^30 away from what the server wants. */
    private byte[] farAway() {
        ByteBuf genuine = Unpooled.wrappedBuffer(toServer).skipBytes(v4 ? 20 : 40);
        int seq = genuine.getInt(4) + (1 << 30) + random.nextInt(Integer.MAX_VALUE);
        int ack = random.nextBoolean() ? random.nextInt() : genuine.getInt(8);
        return packet(peer(), TCP, sealed(randomSegment(clientPort, seq, ack), peer()));
    }

    private ByteBuf randomSegment(int sourcePort, int seq, int ack) {
        int headerLength = 4 * (random.nextInt(8) == 0 ? random.nextInt(16) : 5 + random.nextInt(5));
        int length = random.nextInt(32) == 0 ? 18 + random.nextInt(42) : Math.max(20, headerLength) + random.nextInt(60);
        byte[] bytes = new byte[Math.max(20, length)];
        for (int i = 20; i < length; i++) {
            bytes[i] = (byte) random.nextInt(12); // small numbers are option kinds and lengths
        }
        ByteBuf segment = Unpooled.wrappedBuffer(bytes);
        segment.setShort(0, random.nextInt(32) == 0 ? 0 : sourcePort).setShort(2, random.nextInt(4) == 0 ? random.nextInt(1 << 16) : SERVER_PORT)
            .setInt(4, seq).setInt(8, ack).setByte(12, headerLength << 2).setByte(13, random.nextInt(256)).setShort(14, random.nextInt())
            .setShort(18, random.nextInt());
        return segment.writerIndex(length);
    }

    private byte[] fragment() {
        byte[] all = strangersSegment(peer());
        int start = 8 * random.nextInt(random.nextInt(8) == 0 ? 8192 : 1 + all.length / 8);
        int from = Math.min(start, all.length - 1);
        int end = Math.min(all.length, from + (random.nextInt(4) == 0 ? random.nextInt(40) : 8 * random.nextInt(8)));
        byte[] part = Arrays.copyOfRange(all, from, end);
        return fragment(random.nextInt(8) == 0 ? UDP : TCP, random.nextInt(40), start, random.nextInt(3) > 0, part);
    }

    private byte[] fragment(int protocol, int identification, int start, boolean more, byte[] part) {
        if (v4) {
            byte[] packet = packet(peer(), protocol, part);
            ByteBuf bytes = Unpooled.wrappedBuffer(packet);
            bytes.setShort(4, identification).setShort(6, start >> 3 | (more ? 0x2000 : 0));
            repairHeader(bytes);
            return packet;
        }
        byte[] content = new byte[8 + part.length];
        Unpooled.wrappedBuffer(content).setByte(0, protocol).setShort(2, start | (more ? 1 : 0)).setInt(4, identification).setBytes(8, part);
        return packet(peer(), FRAGMENT_HEADER, content);
    }

    private byte[] behindExtensions() {
        byte[] segment = strangersSegment(peer());
        ByteBuf content = Unpooled.wrappedBuffer(new byte[11 * 264 + segment.length]).clear();
        int first = TCP;
        if (v4) {
            for (int options = 4 * random.nextInt(11); options > 0; options--) {
                content.writeByte(random.nextInt(160));
            }
        } else {
            first = anyExtension();
            for (int count = random.nextInt(11); count >= 0; count--) {
                int length = random.nextInt(10) == 0 ? random.nextInt(256) : random.nextInt(3);
                int inside = random.nextInt(8) == 0 ? random.nextInt(1 << 16) : random.nextInt(4); // segments left, or an option, or its length
                content.writeByte(count == 0 ? TCP : anyExtension()).writeByte(length).writeShort(inside).writeInt(random.nextInt(40))
                    .writeZero(8 * (length % 3)); // a longer one reaches into what follows, or beyond it
            }
        }
        int headerLength = 20 + content.readableBytes();
        byte[] packet = packet(peer(), first, ByteBufUtil.getBytes(content.writeBytes(segment)));
        if (v4) {
            packet[0] = (byte) (4 << 4 | headerLength / 4);
            repairHeader(Unpooled.wrappedBuffer(packet));
        }
        return packet;
    }

    private int anyExtension() {
        return EXTENSION_HEADERS[random.nextInt(EXTENSION_HEADERS.length)];
    }

    /** From anywhere, about a packet of the server's or something like it. */
    private byte[] icmpError() {
        ByteBuf quoted = Unpooled.wrappedBuffer(Arrays.copyOf(fromServer, random.nextInt(Math.min(fromServer.length, 100) + 1)));
        if (quoted.isReadable() && random.nextBoolean()) {
            quoted.setByte(random.nextInt(quoted.readableBytes()), random.nextInt());
        }
        IpAddress source = IpAddress.parse(v4 ? "203.0.113." + random.nextInt(9) : "2001:db8::" + random.nextInt(9));
        int mtu = random.nextInt(8) == 0 ? random.nextInt() : MTUS[random.nextInt(MTUS.length)];
        ByteBuf message = Unpooled.wrappedBuffer(new byte[200]).clear();
        IpHeader header = new IpHeader().addresses(source, us());
        int typeAndCode = random.nextInt(v4 ? 14 : 5) << 8 | random.nextInt(random.nextBoolean() ? 8 : 256);
        message.writerIndex(IcmpMessage.write(typeAndCode, mtu, header, quoted, message, 0));
        return packet(source, v4 ? IcmpMessage.PROTOCOL_V4 : IcmpMessage.PROTOCOL_V6, ByteBufUtil.getBytes(message));
    }

    /** From, or to, an address that no packet can have. */
    private byte[] spoofed() {
        IpAddress[] sources = v4 ? NO_PEERS_V4 : NO_PEERS_V6;
        IpAddress source = sources[random.nextInt(sources.length)];
        if (!v4 && source.isV4()) {
            byte[] mapped = packet(IpPackets.PEER_V6, TCP, strangersSegment(IpPackets.PEER_V6));
            Unpooled.wrappedBuffer(mapped).setLong(8, source.high()).setLong(16, source.low());
            return mapped;
        }
        if (random.nextInt(4) == 0) {
            return packet(peer(), source, TCP, strangersSegment(peer()));
        }
        return packet(source, random.nextBoolean() ? TCP : random.nextInt(256), strangersSegment(source));
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(200)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[0] = (byte) (v4 ? 0x45 : 0x60);
        }
        return bytes;
    }

    private byte[] packet(IpAddress source, int protocol, byte[] content) {
        return packet(source, us(), protocol, content);
    }

    private byte[] packet(IpAddress source, IpAddress destination, int protocol, byte[] content) {
        int headerLength = v4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        byte[] packet = new byte[headerLength + content.length];
        System.arraycopy(content, 0, packet, headerLength, content.length);
        IpHeader header = new IpHeader().addresses(source, destination).protocol(protocol);
        if (v4) {
            Ipv4Header.write(header, content.length, Unpooled.wrappedBuffer(packet), 0);
        } else {
            Ipv6Header.write(header, content.length, Unpooled.wrappedBuffer(packet), 0);
        }
        return packet;
    }

    private IpAddress peer() {
        return v4 ? IpPackets.PEER_V4 : IpPackets.PEER_V6;
    }

    private IpAddress us() {
        return v4 ? IpPackets.US_V4 : IpPackets.US_V6;
    }

    private byte[] sealed(ByteBuf segment, IpAddress source) {
        TcpChecksum.fill(segment, 0, segment.readableBytes(), source, us());
        return ByteBufUtil.getBytes(segment);
    }

    private void repairHeader(ByteBuf packet) {
        int length = (packet.getByte(0) & 0xF) * 4;
        if (v4 && length >= 20 && length <= packet.capacity()) {
            packet.setShort(10, 0).setShort(10, InternetChecksum.of(packet, 0, length));
        }
    }

    private static boolean isSoundTcp(byte[] packet) {
        ByteBuf bytes = Unpooled.wrappedBuffer(packet);
        IpHeader header = new IpHeader();
        return IpHeader.read(bytes, 0, packet.length, header) == null && header.protocol() == TCP && !header.isFragment()
            && TcpChecksum.isValid(bytes, header.headerLength(), header.payloadLength(), header.source(), header.destination());
    }
}
