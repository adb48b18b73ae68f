package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InternetChecksumTest {
    @Test
    @Tag("RFC1071-3")
    void sumsTheExampleOfTheRfc() {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0001f203f4f5f6f7"));
        assertEquals(0xDDF2, InternetChecksum.sum(bytes, 0, 8));
        assertEquals(0x220D, InternetChecksum.of(bytes, 0, 8));
    }

    /** The parts of the RFC's table: 00 01 f2 | 03 f4 f5 f6 f7 with the second part taken at an odd position. */
    @Test
    @Tag("RFC1071-3")
    void aPartAtAnOddPositionIsSwapped() {
        ByteBuf composite = Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0001f2")),
            Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("03f4f5f6f7")));
        assertEquals(0xDDF2, InternetChecksum.sum(composite, 0, 8));
    }

    @ParameterizedTest
    @CsvSource({"'',0", "00,0", "ff,ff00", "0102,0102", "010203,0402", "ffff,ffff", "ffff0001,0001", "ffffffff,ffff", "0000,0", "8000800000,1"})
    void sumsByHand(String hex, String sum) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        assertEquals(Integer.parseInt(sum, 16), InternetChecksum.sum(bytes, 0, bytes.readableBytes()));
    }

    @Test
    void anyBufferGivesWhatTheDefinitionGives() {
        SplittableRandom random = RandomSegments.seeded("anyBufferGivesWhatTheDefinitionGives");
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 300)];
            random.nextBytes(bytes);
            if (random.nextInt(8) == 0) {
                Arrays.fill(bytes, (byte) 0xFF); // every addition carries
            }
            for (ByteBuf buffer : shapes(bytes, random)) {
                int index = random.nextInt(bytes.length + 1);
                int length = random.nextInt(bytes.length - index + 1);
                int expected = naiveSum(bytes, index, length);
                assertEquals(expected, InternetChecksum.sum(buffer, buffer.readerIndex() + index, length), buffer::toString);
                buffer.release();
            }
        }
    }

    private static List<ByteBuf> shapes(byte[] bytes, SplittableRandom random) {
        CompositeByteBuf composite = Unpooled.compositeBuffer(100);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, random.nextInt(2 + bytes.length / 3));
            ByteBuf part = random.nextBoolean() ? Unpooled.directBuffer(length + 1) : Unpooled.buffer(length + 1);
            composite.addComponent(true, part.writeBytes(bytes, at, length));
            at += length;
        }
        ByteBuf shifted = Unpooled.directBuffer(bytes.length + 3).writeZero(3).writeBytes(bytes).skipBytes(3);
        ByteBuf slice = Unpooled.buffer(bytes.length + 5).writeZero(5).writeBytes(bytes).slice(5, bytes.length);
        return List.of(Unpooled.wrappedBuffer(bytes), shifted, slice, composite, composite.retainedDuplicate(),
            composite.copy().asReadOnly(), Unpooled.directBuffer(bytes.length + 1).writeBytes(bytes).asReadOnly());
    }

    private static int naiveSum(byte[] bytes, int index, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (i & 1) == 0 ? (bytes[index + i] & 0xFF) << 8 : bytes[index + i] & 0xFF;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    /** Added up by hand: c000 0201 + c000 0202 + 0006 + 0014, and the same with the longer addresses. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,   192.0.2.2,   6,  20,    841e",
        "2001:db8::1, 2001:db8::2, 6,  20,    5b8f",
        "::1,         ::1,         6,  20,    1c",
        "127.0.0.1,   127.0.0.1,   17, 65535, fe13",
    })
    void pseudoHeadersOfBothVersions(String source, String destination, int protocol, int length, String sum) {
        assertEquals(Integer.parseInt(sum, 16),
            InternetChecksum.pseudoHeader(IpAddress.parse(source), IpAddress.parse(destination), protocol, length));
    }

    /** A SYN from 192.0.2.1:1 to 192.0.2.2:2, win 1: 841e + 0001 + 0002 + 5002 + 0001 = d424, complemented 2bdb. */
    @Test
    void aSegmentChecksumWorkedOutByHand() {
        IpAddress source = IpAddress.parse("192.0.2.1");
        IpAddress destination = IpAddress.parse("192.0.2.2");
        ByteBuf segment = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0001000200000000000000005002000112340000"));
        TcpChecksum.fill(segment, 0, 20, source, destination);
        assertEquals("00010002000000000000000050020001" + "2bdb" + "0000", ByteBufUtil.hexDump(segment));
        assertTrue(TcpChecksum.isValid(segment, 0, 20, source, destination));
        assertFalse(TcpChecksum.isValid(segment, 0, 20, source, source));
        for (int bit = 0; bit < 160; bit++) {
            segment.setByte(bit / 8, segment.getByte(bit / 8) ^ 1 << bit % 8);
            assertFalse(TcpChecksum.isValid(segment, 0, 20, source, destination));
            segment.setByte(bit / 8, segment.getByte(bit / 8) ^ 1 << bit % 8);
        }
    }
}
