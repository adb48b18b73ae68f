package io.github.usertcp.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceHandlerTest {
    private final StringBuilder out = new StringBuilder();
    private final EmbeddedConnection connection = new EmbeddedConnection();

    @AfterEach
    void close() {
        connection.channel().finishAndReleaseAll();
    }

    @Test
    void dataAndItsAckAreALineEach() {
        establish(out);
        connection.channel().writeOutbound(Unpooled.wrappedBuffer(new byte[100]));
        connection.receive(". 1:1(0) ack 101 win 1000");

        assertEquals(List.of("send 0 1", "recv 0 1", "ack 1 65536", "send 1 101", "ack 101 1101"), events("send", "resend", "recv", "ack"));
    }

    @Test
    void secondTransmissionIsAResend() {
        establish(out);
        connection.channel().writeOutbound(Unpooled.wrappedBuffer(new byte[100]));
        connection.pass(5_000);

        List<String> sent = events("send", "resend");
        assertEquals(List.of("send 0 1", "send 1 101", "resend 1 101"), sent.subList(0, 3));
    }

    @Test
    void everyLineTellsWhatTheConnectionKnows() {
        establish(out);
        connection.channel().writeOutbound(Unpooled.wrappedBuffer(new byte[100]));

        String send = lines().stream().filter(line -> line.contains("\"seq\":1,")).findFirst().orElseThrow();
        assertTrue(send.matches("\\{\"t\":\\d+,\"c\":\"embedded\",\"k\":\"send\",\"seq\":1,\"end\":101,\"cwnd\":\\d+,\"ssthresh\":null,"
            + "\"srtt\":\\d+,\"flight\":100,\"state\":\"ESTABLISHED\"}"), send);
    }

    @Test
    void stateIsToldWhenItChanges() {
        establish(out);
        connection.handler().shutdownOutput();
        connection.receive(". 1:1(0) ack 2 win 1000");
        connection.receive("F. 1:1(0) ack 2 win 1000");

        List<String> states = lines().stream().filter(line -> line.contains("\"k\":\"state\""))
            .map(line -> line.replaceAll(".*\"state\":\"(\\w+)\"}", "$1")).toList();
        assertEquals(List.of("SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT"), states);
    }

    @Test
    void writerThatFailsHarmsNoConnection() {
        establish(new FullDisk());
        connection.channel().writeOutbound(Unpooled.wrappedBuffer(new byte[100]));

        assertEquals(1, connection.sent().size());
    }

    @Test
    void numbersDoNotWrap() {
        ConnectionTrace trace = new ConnectionTrace(out, "a");
        trace.onSent(TcpSegment.parse("S 4294967295:4294967295(0) win 1000"), null, 0);
        trace.onSent(TcpSegment.parse(". 0:1000(1000) ack 1 win 1000"), null, 1);
        TcpSegment sack = TcpSegment.parse(". 1:1(0) ack 0 win 1000 <sack 500:1000>");
        trace.onReceived(sack, null, 2);

        assertEquals(List.of("send 0 1", "send 1 1001", "ack 1 1001", "sack [[501,1001]]"), events("send", "ack", "sack"));
    }

    private void establish(Appendable writer) {
        connection.channel().pipeline().addLast(new TraceHandler(writer));
        connection.open(TcpConnectionHandler.client(EmbeddedConnection.TUPLE, EmbeddedConnection.PLAIN), new ChannelInboundHandlerAdapter());
        connection.receive(EmbeddedConnection.SYN_ACK);
        connection.channel().releaseOutbound();
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    /** Kind and own values of the lines of some kinds. */
    private List<String> events(String... kinds) {
        return lines().stream().map(line -> line.replaceAll(".*\"k\":\"(\\w+)\",(.*?),?\"cwnd\".*", "$1 $2").replaceAll("\"\\w+\":", "")
            .replaceAll("(\\d),(\\d+)$", "$1 $2")).filter(line -> Arrays.asList(kinds).contains(line.split(" ")[0])).toList();
    }

    private static final class FullDisk implements Appendable {
        @Override
        public Appendable append(CharSequence text) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) throws IOException {
            return append(text);
        }

        @Override
        public Appendable append(char c) throws IOException {
            return append("");
        }
    }
}
