package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentCoalescerTest {
    private static final IpAddress SOURCE = IpAddress.parse("192.0.2.1");
    private static final IpAddress DESTINATION = IpAddress.parse("192.0.2.2");

    private final Collected out = new Collected();
    private final SegmentCoalescer coalescer = new SegmentCoalescer(out, false, false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "consecutive segments become one     | . 1:3(2) ack 1; . 3:5(2) ack 1; . 5:7(2) ack 1 | . 1:7(6) ack 1 win 0 /2",
        "a shorter one ends it               | . 1:3(2) ack 1; . 3:4(1) ack 1; . 4:6(2) ack 1 | . 1:4(3) ack 1 win 0 /2; . 4:6(2) ack 1 win 0",
        "a longer one does not join          | . 1:3(2) ack 1; . 3:6(3) ack 1 | . 1:3(2) ack 1 win 0; . 3:6(3) ack 1 win 0",
        "PSH ends it                         | . 1:3(2) ack 1; P. 3:5(2) ack 1; . 5:7(2) ack 1 | P. 1:5(4) ack 1 win 0 /2; . 5:7(2) ack 1 win 0",
        "PSH on the first: nothing joins     | P. 1:3(2) ack 1; . 3:5(2) ack 1 | P. 1:3(2) ack 1 win 0; . 3:5(2) ack 1 win 0",
        "FIN with payload ends it            | . 1:3(2) ack 1; FP. 3:5(2) ack 1 | FP. 1:5(4) ack 1 win 0 /2",
        "FIN alone does not join             | . 1:3(2) ack 1; F. 3:3(0) ack 1 | . 1:3(2) ack 1 win 0; F. 3:3(0) ack 1 win 0",
        "a gap                               | . 1:3(2) ack 1; . 4:6(2) ack 1 | . 1:3(2) ack 1 win 0; . 4:6(2) ack 1 win 0",
        "a repetition                        | . 1:3(2) ack 1; . 1:3(2) ack 1 | . 1:3(2) ack 1 win 0; . 1:3(2) ack 1 win 0",
        "another acknowledgment              | . 1:3(2) ack 1; . 3:5(2) ack 2 | . 1:3(2) ack 1 win 0; . 3:5(2) ack 2 win 0",
        "another window                      | . 1:3(2) ack 1 win 1; . 3:5(2) ack 1 win 2 | . 1:3(2) ack 1 win 1; . 3:5(2) ack 1 win 2",
        "other timestamps                    | . 1:3(2) ack 1 <TS val 1 ecr 1>; . 3:5(2) ack 1 <TS val 2 ecr 1> "
            + "| . 1:3(2) ack 1 win 0 <TS val 1 ecr 1>; . 3:5(2) ack 1 win 0 <TS val 2 ecr 1>",
        "equal timestamps                    | . 1:3(2) ack 1 <TS val 1 ecr 1>; . 3:5(2) ack 1 <TS val 1 ecr 1> | . 1:5(4) ack 1 win 0 <TS val 1 ecr 1> /2",
        "duplicate ACKs all survive          | . 1:1(0) ack 1; . 1:1(0) ack 1; . 1:1(0) ack 1 | . 1:1(0) ack 1 win 0; . 1:1(0) ack 1 win 0; . 1:1(0) ack 1 win 0",
        "an ACK between does not change order| . 1:3(2) ack 1; . 3:3(0) ack 1; . 3:5(2) ack 1 | . 1:3(2) ack 1 win 0; . 3:3(0) ack 1 win 0; . 3:5(2) ack 1 win 0",
        "SYN data does not join              | S. 0:2(2) ack 1; . 2:4(2) ack 1 | S. 0:2(2) ack 1 win 0; . 2:4(2) ack 1 win 0",
        "RST does not join                   | . 1:3(2) ack 1; R. 3:5(2) ack 1 | . 1:3(2) ack 1 win 0; R. 3:5(2) ack 1 win 0",
        "URG does not join                   | . 1:3(2) ack 1; U. 3:5(2) ack 1 urg 1 | . 1:3(2) ack 1 win 0; U. 3:5(2) ack 1 win 0 urg 1",
        "an urgent pointer without URG       | . 1:3(2) ack 1 urg 5; . 3:5(2) ack 1 urg 3 | . 1:3(2) ack 1 win 0 urg 5; . 3:5(2) ack 1 win 0 urg 3",
        "CWR joins CWR                       | WA. 1:3(2) ack 1; WA. 3:5(2) ack 1 | WA. 1:5(4) ack 1 win 0 /2",
        "CWR joins nothing else              | . 1:3(2) ack 1; W. 3:5(2) ack 1; . 5:7(2) ack 1 | . 1:3(2) ack 1 win 0; W. 3:5(2) ack 1 win 0; . 5:7(2) ack 1 win 0",
        "ECE joins ECE                       | E. 1:3(2) ack 1; E. 3:5(2) ack 1; . 5:7(2) ack 1 | E. 1:5(4) ack 1 win 0 /2; . 5:7(2) ack 1 win 0",
        "no ACK flag, nothing joins          | P 1:3(2); - 3:5(2); F 5:7(2) | P 1:3(2) win 0; - 3:5(2) win 0; F 5:7(2) win 0",
        "sequence numbers wrap               | . 4294967295:1(2) ack 1; . 1:3(2) ack 1 | . 4294967295:3(4) ack 1 win 0 /2",
    })
    void joinsWhatCanBeSplitAgain(String what, String offered, String expected) {
        for (String text : offered.split("; ")) {
            coalescer.offer(TcpSegment.parse(text));
        }
        coalescer.flush();
        assertEquals(List.of(expected.split("; ")), out.texts(), what);
        out.release();
    }

    @Test
    void connectionsAreKeptApart() {
        String[] next = {". 3:5(2) ack 1", ". 3:5(2) ack 1", ". 3:5(2) ack 1", ". 3:5(2) ack 1", ". 3:5(2) ack 1", ". 3:5(2) ack 1"};
        for (int i = 0; i < next.length; i++) {
            coalescer.offer(TcpSegment.parse(". 1:3(2) ack 1").source(SOURCE, 1).destination(DESTINATION, 2).udpPorts(3, 4));
            IpAddress source = i == 0 ? DESTINATION : SOURCE;
            IpAddress destination = i == 1 ? SOURCE : DESTINATION;
            coalescer.offer(TcpSegment.parse(next[i]).source(source, i == 2 ? 9 : 1).destination(destination, i == 3 ? 9 : 2)
                .udpPorts(i == 4 ? 9 : 3, i == 5 ? 9 : 4));
            coalescer.flush();
            assertEquals(List.of(". 1:3(2) ack 1 win 0", ". 3:5(2) ack 1 win 0"), out.texts());
            out.release();
        }
    }

    @Test
    void everyPieceOfACounterWithItsMiddleBitSetIsCutWithIt() {
        coalescer.offer(TcpSegment.parse(".2 1:3(2) ack 1"));
        coalescer.offer(TcpSegment.parse(".2 3:5(2) ack 1"));
        coalescer.flush();
        List<String> pieces = new ArrayList<>();
        SegmentSplitter.split(out.segments.remove(0), piece -> {
            pieces.add(piece.toString());
            piece.release();
        });
        assertEquals(List.of("W. 1:3(2) ack 1 win 0", "W. 3:5(2) ack 1 win 0"), pieces);
    }

    @Test
    void marksOfCongestionAreKeptApart() {
        coalescer.offer(TcpSegment.parse(". 1:3(2) ack 1").trafficClass(2));
        coalescer.offer(TcpSegment.parse(". 3:5(2) ack 1").trafficClass(3));
        coalescer.offer(TcpSegment.parse(". 5:7(2) ack 1").trafficClass(3));
        coalescer.flush();
        assertEquals(List.of("[ect0] . 1:3(2) ack 1 win 0", "[ce] . 3:7(4) ack 1 win 0 /2"), out.texts());
        assertEquals(3, out.segments.get(1).trafficClass());
        out.release();
    }

    @Test
    void aSuperSegmentThatWasOneBeforeIsPassedOn() {
        coalescer.offer(TcpSegment.parse(". 1:5(4) ack 1").segmentSize(2));
        coalescer.offer(TcpSegment.parse(". 5:9(4) ack 1").segmentSize(2));
        coalescer.offer(TcpSegment.parse(". 9:11(2) ack 1"));
        coalescer.offer(TcpSegment.parse(". 11:13(2) ack 1").segmentSize(1));
        coalescer.flush();
        assertEquals(List.of(". 1:5(4) ack 1 win 0 /2", ". 5:9(4) ack 1 win 0 /2", ". 9:11(2) ack 1 win 0", ". 11:13(2) ack 1 win 0 /1"), out.texts());
        out.release();
    }

    @Test
    void holdsAtMost64KiB() {
        for (int i = 0; i < 70; i++) {
            coalescer.offer(TcpSegment.parse(". 0:0(0) ack 1").seq(i * 1460).payload(Unpooled.buffer(1460).writeZero(1460)));
        }
        coalescer.flush();
        assertEquals(List.of(". 0:64240(64240) ack 1 win 0 /1460", ". 64240:102200(37960) ack 1 win 0 /1460"), out.texts());
        out.release();
    }

    @Test
    void holdsNoMoreThanAskedFor() {
        SegmentCoalescer small = new SegmentCoalescer(out, false, false, 2_500);
        for (int i = 0; i < 4; i++) {
            small.offer(TcpSegment.parse(". " + 1_000 * i + ":" + 1_000 * (i + 1) + "(1000) ack 1"));
        }
        small.offer(TcpSegment.parse(". 4000:4500(500) ack 1"));
        small.flush();
        assertEquals(List.of(". 0:2000(2000) ack 1 win 0 /1000", ". 2000:4500(2500) ack 1 win 0 /1000"), out.texts());
        out.release();
    }

    @Test
    void holdsAtMost64BuffersOfTinyPayload() {
        for (int i = 0; i < 100; i++) {
            coalescer.offer(TcpSegment.parse(". 0:0(0) ack 1").seq(i).payload(Unpooled.buffer(1).writeByte(i)));
        }
        coalescer.flush();
        assertEquals(List.of(". 0:64(64) ack 1 win 0 /1", ". 64:100(36) ack 1 win 0 /1"), out.texts());
        out.release();
    }

    @Test
    void aSegmentAloneIsItself() {
        TcpSegment segment = TcpSegment.parse(". 1:3(2) ack 1");
        ByteBuf payload = segment.payload();
        coalescer.offer(segment);
        assertEquals(List.of(), out.segments);
        coalescer.flush();
        assertSame(segment, out.segments.get(0));
        assertSame(payload, segment.payload());
        coalescer.flush();
        assertEquals(1, out.segments.size());
        out.release();
    }

    @Test
    void nothingWaitsThatCannotGrow() {
        coalescer.offer(TcpSegment.parse("S 0:0(0) win 1"));
        coalescer.offer(TcpSegment.parse("P. 1:3(2) ack 1"));
        coalescer.offer(TcpSegment.parse(". 3:3(0) ack 1"));
        assertEquals(3, out.segments.size());
        out.release();
    }
}
