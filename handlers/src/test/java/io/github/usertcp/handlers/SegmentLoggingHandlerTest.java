package io.github.usertcp.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SegmentLoggingHandlerTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(SegmentLoggingHandler.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private EmbeddedChannel channel;

    @BeforeEach
    void attach() {
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
    }

    @AfterEach
    void detach() {
        channel.finishAndReleaseAll();
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void segmentsOfBothDirectionsAreLoggedAndPass() {
        logger.setLevel(Level.TRACE);
        channel = new EmbeddedChannel(new SegmentLoggingHandler());
        TcpSegment syn = TcpSegment.parse("S 0:0(0) win 65535 <mss 1460>");
        TcpSegment synAck = TcpSegment.parse("S. 0:0(0) ack 1 win 65535");

        channel.writeOutbound(syn);
        channel.writeInbound(synAck);

        assertEquals(List.of("embedded > S 0:0(0) win 65535 <mss 1460>", "embedded < S. 0:0(0) ack 1 win 65535"), logged());
        assertEquals(Level.TRACE, lines.list.get(0).getLevel());
        assertSame(syn, channel.readOutbound());
        assertSame(synAck, channel.readInbound());
    }

    @Test
    void levelIsTheCallersChoice() {
        logger.setLevel(Level.INFO);
        channel = new EmbeddedChannel(new SegmentLoggingHandler(org.slf4j.event.Level.INFO), new SegmentLoggingHandler());

        channel.writeInbound(TcpSegment.parse(". 1:1(0) ack 1 win 0"));

        assertEquals(List.of("embedded < . 1:1(0) ack 1 win 0"), logged());
        assertEquals(Level.INFO, lines.list.get(0).getLevel());
    }

    @Test
    void otherMessagesPassUnseen() {
        logger.setLevel(Level.TRACE);
        channel = new EmbeddedChannel(new SegmentLoggingHandler());

        channel.writeInbound("in");
        channel.writeOutbound("out");

        assertEquals(List.of(), logged());
        assertEquals("in", channel.readInbound());
        assertEquals("out", channel.readOutbound());
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
