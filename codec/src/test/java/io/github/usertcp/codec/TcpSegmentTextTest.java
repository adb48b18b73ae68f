package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpSegmentTextTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "S 0:0(0) win 65535 <mss 1460>",
        "S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 100 ecr 4294967295,wscale 8>",
        "P. 1:1001(1000) ack 1 win 257",
        ". 4294967295:9(10) ack 4294967295 win 0 <TS val 1 ecr 2,sack 1:2 3:4 5:6 4294967290:5>",
        "SEW 0:0(0) win 0 <FO>",
        "S 0:4(4) win 0 <FO 0011223344556677,uto 65535>",
        "S 0:0(0) win 0 <FOEXP>",
        "S. 0:0(0) ack 1 win 0 <mss 1460,FOEXP 0011223344556677>",
        "FPUEWA. 1:1(0) ack 1 win 1 urg 65535",
        "R 5:5(0) win 0",
        "- 5:5(0) win 0",
        "[ce] . 1:11(10) ack 1 win 5 <ECN e0b 1 ceb 10>",
        "[ect0] EA. 1:1(0) ack 1 win 5 <ECN e1b 1 ceb 0 e0b 16777215>",
        "[ect1] . 1:1(0) ack 1 win 5 <sack 1:2,ECN e1b 7>",
        ". 1:1(0) ack 1 win 5 <ECN>",
    })
    void writesWhatItReads(String text) {
        assertEquals(text, TcpSegment.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "P. 1:1001(1000) ack 1 | P. 1:1001(1000) ack 1 win 0",
        ".S 0:0(0) ack 1 win 1 <> | S. 0:0(0) ack 1 win 1",
        "S 0:0(0) win 1 <mss 1460,nop,nop,sackOK,nop,wscale 7,eol> | S 0:0(0) win 1 <mss 1460,sackOK,wscale 7>",
        "S 0:0(0) win 1 <nop> | S 0:0(0) win 1",
        "'  . 1 : 2 ( 1 )   ack 1   win 5   < nop , TS val 1 ecr 2 > ' | . 1:2(1) ack 1 win 5 <TS val 1 ecr 2>",
        ".5 1:1(0) ack 1 win 1 | EA. 1:1(0) ack 1 win 1",
        "S.6 1:1(0) ack 1 win 1 | SWA. 1:1(0) ack 1 win 1",
        "[noecn] . 1:1(0) ack 1 win 1 <ECN e0b 1 ceb 2 e1b 3,nop> | . 1:1(0) ack 1 win 1 <ECN e0b 1 ceb 2 e1b 3>",
        "P.0 1:1(0) ack 1 win 1 | P. 1:1(0) ack 1 win 1",
    })
    void readsWhatPacketdrillAllows(String text, String canonical) {
        assertEquals(canonical, TcpSegment.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "S", "S 0", "S 0:0", "S 0:0(0", "S 0:1(0)", "S 0:0(0) win 65536", "S 0:0(0) win", "S 0:0(0) ack -1", "S 0:0(0) ack 4294967296",
        "X 0:0(0)", "S 0:0(0) nonsense", "S 0:0(0) <mss>", "S 0:0(0) <mss 65536>", "S 0:0(0) <wscale 256>", "S 0:0(0) <mss 1460", "S 0:0(0) <what 1>",
        "S 0:0(0) <sack 1>", "S 0:0(0) <sack 1:2 3:4 5:6 7:8 9:10>", "S 0:0(0) <TS val 1>", "S 0:0(0) <FO 123>", "S 0:0(0) <FOEXP 123>", "S 0:0(0) <mss 1,>", ". 0:2000000(2000000)",
        "S 0:0(0) win 1 ack 1", ".8 0:0(0)", "[ect2] . 1:1(0)", "[ce . 1:1(0)", ". 1:1(0) <ECN ceb 1>", ". 1:1(0) <ECN e0b 16777216>",
        ". 1:1(0) <ECN e0b 1 e1b 2>",
    })
    void refusesWhatIsNoSegment(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> TcpSegment.parse(text)).getMessage();
        assertFalse(message.isEmpty());
    }

    @Test
    void noTextUpsetsTheReader() {
        SplittableRandom random = RandomSegments.seeded("noTextUpsetsTheReader");
        RandomSegments segments = new RandomSegments(random);
        String letters = "SFRP.UEWA-0123456789 :()<>,acksnowiTSvlmp\t\u0660";
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(segments.any(8).toString());
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                text.replace(at, at + random.nextInt(2), String.valueOf(letters.charAt(random.nextInt(letters.length()))));
            }
            try {
                TcpSegment segment = TcpSegment.parse(text.toString());
                assertEquals(segment.toString(), TcpSegment.parse(segment.toString()).toString());
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void namesColumnAndExpectation() {
        String message = assertThrows(IllegalArgumentException.class, () -> TcpSegment.parse("S 0:0(0) win lots")).getMessage();
        assertEquals("expected an unsigned 32-bit number at column 14 of \"S 0:0(0) win lots\"", message);
    }

    @Test
    void readsEveryField() {
        TcpSegment s = TcpSegment.parse("FP. 4294967294:2(4) ack 7 win 8 urg 9 <mss 10,sackOK,TS val 11 ecr 12,wscale 13,sack 14:15,FO abcd,uto 16>");
        assertEquals(TcpFlags.FIN | TcpFlags.PSH | TcpFlags.ACK, s.flags());
        assertEquals(-2, s.seq());
        assertEquals(7, s.ack());
        assertEquals(8, s.window());
        assertEquals(9, s.urgentPointer());
        assertEquals(10, s.mss());
        assertTrue(s.isSackPermitted());
        assertTrue(s.hasTimestamps());
        assertEquals(11, s.tsVal());
        assertEquals(12, s.tsEcr());
        assertEquals(13, s.windowScale());
        assertEquals(1, s.sackBlockCount());
        assertEquals(14, s.sackLeft(0));
        assertEquals(15, s.sackRight(0));
        assertArrayEquals(new byte[] {(byte) 0xAB, (byte) 0xCD}, s.fastOpenCookie());
        assertEquals(16, s.userTimeout());
        assertEquals(4, s.payloadLength());
        assertEquals(5, s.sequenceLength());
        assertEquals(0, s.payload().getInt(0));
    }

    @Test
    void absentOptionsStayAbsent() {
        TcpSegment s = TcpSegment.parse(". 1:1(0) ack 1 win 1");
        assertEquals(TcpSegment.ABSENT, s.mss());
        assertEquals(TcpSegment.ABSENT, s.windowScale());
        assertEquals(TcpSegment.ABSENT, s.userTimeout());
        assertFalse(s.isSackPermitted());
        assertFalse(s.hasTimestamps());
        assertEquals(0, s.sackBlockCount());
        assertNull(s.fastOpenCookie());
    }

    @Test
    void ackWithoutItsFlagIsOnlyTheField() {
        TcpSegment s = TcpSegment.parse("R 1:1(0) ack 5 win 0");
        assertFalse(s.isAck());
        assertEquals(5, s.ack());
        assertEquals("R 1:1(0) ack 5 win 0", s.toString());
    }

    @Test
    void parseIsTheInverseOfFormat() {
        SplittableRandom random = RandomSegments.seeded("parseIsTheInverseOfFormat");
        RandomSegments segments = new RandomSegments(random);
        for (int i = 0; i < 20_000; i++) {
            TcpSegment segment = segments.any(64);
            TcpSegment back = TcpSegment.parse(segment.toString());
            assertEquals(segment.toString(), back.toString());
            assertTrue(segment.sameOptions(back), segment::toString);
            assertEquals(segment.seq(), back.seq());
            assertEquals(segment.ack(), back.ack());
            assertEquals(segment.flags(), back.flags());
            assertEquals(segment.window(), back.window());
            assertEquals(segment.urgentPointer(), back.urgentPointer());
            assertEquals(segment.payloadLength(), back.payloadLength());
        }
    }
}
