package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentSplitterTest {
    private static final IpAddress SOURCE = IpAddress.parse("192.0.2.1");
    private static final IpAddress DESTINATION = IpAddress.parse("192.0.2.2");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no segment size: one piece  | 0    | P. 1:3001(3000) ack 1 win 9 | P. 1:3001(3000) ack 1 win 9",
        "exact multiple              | 1000 | P. 1:3001(3000) ack 1 win 9 | . 1:1001(1000) ack 1 win 9; . 1001:2001(1000) ack 1 win 9; P. 2001:3001(1000) ack 1 win 9",
        "a shorter last piece        | 2000 | . 1:3001(3000) ack 1 win 9  | . 1:2001(2000) ack 1 win 9; . 2001:3001(1000) ack 1 win 9",
        "a size beyond the payload   | 9000 | P. 1:3001(3000) ack 1 win 9 | P. 1:3001(3000) ack 1 win 9",
        "FIN only on the last        | 2    | FP. 1:4(3) ack 1 win 9      | . 1:3(2) ack 1 win 9; FP. 3:4(1) ack 1 win 9",
        "CWR only on the first       | 1    | EW. 1:3(2) ack 1 win 9      | EW. 1:2(1) ack 1 win 9; E. 2:3(1) ack 1 win 9",
        "options on every piece      | 1    | . 1:3(2) ack 1 win 9 <TS val 1 ecr 2> | . 1:2(1) ack 1 win 9 <TS val 1 ecr 2>; . 2:3(1) ack 1 win 9 <TS val 1 ecr 2>",
        "sequence numbers wrap       | 2    | . 4294967295:2(3) ack 1 win 9 | . 4294967295:1(2) ack 1 win 9; . 1:2(1) ack 1 win 9",
        "the urgent byte stays put   | 2    | U. 1:6(5) ack 1 win 9 urg 3 | U. 1:3(2) ack 1 win 9 urg 3; U. 3:5(2) ack 1 win 9 urg 1; . 5:6(1) ack 1 win 9",
        "a SYN stays whole           | 1    | S 0:3(3) win 9 <FO 00112233> | S 0:3(3) win 9 <FO 00112233>",
        "a RST stays whole           | 1    | R. 0:3(3) ack 1 win 9       | R. 0:3(3) ack 1 win 9",
        "no payload: one piece       | 1000 | F. 1:1(0) ack 1 win 9       | F. 1:1(0) ack 1 win 9",
    })
    void cutsAsAReceiverExpects(String what, int segmentSize, String text, String pieces) {
        List<String> cut = new ArrayList<>();
        SegmentSplitter.split(TcpSegment.parse(text).segmentSize(segmentSize), piece -> {
            assertEquals(0, piece.segmentSize());
            cut.add(piece.toString());
            piece.release();
        });
        assertEquals(List.of(pieces.split("; ")), cut, what);

        TcpSegment whole = TcpSegment.parse(text).segmentSize(segmentSize).source(SOURCE, 1).destination(DESTINATION, 2);
        assertEquals(List.of(pieces.split("; ")), datagrams(whole, train(whole, false), false), what);
        assertEquals(List.of(pieces.split("; ")), datagrams(whole, train(whole, true), true), what);
        assertEquals(cut.size(), SegmentSplitter.pieceCount(whole));
        whole.release();
    }

    private static ByteBuf train(TcpSegment segment, boolean checksum) {
        ByteBuf out = Unpooled.buffer(SegmentSplitter.trainLength(segment), SegmentSplitter.trainLength(segment));
        SegmentSplitter.writeTrain(segment, out, checksum);
        assertEquals(0, out.writableBytes());
        return out;
    }

    /** Cuts a train as the network does, at every pieceLength, and reads what arrives. */
    private static List<String> datagrams(TcpSegment segment, ByteBuf train, boolean checksum) {
        List<String> arrived = new ArrayList<>();
        int pieceLength = SegmentSplitter.pieceLength(segment);
        while (train.isReadable()) {
            int length = Math.min(pieceLength, train.readableBytes());
            TcpSegment piece = new TcpSegment().source(segment.source(), 0).destination(segment.destination(), 0);
            assertNull(TcpHeaderReader.read(train, train.readerIndex(), length, piece));
            assertEquals(checksum, TcpChecksum.isValid(train, train.readerIndex(), length, piece.source(), piece.destination()));
            arrived.add(piece.toString());
            piece.release();
            train.skipBytes(length);
        }
        train.release();
        return arrived;
    }

    @Test
    void payloadOfAnyBufferArrivesByteByByte() {
        byte[] bytes = new byte[5000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        ByteBuf direct = Unpooled.directBuffer().writeZero(3).writeBytes(bytes).skipBytes(3);
        ByteBuf composite = Unpooled.compositeBuffer(8).addComponents(true, Unpooled.copiedBuffer(bytes, 0, 999),
            Unpooled.directBuffer().writeBytes(bytes, 999, 2), Unpooled.copiedBuffer(bytes, 1001, 3999));
        for (ByteBuf payload : List.of(Unpooled.wrappedBuffer(bytes), direct, composite)) {
            TcpSegment segment = TcpSegment.parse(". 1:1(0) ack 1 win 1").payload(payload).segmentSize(700);
            ByteBuf out = UnpooledByteBufAllocator.DEFAULT.directBuffer(SegmentSplitter.trainLength(segment));
            SegmentSplitter.writeTrain(segment, out, false);
            assertEquals(8 * 20 + 5000, out.readableBytes());
            ByteBuf collected = Unpooled.buffer(5000);
            for (int i = 0; i < 8; i++) {
                out.skipBytes(20).readBytes(collected, Math.min(700, out.readableBytes()));
            }
            assertEquals(ByteBufUtil.hexDump(bytes), ByteBufUtil.hexDump(collected));
            assertEquals(5000, segment.payloadLength());
            out.release();
            segment.release();
        }
    }

    @Test
    void anyRunOfPiecesIsTheSamePartOfTheTrain() {
        TcpSegment segment = TcpSegment.parse("P. 1:26(25) ack 1 win 1 <TS val 1 ecr 2>").segmentSize(10).source(SOURCE, 1).destination(DESTINATION, 2);
        ByteBuf train = train(segment, true);
        String hex = ByteBufUtil.hexDump(train);
        for (int first = 0; first < 3; first++) {
            for (int count = 1; first + count <= 3; count++) {
                ByteBuf part = Unpooled.buffer().writeByte(0x77);
                SegmentSplitter.writePieces(segment, first, count, part, true);
                assertEquals("77" + hex.substring(2 * 42 * first, Math.min(hex.length(), 2 * 42 * (first + count))), ByteBufUtil.hexDump(part));
            }
        }
        train.release();
    }

    @Test
    void piecesThatAreNotThereAreTheCallersMistake() {
        TcpSegment segment = TcpSegment.parse(". 1:26(25) ack 1 win 1").segmentSize(10);
        ByteBuf out = Unpooled.buffer();
        assertThrows(IndexOutOfBoundsException.class, () -> SegmentSplitter.writePieces(segment, -1, 1, out, false));
        assertThrows(IndexOutOfBoundsException.class, () -> SegmentSplitter.writePieces(segment, 0, 4, out, false));
        assertThrows(IndexOutOfBoundsException.class, () -> SegmentSplitter.writePieces(segment, 3, 1, out, false));
        assertThrows(IndexOutOfBoundsException.class, () -> SegmentSplitter.writePieces(segment, 0, 0, out, false));
        assertEquals(0, out.writerIndex());
    }

    @Test
    void splittingCopiesNothingAndLeaksNothing() {
        ByteBuf payload = UnpooledByteBufAllocator.DEFAULT.directBuffer(30).writeZero(30);
        List<TcpSegment> pieces = new ArrayList<>();
        SegmentSplitter.split(TcpSegment.parse(". 1:1(0) ack 1 win 1").payload(payload).segmentSize(10), pieces::add);
        assertTrue(payload.refCnt() > 0);
        payload.setByte(25, 9);
        assertEquals(9, pieces.get(2).payload().getByte(5));
        pieces.forEach(TcpSegment::release);
        assertEquals(0, payload.refCnt());
    }

    @Test
    void aSegmentThatIsNotCutIsPassedOnItself() {
        TcpSegment segment = TcpSegment.parse(". 1:11(10) ack 1 win 1").segmentSize(10);
        List<TcpSegment> pieces = new ArrayList<>();
        SegmentSplitter.split(segment, pieces::add);
        assertEquals(1, pieces.size());
        assertSame(segment, pieces.get(0));
    }
}
