package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpHeaderTest {
    private static final String PORTS = "c0001f47"; // 49152 > 8007

    /** Worked out by hand from RFC 9293 3.1, RFC 7323 2.2 and 3.2, RFC 2018 2 and 3, RFC 5482 3, RFC 7413 4.1.1, RFC 9768 3.2.3. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "S 1:1(0) win 65535                                   | 00000001 00000000 5002 ffff 0000 0000",
        ". 4294967295:4294967295(0) ack 2147483648 win 1      | ffffffff 80000000 5010 0001 0000 0000",
        "FPUEWA. 1:1(0) ack 2 win 3 urg 4                     | 00000001 00000002 51f9 0003 0000 0004",
        "R 5:5(0) win 0                                       | 00000005 00000000 5004 0000 0000 0000",
        "S 0:0(0) win 1 <mss 1460,sackOK,TS val 1 ecr 2,wscale 8> "
            + "| 00000000 00000000 a002 0001 0000 0000 020405b4 0402 080a 00000001 00000002 01 030308",
        "S 0:0(0) win 1 <mss 1460,TS val 1 ecr 2,wscale 8> "
            + "| 00000000 00000000 a002 0001 0000 0000 020405b4 0101 080a 00000001 00000002 01 030308",
        "S 0:0(0) win 1 <mss 1460,sackOK,wscale 8>            | 00000000 00000000 8002 0001 0000 0000 020405b4 0101 0402 01 030308",
        "S 0:0(0) win 1 <mss 1460,wscale 8>                   | 00000000 00000000 7002 0001 0000 0000 020405b4 01 030308",
        "S 0:0(0) win 1 <mss 536>                             | 00000000 00000000 6002 0001 0000 0000 02040218",
        ". 1:1(0) ack 1 win 1 <TS val 4294967295 ecr 3>       | 00000001 00000001 8010 0001 0000 0000 0101 080a ffffffff 00000003",
        ". 1:1(0) ack 1 win 1 <sack 5:6>                      | 00000001 00000001 8010 0001 0000 0000 0101 050a 00000005 00000006",
        ". 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 5:6 7:8>   "
            + "| 00000001 00000001 d010 0001 0000 0000 0101 080a 00000001 00000002 0101 0512 00000005 00000006 00000007 00000008",
        "S 0:0(0) win 1 <mss 1460,FO>                         | 00000000 00000000 7002 0001 0000 0000 020405b4 2202 0101",
        "S 0:0(0) win 1 <mss 1460,FO 0102030405060708>        | 00000000 00000000 9002 0001 0000 0000 020405b4 220a 0102030405060708 0101",
        ". 1:1(0) ack 1 win 1 <uto 32769>                     | 00000001 00000001 6010 0001 0000 0000 1c048001",
        ". 1:1(0) ack 1 win 1 <ECN e1b 1 ceb 2 e0b 16777215>  "
            + "| 00000001 00000001 8010 0001 0000 0000 ae0b 000001 000002 ffffff 01",
        ". 1:1(0) ack 1 win 1 <ECN e0b 258 ceb 2 e1b 3>       | 00000001 00000001 8010 0001 0000 0000 ac0b 000102 000002 000003 01",
        ". 1:1(0) ack 1 win 1 <ECN e1b 1 ceb 2>               | 00000001 00000001 7010 0001 0000 0000 ae08 000001 000002",
        ". 1:1(0) ack 1 win 1 <ECN e1b 1>                     | 00000001 00000001 7010 0001 0000 0000 ae05 000001 01 0101",
        ". 1:1(0) ack 1 win 1 <ECN>                           | 00000001 00000001 6010 0001 0000 0000 ae02 0101",
        ". 1:1(0) ack 1 win 1 <sack 5:6,ECN e1b 1>            | 00000001 00000001 9010 0001 0000 0000 ae05 000001 01 050a 00000005 00000006",
        ". 1:1(0) ack 1 win 1 <sack 5:6,ECN>                  | 00000001 00000001 8010 0001 0000 0000 ae02 050a 00000005 00000006",
        "S. 1:1(0) ack 1 win 1 <mss 1460,sackOK,wscale 8,ECN e1b 1 ceb 0 e0b 1> "
            + "| 00000001 00000001 b012 0001 0000 0000 020405b4 ae0b 000001 000000 000001 01 0101 0402 01 030308",
        "S. 1:1(0) ack 1 win 1 <mss 1460,sackOK,wscale 8,ECN> | 00000001 00000001 8012 0001 0000 0000 020405b4 ae02 0402 01 030308",
        "S. 1:1(0) ack 1 win 1 <mss 1460,wscale 8,ECN e1b 9>  | 00000001 00000001 8012 0001 0000 0000 020405b4 ae05 000009 030308",
    })
    void bytesAndTextSayTheSame(String text, String hex) {
        byte[] bytes = ByteBufUtil.decodeHexDump(PORTS + hex.replace(" ", ""));
        TcpSegment segment = TcpSegment.parse(text).source(IpAddress.ANY_V4, 49152).destination(IpAddress.ANY_V4, 8007);
        ByteBuf out = Unpooled.buffer(80).setZero(0, 80);
        assertEquals(bytes.length, TcpHeaderWriter.write(segment, out, 7));
        assertEquals(bytes.length - 20, TcpHeaderWriter.optionsLength(segment));
        assertEquals(PORTS + hex.replace(" ", ""), ByteBufUtil.hexDump(out, 7, bytes.length));

        TcpSegment back = new TcpSegment();
        assertNull(TcpHeaderReader.read(out, 7, bytes.length, back));
        assertEquals(text.trim(), back.toString());
        assertEquals(49152, back.sourcePort());
        assertEquals(8007, back.destinationPort());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nop, eol and what follows it           | 01 00 ff ff       | S 0:0(0) win 0",
        "eol alone                              | 00 00 00 00       | S 0:0(0) win 0",
        "an unknown kind is skipped             | fd 04 f9 89 02 04 05 b4 | S 0:0(0) win 0 <mss 1460>",
        "the longest unknown option             | 4d 04 ab cd 4e 04 ab cd 4f 04 ab cd 50 04 ab cd 51 04 ab cd 52 04 ab cd 53 04 ab cd 54 04 ab cd "
            + "55 04 ab cd 02 04 05 b4 | S 0:0(0) win 0 <mss 1460>",
        "an MSS of the wrong length             | 02 06 05 b4 00 00 01 01 | S 0:0(0) win 0",
        "a window scale of the wrong length     | 03 04 07 07 | S 0:0(0) win 0",
        "a long SACK permitted                  | 04 04 00 00 | S 0:0(0) win 0",
        "timestamps of the wrong length         | 01 08 09 00 00 00 01 00 00 00 01 01 | S 0:0(0) win 0",
        "half a SACK block                      | 01 01 05 06 00 00 00 01 | S 0:0(0) win 0",
        "a cookie of two bytes                  | 22 04 00 01 | S 0:0(0) win 0",
        "an odd cookie                          | 22 07 00 01 02 03 04 01 | S 0:0(0) win 0",
        "a cookie longer than 16 bytes          | 22 14 000102030405060708090a0b0c0d0e0f1011 | S 0:0(0) win 0",
        "a cookie request                       | 22 02 01 01 | S 0:0(0) win 0 <FO>",
        "an experimental cookie request         | fe 04 f9 89 | S 0:0(0) win 0 <FOEXP>",
        "an experimental cookie                 | fe 08 f9 89 00 01 02 03 | S 0:0(0) win 0 <FOEXP 00010203>",
        "another experiment's option            | fe 08 f9 8a 00 01 02 03 | S 0:0(0) win 0",
        "an experiment without a name           | fe 02 01 01 | S 0:0(0) win 0",
        "an experiment with half a name         | fe 03 f9 01 | S 0:0(0) win 0",
        "an experimental cookie of two bytes    | fe 06 f9 89 00 01 01 01 | S 0:0(0) win 0",
        "an odd experimental cookie             | fe 09 f9 89 00 01 02 03 04 01 01 01 | S 0:0(0) win 0",
        "an experimental cookie of 18 bytes     | fe 16 f9 89 000102030405060708090a0b0c0d0e0f1011 01 01 | S 0:0(0) win 0",
        "two cookies: the last                  | 22 06 00 01 02 03 01 01 fe 08 f9 89 04 05 06 07 | S 0:0(0) win 0 <FOEXP 04050607>",
        "a repeated MSS: the last               | 02 04 00 01 02 04 00 02 | S 0:0(0) win 0 <mss 2>",
        "a repeated SACK: the last              | 01 01 05 0a 00 00 00 01 00 00 00 02 01 01 05 0a 00 00 00 03 00 00 00 04 | S 0:0(0) win 0 <sack 3:4>",
        "five bytes of user timeout             | 1c 05 00 01 02 01 01 01 | S 0:0(0) win 0",
        "six bytes of accurate ECN              | ac 06 00 00 01 02 01 01 | S 0:0(0) win 0",
        "accurate ECN of four counters          | ae 0e 00 00 01 00 00 02 00 00 03 00 00 04 01 01 | S 0:0(0) win 0",
        "a repeated accurate ECN: the last      | ac 05 00 00 01 ae 08 00 00 02 00 00 03 01 01 01 | S 0:0(0) win 0 <ECN e1b 2 ceb 3>",
        "timestamps not aligned                 | 08 0a 00 00 00 01 00 00 00 02 01 01 | S 0:0(0) win 0 <TS val 1 ecr 2>",
    })
    void readsOddOptionsWithoutHarm(String what, String options, String expected) {
        TcpSegment segment = new TcpSegment();
        ByteBuf header = header(options);
        assertNull(TcpHeaderReader.readHeader(header, 0, header.readableBytes(), segment), what);
        assertEquals(expected, segment.toString(), what);
    }

    /** RFC 9768 section 3.2.3.3: as many counters as there is room for; of more than two SACK blocks one gives way to a counter that matters. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "3 | . 1:1(0) ack 1 win 1                                        | . 1:1(0) ack 1 win 1 <ECN e1b 1 ceb 2 e0b 3>",
        "0 | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4>          | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4,ECN e1b 1 ceb 2>",
        "3 | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4>          | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4>",
        "0 | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6>      | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6,ECN>",
        "1 | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6>      | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4,ECN e1b 1 ceb 2>",
        "3 | . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6 7:8>                 | . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6,ECN e1b 1 ceb 2 e0b 3>",
        "1 | . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6 7:8>                 | . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6 7:8,ECN e1b 1>",
        "0 | S. 1:1(0) ack 1 win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FO 0011223344556677> "
            + "| S. 1:1(0) ack 1 win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FO 0011223344556677,ECN e1b 1 ceb 2>",
    })
    void fitsCountersToTheRoomThereIs(int required, String text, String expected) {
        TcpSegment segment = TcpSegment.parse(text).ecnOption(true, 3).ecnCounters(3, 2, 1);
        TcpHeaderWriter.fitEcnOption(segment, required);
        assertEquals(expected, segment.toString());
        assertTrue(TcpHeaderWriter.optionsLength(segment) <= 40);
    }

    private static ByteBuf header(String options) {
        byte[] bytes = ByteBufUtil.decodeHexDump(options.replace(" ", ""));
        int words = 5 + bytes.length / 4;
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(PORTS + "0000000000000000" + Integer.toHexString(words) + "002000000000000"), bytes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "TRUNCATED_HEADER           | ''",
        "TRUNCATED_HEADER           | 0001 0002 00000000 00000000 5010 0000 0000 00",
        "DATA_OFFSET_TOO_SMALL      | 0001 0002 00000000 00000000 4010 0000 0000 0000",
        "DATA_OFFSET_TOO_SMALL      | 0001 0002 00000000 00000000 0010 0000 0000 0000",
        "DATA_OFFSET_BEYOND_SEGMENT | 0001 0002 00000000 00000000 6010 0000 0000 0000",
        "DATA_OFFSET_BEYOND_SEGMENT | 0001 0002 00000000 00000000 f010 0000 0000 0000 0101 0101",
        "PORT_ZERO                  | 0000 0002 00000000 00000000 5010 0000 0000 0000",
        "PORT_ZERO                  | 0001 0000 00000000 00000000 5010 0000 0000 0000",
        "IMPOSSIBLE_FLAGS           | 0001 0002 00000000 00000000 5000 0000 0000 0000",
        "IMPOSSIBLE_FLAGS           | 0001 0002 00000000 00000000 5e00 0000 0000 0000",
        "IMPOSSIBLE_FLAGS           | 0001 0002 00000000 00000000 5003 0000 0000 0000",
        "IMPOSSIBLE_FLAGS           | 0001 0002 00000000 00000000 5006 0000 0000 0000",
        "IMPOSSIBLE_FLAGS           | 0001 0002 00000000 00000000 51ff 0000 0000 0000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 02000000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 fe000000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 02010000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 ac000000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 ae0b0000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 02050000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 01010102",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 080a0000 00000000 0000",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 6010 0000 0000 0000 01080aff 01",
        "BAD_OPTION_LENGTH          | 0001 0002 00000000 00000000 7010 0000 0000 0000 0101 0512 00000001",
    })
    void namesWhyItDrops(DropReason reason, String hex) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
        TcpSegment segment = new TcpSegment();
        assertEquals(reason, TcpHeaderReader.read(bytes, 0, bytes.readableBytes(), segment));
        assertSame(Unpooled.EMPTY_BUFFER, segment.payload());
        assertEquals(1, bytes.refCnt());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2, 1, 2,", "192.0.2.1, 192.0.2.1, 1, 2,", "127.0.0.1, 127.0.0.1, 1, 2,", "2001:db8::1, 2001:db8::2, 1, 1,",
        "192.0.2.1, 0.0.0.0, 1, 1,",
        "192.0.2.1, 192.0.2.1, 1, 1, BAD_ADDRESS", "2001:db8::1, 2001:db8::1, 9, 9, BAD_ADDRESS", "0.0.0.0, 192.0.2.1, 1, 2, BAD_ADDRESS",
        "::, 2001:db8::1, 1, 2, BAD_ADDRESS", "224.0.0.1, 192.0.2.1, 1, 2, BAD_ADDRESS", "192.0.2.1, 239.1.2.3, 1, 2, BAD_ADDRESS",
        "255.255.255.255, 192.0.2.1, 1, 2, BAD_ADDRESS", "192.0.2.1, 255.255.255.255, 1, 2, BAD_ADDRESS", "ff02::1, 2001:db8::1, 1, 2, BAD_ADDRESS",
        "2001:db8::1, ff02::1, 1, 2, BAD_ADDRESS",
    })
    void checksWhetherAddressesCanBePeers(String source, String destination, int sourcePort, int destinationPort, DropReason expected) {
        TcpSegment segment = new TcpSegment().source(IpAddress.parse(source), sourcePort).destination(IpAddress.parse(destination), destinationPort);
        assertEquals(expected, TcpHeaderReader.checkAddresses(segment));
    }

    @Test
    void sameAddressAndTcpPortOnAnotherUdpPortIsNoLand() {
        IpAddress loopback = IpAddress.parse("127.0.0.1");
        TcpSegment segment = new TcpSegment().source(loopback, 8007).destination(loopback, 8007).udpPorts(40000, 8007);
        assertNull(TcpHeaderReader.checkAddresses(segment));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "the fourth SACK block, beside timestamps | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6 7:8> | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6>",
        "nothing, with four blocks and a timeout  | . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6 7:8,uto 9> | . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6 7:8,uto 9>",
        "a block rather than the timeout | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6,uto 9> | . 1:1(0) ack 1 win 1 <TS val 1 ecr 2,sack 1:2 3:4,uto 9>",
        "the user timeout, beside a long cookie | S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FO 00112233445566778899aabbccddeeff,uto 9> "
            + "| S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FO 00112233445566778899aabbccddeeff>",
        "all SACK blocks, in a full SYN | S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,sack 1:2,FO 0011223344556677> "
            + "| S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FO 0011223344556677>",
        "nothing, with the longest experimental cookie "
            + "| S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FOEXP 00112233445566778899aabbccddeeff> "
            + "| S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FOEXP 00112233445566778899aabbccddeeff>",
    })
    void leavesOutWhatDoesNotFit(String leftOut, String text, String written) {
        TcpSegment segment = TcpSegment.parse(text).source(IpAddress.ANY_V4, 1).destination(IpAddress.ANY_V4, 2);
        ByteBuf out = Unpooled.buffer(60);
        int length = TcpHeaderWriter.write(segment, out, 0);
        TcpSegment back = new TcpSegment();
        assertNull(TcpHeaderReader.read(out, 0, length, back));
        assertEquals(written, back.toString(), leftOut);
    }

    @Test
    void anyHeaderWrittenIsReadBackUpToWhatWasLeftOut() {
        SplittableRandom random = RandomSegments.seeded("anyHeaderWrittenIsReadBackUpToWhatWasLeftOut");
        RandomSegments segments = new RandomSegments(random);
        ByteBuf out = Unpooled.buffer(100);
        for (int i = 0; i < 50_000; i++) {
            TcpSegment segment = segments.any(0);
            segment.flags(segment.flags() & ~(TcpFlags.FIN | TcpFlags.RST) | TcpFlags.ACK);
            int index = random.nextInt(40);
            int length = TcpHeaderWriter.write(segment, out, index);
            assertEquals(TcpHeaderWriter.headerLength(segment), length);
            assertTrue(length <= 60 && length % 4 == 0, segment::toString);
            TcpSegment back = new TcpSegment().source(segment.source(), 0).destination(segment.destination(), 0);
            assertNull(TcpHeaderReader.read(out, index, length, back), segment::toString);
            assertEquals(length, TcpHeaderReader.headerLength(out, index));
            assertEquals(segment.sourcePort(), back.sourcePort());
            assertEquals(segment.destinationPort(), back.destinationPort());
            dropWhatDoesNotFit(segment, back);
            assertEquals(segment.toString(), back.toString());
        }
    }

    /** Cookie, user timeout and trailing SACK blocks may be missing; anything else, and any other value, must not. */
    private static void dropWhatDoesNotFit(TcpSegment segment, TcpSegment back) {
        if (back.fastOpenCookie() == null) {
            segment.fastOpenCookie(null);
        }
        if (back.userTimeout() == TcpSegment.ABSENT) {
            segment.userTimeout(TcpSegment.ABSENT);
        }
        int[] left = new int[back.sackBlockCount()];
        int[] right = new int[back.sackBlockCount()];
        for (int i = 0; i < left.length; i++) {
            left[i] = segment.sackLeft(i);
            right[i] = segment.sackRight(i);
        }
        segment.clearSackBlocks();
        for (int i = 0; i < left.length; i++) {
            segment.addSackBlock(left[i], right[i]);
        }
    }

    @Test
    void payloadIsASliceOfWhatWasReadAndReadingMovesNoIndex() {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffff" + PORTS + "0000000100000002501800030000000068656c6c6fff"));
        TcpSegment segment = new TcpSegment();
        assertNull(TcpHeaderReader.read(bytes, 2, 25, segment));
        assertEquals("P. 1:6(5) ack 2 win 3", segment.toString());
        assertEquals("hello", segment.payload().toString(StandardCharsets.US_ASCII));
        assertEquals(0, bytes.readerIndex());
        assertEquals(28, bytes.writerIndex());
        assertEquals(2, bytes.refCnt());
        segment.release();
        bytes.release();
        assertEquals(0, bytes.refCnt());
    }

    @Test
    void aReusedSegmentKeepsNoOptionOfTheOneBefore() {
        ByteBuf out = Unpooled.buffer(60);
        TcpSegment rich = TcpSegment.parse("S 0:0(0) win 1 <mss 9,sackOK,TS val 1 ecr 2,wscale 3,FO 0011223344556677>")
            .source(IpAddress.ANY_V4, 1).destination(IpAddress.ANY_V4, 2);
        TcpSegment reused = new TcpSegment();
        TcpHeaderReader.read(out, 0, TcpHeaderWriter.write(rich, out, 0), reused);
        assertEquals(rich.toString(), reused.toString());
        TcpSegment poor = TcpSegment.parse(". 1:1(0) ack 1 win 1").source(IpAddress.ANY_V4, 1).destination(IpAddress.ANY_V4, 2);
        assertNull(TcpHeaderReader.read(out, 0, TcpHeaderWriter.write(poor, out, 0), reused));
        assertEquals(poor.toString(), reused.toString());
    }
}
