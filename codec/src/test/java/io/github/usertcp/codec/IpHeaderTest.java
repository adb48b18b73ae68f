package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpHeaderTest {
    private static final String V6_ADDRESSES = "20010db8000000000000000000000001" + "20010db8000000000000000000000002";

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    /** The checksum by hand: 4500 + 0018 + 0007 + 4000 + 4006 + c000 + 0201 + c000 + 0202 = 492a after folding, complemented b6d5. */
    @Test
    void writesAndReadsIpv4() {
        IpHeader header = new IpHeader().addresses(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")).identification(7);
        ByteBuf out = Unpooled.buffer(25).setZero(0, 25);
        assertEquals(20, Ipv4Header.write(header, 4, out, 1));
        assertEquals("450000180007400040 06b6d5c0000201c0000202".replace(" ", ""), ByteBufUtil.hexDump(out, 1, 20));

        IpHeader back = new IpHeader();
        assertNull(IpHeader.read(out, 1, 24, back));
        assertEquals("192.0.2.1 > 192.0.2.2 protocol 6 length 4", back.toString());
        assertEquals(20, back.headerLength());
        assertEquals(7, back.identification());
        assertEquals(64, back.hopLimit());
        assertTrue(back.isV4() && back.isDontFragment());
        assertFalse(back.isFragment());
    }

    @Test
    void writesAndReadsIpv6() {
        IpHeader header = new IpHeader().addresses(IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::2"))
            .trafficClass(0xB9).flowLabel(0x12345).hopLimit(255);
        ByteBuf out = Unpooled.buffer(50).setZero(0, 50);
        assertEquals(40, Ipv6Header.write(header, 4, out, 1));
        assertEquals("6b912345000406ff" + V6_ADDRESSES, ByteBufUtil.hexDump(out, 1, 40));

        IpHeader back = new IpHeader();
        assertNull(IpHeader.read(out, 1, 44, back));
        assertEquals("2001:db8:0:0:0:0:0:1 > 2001:db8:0:0:0:0:0:2 protocol 6 length 4", back.toString());
        assertEquals(0xB9, back.trafficClass());
        assertEquals(0x12345, back.flowLabel());
        assertEquals(255, back.hopLimit());
        assertFalse(back.isV4() || back.isFragment());
    }

    @Test
    void paddingBehindThePacketIsNotPartOfIt() {
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(bytes("450000180007400040 06b6d5c0000201c0000202 01020304 000000000000"), 0, 30, header));
        assertEquals(4, header.payloadLength());
    }

    @Test
    void ipv4OptionsAreSkipped() {
        ByteBuf packet = bytes("460000180000000001060000c0000201c000020294040000");
        packet.setShort(10, InternetChecksum.of(packet, 0, 24));
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, 0, 24, header));
        assertEquals(24, header.headerLength());
        assertEquals(0, header.payloadLength());
        assertFalse(header.isDontFragment());
    }

    @ParameterizedTest
    @CsvSource({"2000, true, true, 0", "2001, true, true, 8", "1fff, true, false, 65528", "4000, false, false, 0", "8000, false, false, 0"})
    void ipv4FragmentsAreFlagged(String flagsAndOffset, boolean fragment, boolean more, int offset) {
        ByteBuf packet = bytes("450000140007" + flagsAndOffset + "40060000c0000201c0000202");
        packet.setShort(10, InternetChecksum.of(packet, 0, 20));
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, 0, 20, header));
        assertEquals(fragment, header.isFragment());
        assertEquals(more, header.hasMoreFragments());
        assertEquals(offset, header.fragmentOffset());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nothing at all             | BAD_IP_HEADER   | ''",
        "one byte                   | BAD_IP_HEADER   | 45",
        "no version we know         | BAD_IP_HEADER   | 550000140007400040060000c0000201c0000202",
        "version 0                  | BAD_IP_HEADER   | 050000140007400040060000c0000201c0000202",
        "19 bytes                   | BAD_IP_HEADER   | 450000130007400040060000c0000201c00002",
        "header length below 20     | BAD_IP_HEADER   | 440000140007400040060000c0000201c0000202",
        "header length beyond total | BAD_IP_HEADER   | 4f0000140007400040060000c0000201c0000202",
        "total length beyond bytes  | BAD_IP_HEADER   | 450000150007400040060000c0000201c0000202",
        "total length below header  | BAD_IP_HEADER   | 450000130007400040060000c0000201c0000202",
        "checksum off by one        | BAD_IP_CHECKSUM | 45000018000740004006b6d6c0000201c000020201020304",
    })
    void badIpv4HeadersAreNamed(String what, DropReason reason, String hex) {
        ByteBuf packet = bytes(hex);
        assertEquals(reason, IpHeader.read(packet, 0, packet.readableBytes(), new IpHeader()), what);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "none                       | 6  | 40 | 06 |",
        "hop by hop                 | 6  | 48 | 00 | 0600010400000000",
        "hop by hop of 16 bytes     | 6  | 56 | 00 | 06010104000000000000000000000000",
        "destination, routing done  | 17 | 56 | 3c | 2b00010400000000 1100040000000000",
        "authentication             | 6  | 64 | 33 | 060400000000000100000001 000000000000000000000000",
        "an atomic fragment         | 6  | 48 | 2c | 0600000000000007",
        "no next header             | 59 | 40 | 3b | 0102",
        "encrypted: goes no further | 50 | 40 | 32 | 0600000000000000",
    })
    void ipv6ExtensionHeadersAreWalkedThrough(String what, int protocol, int headerLength, String next, String extensions) {
        ByteBuf packet = ipv6(next, extensions == null ? "" : extensions);
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, 0, packet.readableBytes(), header), what);
        assertEquals(protocol, header.protocol(), what);
        assertEquals(headerLength, header.headerLength(), what);
        assertEquals(packet.readableBytes() - headerLength, header.payloadLength(), what);
        assertFalse(header.isFragment());
    }

    @Test
    void ipv6FragmentsAreFlaggedAndNotReadBeyond() {
        ByteBuf packet = ipv6("2c", "3c00 0011 00000009 ffffffffffffffff");
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, 0, packet.readableBytes(), header));
        assertTrue(header.isFragment() && header.hasMoreFragments());
        assertEquals(16, header.fragmentOffset());
        assertEquals(9, header.identification());
        assertEquals(60, header.protocol());
        assertEquals(8, header.payloadLength());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "an extension past the end      | 00 | 0601010400000000",
        "half an extension              | 00 | 06000104",
        "a missing extension            | 3c | ''",
        "options past their header      | 00 | 0600040500000000",
        "half an option                 | 3c | 0600010300000005",
        "nine extensions                | 3c | 3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000 "
            + "3c00010400000000 3c00010400000000 3c00010400000000 0600010400000000",
    })
    void badIpv6HeadersAreNamed(String what, String next, String extensions) {
        ByteBuf packet = ipv6(next, extensions);
        assertEquals(DropReason.BAD_IP_HEADER, IpHeader.read(packet, 0, packet.readableBytes(), new IpHeader()), what);
    }

    @ParameterizedTest
    @Tag("RFC8200-4.2")
    @CsvSource(delimiter = '|', value = {
        "unknown, to be skipped           | 00 | 06003e0400000000 |                |",
        "unknown, to be skipped           | 3c | 06003e0400000000 |                |",
        "unknown, discard in silence      | 00 | 0600420400000000 | UNKNOWN_OPTION | -1",
        "unknown, discard and tell        | 00 | 0600820400000000 | UNKNOWN_OPTION | 42",
        "unknown, tell but of multicasts  | 3c | 0600c20400000000 | UNKNOWN_OPTION | 42",
        "the second is unknown            | 3c | 0600000100800100 | UNKNOWN_OPTION | 45",
        "the first of two counts          | 3c | 0600810080020000 | UNKNOWN_OPTION | 42",
        "all of them padding              | 3c | 0600000000000000 |                |",
    })
    void unknownIpv6OptionsSayWhatBecomesOfThePacket(String what, String next, String extensions, DropReason reason, Integer problem) {
        ByteBuf packet = ipv6(next, extensions);
        IpHeader header = new IpHeader();
        assertEquals(reason, IpHeader.read(packet, 0, packet.readableBytes(), header), what);
        assertEquals(problem == null ? -1 : problem, header.problemOffset(), what);
    }

    @Test
    @Tag("RFC8200-4.4")
    void aSourceRouteStillGoingOnIsAProblemAndTheProtocolBehindItIsTold() {
        ByteBuf packet = ipv6("2b", "3a00040100000000" + "0100000000000000");
        IpHeader header = new IpHeader();
        assertEquals(DropReason.SOURCE_ROUTE, IpHeader.read(packet, 0, packet.readableBytes(), header));
        assertEquals(42, header.problemOffset());
        assertEquals(58, header.protocol());
        assertEquals(48, header.headerLength());
    }

    @Test
    @Tag("RFC8200-4")
    void hopByHopOptionsElsewhereThanInFrontAreNoExtension() {
        ByteBuf packet = ipv6("3c", "0000010400000000" + "0600010400000000");
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, 0, packet.readableBytes(), header));
        assertEquals(0, header.protocol());
        assertEquals(40, header.protocolOffset());
    }

    @ParameterizedTest
    @CsvSource({"830704c0000201, SOURCE_ROUTE", "890704c0000201, SOURCE_ROUTE", "01018303040000, SOURCE_ROUTE", "00890704c00002,",
        "94040000010101,", "94000000000000, BAD_IP_HEADER", "94010000000000, BAD_IP_HEADER", "940a0000000000, BAD_IP_HEADER",
        "01010101010101,"})
    void ipv4OptionsAreLookedThroughForSourceRoutes(String options, DropReason reason) {
        ByteBuf packet = bytes("470000200000000001060000c0000201c0000202" + options + "00" + "01020304");
        packet.setShort(10, InternetChecksum.of(packet, 0, 28));
        assertEquals(reason, IpHeader.read(packet, 0, 32, new IpHeader()));
    }

    @Test
    void anOptionThatOnlyBeginsInTheHeaderIsBad() {
        ByteBuf packet = bytes("460000180000000001060000c0000201c0000202" + "01010194");
        packet.setShort(10, InternetChecksum.of(packet, 0, 24));
        assertEquals(DropReason.BAD_IP_HEADER, IpHeader.read(packet, 0, 24, new IpHeader()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fragmentsAreWrittenAndRead(boolean v4) {
        IpHeader header = new IpHeader().addresses(IpAddress.parse(v4 ? "192.0.2.1" : "2001:db8::1"),
            IpAddress.parse(v4 ? "192.0.2.2" : "2001:db8::2")).protocol(17).identification(0xBEEF).dontFragment(false).fragment(1480, true);
        ByteBuf out = Unpooled.buffer().writeZero(48 + 16);
        int length = v4 ? Ipv4Header.write(header, 16, out, 0) : Ipv6Header.write(header, 16, out, 0);
        assertEquals(v4 ? 20 : 48, length);

        IpHeader back = new IpHeader();
        assertNull(IpHeader.read(out, 0, length + 16, back));
        assertTrue(back.isFragment() && back.hasMoreFragments());
        assertEquals(1480, back.fragmentOffset());
        assertEquals(0xBEEF, back.identification());
        assertEquals(17, back.protocol());
        assertEquals(16, back.payloadLength());
        assertEquals(!v4, back.isDontFragment());
    }

    @Test
    void badIpv6LengthsAreNamed() {
        ByteBuf packet = ipv6("06", "00");
        assertEquals(DropReason.BAD_IP_HEADER, IpHeader.read(packet, 0, 40, new IpHeader()));
        assertEquals(DropReason.BAD_IP_HEADER, IpHeader.read(packet, 0, 39, new IpHeader()));
        assertNull(IpHeader.read(packet, 0, 41, new IpHeader()));
    }

    @Test
    void anIpv4MappedAddressIsNoAddressOfTheWire() {
        ByteBuf packet = ipv6("06", "");
        packet.setBytes(8, ByteBufUtil.decodeHexDump("00000000000000000000ffffc0000201"));
        assertEquals(DropReason.BAD_ADDRESS, IpHeader.read(packet, 0, 40, new IpHeader()));
    }

    private static ByteBuf ipv6(String next, String extensions) {
        String payload = extensions.replace(" ", "");
        return bytes("60000000" + String.format("%04x", payload.length() / 2) + next + "40" + V6_ADDRESSES + payload);
    }

    @Test
    void theCallersMistakesAreRefused() {
        ByteBuf out = Unpooled.buffer(40);
        IpHeader v4 = new IpHeader();
        IpHeader v6 = new IpHeader().addresses(IpAddress.ANY_V6, IpAddress.ANY_V6);
        assertThrows(IllegalArgumentException.class, () -> Ipv4Header.write(v6, 0, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Ipv6Header.write(v4, 0, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Ipv4Header.write(v4, 65516, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Ipv6Header.write(v6, 65536, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Ipv6Header.write(v6, -1, out, 0));
    }
}
