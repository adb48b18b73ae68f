package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of packets on their way out. */
class IpOutputTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** As of a device that is down (EIO): TCP sends again what is lost, and a link that failed would take all its connections along. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPacketThatIsRefusedIsLostAndNoExceptionOfTheChannel(boolean offload) {
        Refusal refusal = new Refusal();
        channel.pipeline().addLast(refusal);
        IpOutput output = new IpOutput(channel, offload, 1500);
        write(output, ". 1:3001(3000) ack 1 win 1000", 1000);
        channel.flush();
        channel.checkException();
        assertEquals(offload ? 1 : 3, refusal.count);
        assertTrue(channel.isOpen());
    }

    private static void write(IpOutput output, String text, int segmentSize) {
        TcpSegment segment = TcpSegment.parse(text).source(IpPackets.US_V4, 80).destination(IpPackets.PEER_V4, 1000).segmentSize(segmentSize);
        output.write(segment);
        segment.release();
    }

    private static final class Refusal extends ChannelOutboundHandlerAdapter {
        int count;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            count++;
            promise.tryFailure(new IOException("EIO"));
        }
    }
}
