package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IcmpMessageTest {
    private static final IpAddress US_V4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress PEER_V4 = IpAddress.parse("198.51.100.7");
    private static final IpAddress ROUTER_V4 = IpAddress.parse("203.0.113.1");
    private static final IpAddress US_V6 = IpAddress.parse("2001:db8::1");
    private static final IpAddress PEER_V6 = IpAddress.parse("2001:db8:7::7");
    private static final IpAddress ROUTER_V6 = IpAddress.parse("2001:db8:ff::1");
    private static final int SEQ = 0xFFFF_FF01;

    private final IcmpMessage message = new IcmpMessage();

    private static IpHeader fromRouter(boolean v4) {
        return v4 ? new IpHeader().addresses(ROUTER_V4, US_V4).protocol(IcmpMessage.PROTOCOL_V4)
            : new IpHeader().addresses(ROUTER_V6, US_V6).protocol(IcmpMessage.PROTOCOL_V6);
    }

    /** The packet that a message is about: IP header, TCP header, some data. */
    private static ByteBuf ourPacket(boolean v4, int payloadBytes) {
        TcpSegment segment = new TcpSegment().source(v4 ? US_V4 : US_V6, 4000).destination(v4 ? PEER_V4 : PEER_V6, 80)
            .seq(SEQ).ack(7).flags(TcpFlags.ACK);
        int ip = v4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        int length = TcpHeaderWriter.headerLength(segment) + payloadBytes;
        ByteBuf packet = Unpooled.buffer().writeZero(ip + length);
        IpHeader header = new IpHeader().addresses(segment.source(), segment.destination());
        if (v4) {
            Ipv4Header.write(header, length, packet, 0);
        } else {
            Ipv6Header.write(header, length, packet, 0);
        }
        TcpHeaderWriter.write(segment, packet, ip);
        return packet;
    }

    private static void seal(ByteBuf message, int length, IpHeader ip) {
        message.setShort(2, 0);
        int sum = InternetChecksum.sum(message, 0, length);
        int pseudo = ip.isV4() ? 0 : InternetChecksum.pseudoHeader(ip.source(), ip.destination(), IcmpMessage.PROTOCOL_V6, length);
        message.setShort(2, InternetChecksum.complement(InternetChecksum.add(sum, pseudo)));
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @EnumSource(IcmpErrorKind.class)
    void anErrorWrittenIsReadAsTheSame(IcmpErrorKind kind) {
        boolean v4 = kind != IcmpErrorKind.PROHIBITED && kind != IcmpErrorKind.UNKNOWN_OPTION;
        int mtu = kind == IcmpErrorKind.PACKET_TOO_BIG ? 1400 : 0;
        ByteBuf out = Unpooled.buffer();
        int length = IcmpMessage.writeError(kind, fromRouter(v4), mtu, ourPacket(v4, 0), out, 3);

        assertNull(IcmpMessage.read(out, 3, length, fromRouter(v4), message));
        assertTrue(message.isError());
        assertEquals(new IcmpError(kind, v4 ? US_V4 : US_V6, 4000, v4 ? PEER_V4 : PEER_V6, 80, SEQ, mtu), message.tcpError(out, 3));
    }

    @ParameterizedTest
    @CsvSource({"true, 576", "false, 1280"})
    @Tag("RFC4443-3.1")
    void anErrorFitsTheSmallestMtu(boolean v4, int smallestMtu) {
        ByteBuf out = Unpooled.buffer();
        int length = IcmpMessage.writeError(IcmpErrorKind.PORT_UNREACHABLE, fromRouter(v4), 0, ourPacket(v4, 3000), out, 0);
        assertEquals(smallestMtu, length + (v4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH));
        assertNull(IcmpMessage.read(out, 0, length, fromRouter(v4), message));
        assertNotNull(message.tcpError(out, 0));
    }

    /** The tables of RFC 792, 1122, 1812 and 4443. */
    @ParameterizedTest
    @CsvSource({
        "4, 3, 0, NETWORK_UNREACHABLE", "4, 3, 1, HOST_UNREACHABLE", "4, 3, 2, PROTOCOL_UNREACHABLE", "4, 3, 3, PORT_UNREACHABLE",
        "4, 3, 4, PACKET_TOO_BIG", "4, 3, 5, SOURCE_ROUTE_FAILED", "4, 3, 6, NETWORK_UNKNOWN", "4, 3, 7, HOST_UNKNOWN",
        "4, 3, 8, SOURCE_ISOLATED", "4, 3, 9, NETWORK_UNKNOWN", "4, 3, 10, HOST_PROHIBITED", "4, 3, 11, NETWORK_UNREACHABLE",
        "4, 3, 12, HOST_UNREACHABLE", "4, 3, 13, HOST_PROHIBITED", "4, 3, 14, HOST_PROHIBITED", "4, 3, 15, HOST_PROHIBITED",
        "4, 3, 16,", "4, 4, 0,", "4, 5, 1,", "4, 11, 0, TIME_EXCEEDED", "4, 11, 1, FRAGMENTS_MISSING", "4, 12, 0, PARAMETER_PROBLEM",
        "4, 8, 0,", "4, 0, 0,", "4, 13, 0,", "4, 255, 255,",
        "6, 1, 0, NETWORK_UNREACHABLE", "6, 1, 1, PROHIBITED", "6, 1, 2, HOST_UNREACHABLE", "6, 1, 3, HOST_UNREACHABLE",
        "6, 1, 4, PORT_UNREACHABLE", "6, 1, 5, PROHIBITED", "6, 1, 6, PROHIBITED", "6, 1, 7,", "6, 2, 0, PACKET_TOO_BIG",
        "6, 3, 0, TIME_EXCEEDED", "6, 3, 1, FRAGMENTS_MISSING", "6, 4, 0, PARAMETER_PROBLEM",
        "6, 4, 1, PARAMETER_PROBLEM", "6, 4, 2, UNKNOWN_OPTION", "6, 128, 0,", "6, 129, 0,", "6, 5, 0,"})
    void typesAndCodes(int version, int type, int code, IcmpErrorKind kind) {
        boolean v4 = version == 4;
        ByteBuf out = Unpooled.buffer();
        int length = IcmpMessage.writeError(IcmpErrorKind.PORT_UNREACHABLE, fromRouter(v4), 0, ourPacket(v4, 0), out, 0);
        out.setShort(0, type << 8 | code);
        seal(out, length, fromRouter(v4));

        assertNull(IcmpMessage.read(out, 0, length, fromRouter(v4), message));
        assertEquals(type, message.type());
        assertEquals(code, message.code());
        IcmpError error = message.tcpError(out, 0);
        assertEquals(kind, error == null ? null : error.kind());
    }

    /** Type 8, code 0, identifier 0x1234, sequence 1, data "ping"; the checksum by hand: 0800 + 1234 + 0001 + 7069 + 6e67 = f905. */
    @Test
    void anEchoRequestBecomesItsReply() {
        ByteBuf echo = bytes("0800 06fa 1234 0001 70696e67");
        IpHeader request = new IpHeader().addresses(PEER_V4, US_V4);
        assertNull(IcmpMessage.read(echo, 0, 12, request, message));
        assertTrue(message.isEchoRequest());
        assertFalse(message.isError());
        assertNull(message.tcpError(echo, 0));

        IcmpMessage.makeEchoReply(echo, 0, 12, new IpHeader().addresses(US_V4, PEER_V4));
        assertEquals("0000" + "0efa" + "12340001" + "70696e67", ByteBufUtil.hexDump(echo));
    }

    @Test
    void theChecksumOfVersionSixCoversTheAddresses() {
        ByteBuf out = Unpooled.buffer();
        int length = IcmpMessage.writeError(IcmpErrorKind.TIME_EXCEEDED, fromRouter(false), 0, ourPacket(false, 0), out, 0);
        IpHeader other = new IpHeader().addresses(PEER_V6, US_V6);
        assertEquals(DropReason.BAD_CHECKSUM, IcmpMessage.read(out, 0, length, other, message));
        assertEquals(DropReason.BAD_ICMP, IcmpMessage.read(out, 0, 7, other, message));
    }

    @Test
    void whatAVersionDoesNotHaveIsNotWritten() {
        assertThrows(IllegalArgumentException.class, () ->
            IcmpMessage.writeError(IcmpErrorKind.PROHIBITED, fromRouter(true), 0, ourPacket(true, 0), Unpooled.buffer(), 0));
        assertThrows(IllegalArgumentException.class, () ->
            IcmpMessage.writeError(IcmpErrorKind.HOST_UNKNOWN, fromRouter(false), 0, ourPacket(false, 0), Unpooled.buffer(), 0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "nothing quoted                |",
        "half an IP header             | 45000028000040004006",
        "no TCP behind the header      | 4500002800004000 40060000 c0000201 c6336407",
        "seven bytes of TCP            | 4500002800004000 40060000 c0000201 c6336407 0fa00050ffffff",
        "header length beyond the end  | 4f00002800004000 40060000 c0000201 c6336407 0fa00050ffffff01",
        "header length of 16           | 4400002800004000 40060000 c0000201 c6336407 0fa00050ffffff01",
        "a UDP datagram                | 4500002800004000 40110000 c0000201 c6336407 0fa00050ffffff01",
        "a later fragment              | 4500002800000001 40060000 c0000201 c6336407 0fa00050ffffff01",
        "an IPv6 packet                | 6000000000140640 40060000 c0000201 c6336407 0fa00050ffffff01"})
    void rubbishQuotedIsNoErrorOfOurs(String what, String quoted) {
        ByteBuf packet = quoted == null ? Unpooled.EMPTY_BUFFER : bytes(quoted);
        ByteBuf out = Unpooled.buffer();
        int length = IcmpMessage.writeError(IcmpErrorKind.HOST_UNREACHABLE, fromRouter(true), 0, packet, out, 0);
        assertNull(IcmpMessage.read(out, 0, length, fromRouter(true), message));
        assertNull(message.tcpError(out, 0), what);
    }

    /** An IPv6 packet between IPv4-mapped addresses is none of ours, least of all of the IPv4 connection that these addresses are of. */
    @ParameterizedTest
    @CsvSource({"::ffff:192.0.2.1, ::ffff:198.51.100.7", "::ffff:192.0.2.1, 2001:db8:7::7", "2001:db8::1, ::ffff:198.51.100.7"})
    void anErrorIsAboutAConnectionOfItsOwnFamily(String source, String destination) {
        ByteBuf packet = ourPacket(false, 0);
        setV6(packet, 8, IpAddress.parse(source));
        setV6(packet, 24, IpAddress.parse(destination));
        ByteBuf out = Unpooled.buffer();
        int length = IcmpMessage.writeError(IcmpErrorKind.PACKET_TOO_BIG, fromRouter(false), 600, packet, out, 0);
        assertNull(IcmpMessage.read(out, 0, length, fromRouter(false), message));
        assertNull(message.tcpError(out, 0));
    }

    private static void setV6(ByteBuf packet, int index, IpAddress address) {
        packet.setLong(index, address.high()).setLong(index + 8, address.low());
    }

    @ParameterizedTest
    @CsvSource({"true, 0, true", "true, 8, true", "true, 3, false", "true, 5, false", "true, 11, false", "true, 12, false",
        "false, 128, true", "false, 129, true", "false, 1, false", "false, 4, false", "false, 127, false", "false, 137, false"})
    @Tag("RFC1122-3.2.2")
    @Tag("RFC4443-2.4")
    void noErrorIsSentAboutAnother(boolean v4, int type, boolean may) {
        assertEquals(may, IcmpMessage.mayCauseError(type, v4));
    }

    /** Routers change the time to live and may leave the checksum as it was; the total length may be in host order (RFC 5927 section 4). */
    @Test
    void theQuotedHeaderNeedNotBeSound() {
        ByteBuf out = Unpooled.buffer();
        ByteBuf packet = bytes("45008888000040000006dead c0000201c6336407 0fa00050ffffff01");
        int length = IcmpMessage.writeError(IcmpErrorKind.TIME_EXCEEDED, fromRouter(true), 0, packet, out, 0);
        assertNull(IcmpMessage.read(out, 0, length, fromRouter(true), message));
        assertEquals("icmp TIME_EXCEEDED 192.0.2.1:4000 > 198.51.100.7:80 seq 4294967041", message.tcpError(out, 0).toString());
    }

    @Test
    void randomMessagesHarmNobody() {
        Random random = new Random(792);
        int errors = 0;
        for (int i = 0; i < 100_000; i++) {
            boolean v4 = random.nextBoolean();
            byte[] content = new byte[random.nextInt(80)];
            random.nextBytes(content);
            ByteBuf out = Unpooled.wrappedBuffer(content);
            if (content.length >= 8) {
                out.setByte(0, random.nextInt(v4 ? 13 : 5));
                out.setByte(1, random.nextInt(17));
                if (content.length > 48) {
                    out.setByte(8, v4 ? 0x45 : 0x60).setByte(v4 ? 17 : 14, TcpChecksum.PROTOCOL);
                }
                seal(out, content.length, fromRouter(v4));
                assertNull(IcmpMessage.read(out, 0, content.length, fromRouter(v4), message));
                if (message.tcpError(out, 0) != null) {
                    errors++;
                }
            } else {
                assertEquals(DropReason.BAD_ICMP, IcmpMessage.read(out, 0, content.length, fromRouter(v4), message));
            }
        }
        assertTrue(errors > 1000, "random messages that quote TCP: " + errors);
    }
}
