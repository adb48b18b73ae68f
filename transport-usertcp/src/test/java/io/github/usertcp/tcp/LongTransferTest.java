package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Beyond 4 GiB, where 32-bit sequence numbers have come around. */
@TraceTest
@Tag("RFC9293-3.4")
class LongTransferTest {
    private static final long TOTAL = 5L << 30;
    private static final int PIECE = 60_000;

    @Test void sendingGoesOnBeyondTheWrap() {
        TcpConnection connection = Script.established().mss(1000).cwnd(1 << 20).connection();
        ByteBuf data = Unpooled.wrappedBuffer(new byte[PIECE]);
        long sent = 0;
        while (sent < TOTAL) {
            assertEquals(PIECE, connection.write(data.duplicate(), 0));
            int wire = 0;
            for (TcpSegment segment = connection.pollSegment(0, 65_535); segment != null; segment = connection.pollSegment(0, 65_535)) {
                assertEquals((int) (RelativeNumbers.ISS + 1 + sent + wire), segment.seq());
                wire += segment.payloadLength();
                segment.release();
            }
            assertEquals(PIECE, wire);
            sent += PIECE;
            connection.onSegment(new TcpSegment().seq(RelativeNumbers.PEER_ISS + 1).ack((int) (RelativeNumbers.ISS + 1 + sent)).window(65_535), 0);
        }
        assertEquals(sent, connection.info(0).bytesAcked());
        data.release();
    }

    @Test void receivingGoesOnBeyondTheWrap() {
        TcpConnection connection = Script.established().mss(1000).connection();
        ByteBuf data = Unpooled.wrappedBuffer(new byte[PIECE]);
        long received = 0;
        while (received < TOTAL) {
            connection.onSegment(new TcpSegment().flags(TcpFlags.PSH).seq((int) (RelativeNumbers.PEER_ISS + 1 + received)).ack(RelativeNumbers.ISS + 1)
                .window(65_535).payload(data.retainedDuplicate()), 0);
            received += PIECE;
            connection.read(Integer.MAX_VALUE, 0).release();
            TcpSegment ack = connection.pollSegment(0, 65_535);
            assertEquals((int) (RelativeNumbers.PEER_ISS + 1 + received), ack.ack());
        }
        assertEquals(received, connection.info(0).bytesReceived());
        data.release();
    }
}
