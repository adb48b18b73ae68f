package io.github.usertcp.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ten bytes, as a little-endian machine has them. */
@EnabledIf(value = "isLittleEndian", disabledReason = "the bytes below are those of a little-endian machine")
class VirtioNetHeaderTest {
    static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a small IPv4 segment,              20, 52,    0, false, 01000000000014001000",
        "a small IPv6 segment,              40, 60,    0, false, 01000000000028001000",
        "an IPv4 super-segment,             20, 52, 1448, false, 01013400a80514001000",
        "an IPv6 super-segment,             40, 72, 1428, false, 01044800940528001000",
        "an IPv4 super-segment with CWR,    20, 52, 1448, true,  01813400a80514001000",
        "an IPv6 super-segment with CWR,    40, 72, 1428, true,  01844800940528001000",
    })
    void tellsTheKernelWhereToCutAndSum(String what, int ipHeader, int headers, int segmentSize, boolean cwr, String expected) {
        ByteBuf packet = Unpooled.buffer(VirtioNetHeader.LENGTH).writerIndex(VirtioNetHeader.LENGTH);
        VirtioNetHeader.writeTcp(packet, 0, ipHeader, headers, segmentSize, cwr);
        assertEquals(expected, ByteBufUtil.hexDump(packet));
        assertEquals(segmentSize, VirtioNetHeader.tcpSegmentSize(packet, 0));
        assertTrue(VirtioNetHeader.isChecksumGood(packet, 0));
    }

    @Test
    void aPlainPacketIsAllZero() {
        ByteBuf packet = Unpooled.buffer().writeZero(20).setByte(3, 7);
        VirtioNetHeader.writePlain(packet, 0);
        assertEquals("00000000000000000000", ByteBufUtil.hexDump(packet, 0, VirtioNetHeader.LENGTH));
        assertFalse(VirtioNetHeader.isChecksumGood(packet, 0));
    }

    @ParameterizedTest
    @CsvSource({"02000000000000000000, true, 0", "00000000000000000000, false, 0", "0003340040050e001000, false, 0", "00053400e80300000000, false, 0"})
    void readsWhatTheKernelSays(String bytes, boolean checksumGood, int tcpSegmentSize) {
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(bytes));
        assertEquals(checksumGood, VirtioNetHeader.isChecksumGood(packet, 0));
        assertEquals(tcpSegmentSize, VirtioNetHeader.tcpSegmentSize(packet, 0));
    }
}
