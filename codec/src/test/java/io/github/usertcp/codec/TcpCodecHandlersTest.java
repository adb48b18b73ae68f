package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class TcpCodecHandlersTest {
    private static final IpAddress CLIENT = IpAddress.parse("192.0.2.1");
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");

    private static TcpSegment fromClient(String text) {
        return TcpSegment.parse(text).source(CLIENT, 1).destination(SERVER, 2).udpPorts(3, 4);
    }

    @Test
    void bytesAreSegmentsAndBack() {
        EmbeddedChannel client = new EmbeddedChannel(new TcpSegmentCodec());
        EmbeddedChannel server = new EmbeddedChannel(new TcpSegmentCodec());
        assertTrue(client.writeOutbound(fromClient("P. 1:6(5) ack 1 win 9 <TS val 1 ecr 2>")));
        ByteBuf bytes = client.readOutbound();
        assertEquals("00010002" + "00000001" + "00000001" + "80180009" + "00000000" + "0101080a0000000100000002" + "0000000000",
            ByteBufUtil.hexDump(bytes));
        assertTrue(server.writeInbound(bytes));
        TcpSegment arrived = server.readInbound();
        assertEquals("P. 1:6(5) ack 1 win 9 <TS val 1 ecr 2>", arrived.toString());
        assertEquals(1, arrived.sourcePort());
        assertEquals(2, arrived.destinationPort());
        assertTrue(arrived.release());
        assertFalse(client.finish() || server.finish());
    }

    @Test
    void checksumsBetweenTheGivenAddressesAreFilledInAndVerified() {
        EmbeddedChannel client = new EmbeddedChannel(new TcpSegmentCodec(CLIENT, SERVER));
        TcpSegmentCodec codec = new TcpSegmentCodec(SERVER, CLIENT);
        EmbeddedChannel server = new EmbeddedChannel(codec);
        client.writeOutbound(TcpSegment.parse("S 0:0(0) win 1").source(IpAddress.ANY_V4, 1).destination(IpAddress.ANY_V4, 2));
        ByteBuf bytes = client.readOutbound();
        assertEquals("0001000200000000000000005002" + "0001" + "2bdb" + "0000", ByteBufUtil.hexDump(bytes));
        ByteBuf spoiled = bytes.copy().setByte(7, 1);
        assertTrue(server.writeInbound(bytes));
        TcpSegment arrived = server.readInbound();
        assertEquals("192.0.2.1:1(0) > 192.0.2.2:2(0) S 0:0(0) win 1 ", Collected.everything(arrived));

        assertFalse(server.writeInbound(spoiled));
        assertEquals(1, codec.drops().count(DropReason.BAD_CHECKSUM));
        assertEquals(0, spoiled.refCnt());
        assertFalse(client.finish() || server.finish());
    }

    @Test
    void aSuperSegmentLeavesAsOneMessageForEachPiece() {
        EmbeddedChannel client = new EmbeddedChannel(new TcpSegmentEncoder());
        EmbeddedChannel server = new EmbeddedChannel(new TcpSegmentDecoder());
        client.writeOutbound(fromClient("FP. 1:2501(2500) ack 1 win 9").segmentSize(1000));
        for (String expected : new String[] {". 1:1001(1000) ack 1 win 9", ". 1001:2001(1000) ack 1 win 9", "FP. 2001:2501(500) ack 1 win 9"}) {
            server.writeInbound(client.<ByteBuf>readOutbound());
            TcpSegment piece = server.readInbound();
            assertEquals(expected, piece.toString());
            piece.release();
        }
        assertNull(client.readOutbound());
        assertFalse(client.finish() || server.finish());
    }

    @Test
    void rubbishIsCountedAndReleased() {
        TcpSegmentDecoder decoder = new TcpSegmentDecoder();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        ByteBuf[] rubbish = {Unpooled.directBuffer(), Unpooled.directBuffer().writeZero(19), Unpooled.directBuffer().writeZero(20)};
        for (ByteBuf bytes : rubbish) {
            assertFalse(channel.writeInbound(bytes));
            assertEquals(0, bytes.refCnt());
        }
        assertEquals("TRUNCATED_HEADER=2 DATA_OFFSET_TOO_SMALL=1", decoder.drops().toString());
        assertEquals(3, decoder.drops().total());
        assertFalse(channel.finish());
    }

    @Test
    void datagramsAreSegmentsAndBack() {
        EmbeddedChannel client = new EmbeddedChannel(new TcpDatagramCodec());
        EmbeddedChannel server = new EmbeddedChannel(new TcpDatagramCodec());
        client.writeOutbound(fromClient("P. 1:16(15) ack 1 win 9").segmentSize(10));
        for (String expected : new String[] {". 1:11(10) ack 1 win 9 00000000000000000000", "P. 11:16(5) ack 1 win 9 0000000000"}) {
            DatagramPacket packet = client.readOutbound();
            assertEquals(new InetSocketAddress("192.0.2.2", 4), packet.recipient());
            assertEquals(0, packet.content().getShort(16));
            server.writeInbound(new DatagramPacket(packet.content(), packet.recipient(), new InetSocketAddress("192.0.2.1", 3)));
            TcpSegment piece = server.readInbound();
            assertEquals("192.0.2.1:1(3) > 192.0.2.2:2(4) " + expected, Collected.everything(piece));
            piece.release();
        }
        assertFalse(client.finish() || server.finish());
    }

    @Test
    void datagramsGoWhereEachSegmentSays() {
        EmbeddedChannel client = new EmbeddedChannel(new TcpDatagramEncoder());
        String[] addresses = {"192.0.2.2", "192.0.2.2", "2001:db8::1", "192.0.2.2"};
        int[] ports = {4, 5, 5, 5};
        for (int i = 0; i < ports.length; i++) {
            client.writeOutbound(TcpSegment.parse("S 0:0(0) win 1").destination(IpAddress.parse(addresses[i]), 9).udpPorts(1, ports[i]));
            DatagramPacket packet = client.readOutbound();
            assertEquals(new InetSocketAddress(addresses[i], ports[i]), packet.recipient());
            packet.release();
        }
        assertFalse(client.finish());
    }

    @Test
    void datagramsThatAreNoSegmentsAreCountedAndReleased() {
        EmbeddedChannel client = new EmbeddedChannel(new TcpDatagramCodec(true));
        TcpDatagramCodec codec = new TcpDatagramCodec(true);
        EmbeddedChannel server = new EmbeddedChannel(codec);
        InetSocketAddress to = new InetSocketAddress("192.0.2.2", 4);
        InetSocketAddress from = new InetSocketAddress("192.0.2.1", 3);

        client.writeOutbound(fromClient("P. 1:16(15) ack 1 win 9"));
        ByteBuf sound = client.<DatagramPacket>readOutbound().content();
        ByteBuf spoiled = sound.copy().setByte(30, 1);
        ByteBuf multicast = sound.copy();
        ByteBuf empty = Unpooled.directBuffer();
        server.writeInbound(new DatagramPacket(spoiled, to, from));
        server.writeInbound(new DatagramPacket(multicast, to, new InetSocketAddress("224.0.0.1", 3)));
        server.writeInbound(new DatagramPacket(empty, to, from));
        assertNull(server.readInbound());
        assertEquals("TRUNCATED_HEADER=1 BAD_CHECKSUM=1 BAD_ADDRESS=1", codec.drops().toString());
        assertEquals(0, spoiled.refCnt() + multicast.refCnt() + empty.refCnt());

        assertTrue(server.writeInbound(new DatagramPacket(sound, to, from)));
        server.<TcpSegment>readInbound().release();
        assertFalse(client.finish() || server.finish());
    }
}
