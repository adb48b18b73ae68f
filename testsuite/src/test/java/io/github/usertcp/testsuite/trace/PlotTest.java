package io.github.usertcp.testsuite.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.handlers.ConnectionTrace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class PlotTest {
    private static final String KNOWN = ",\"cwnd\":14480,\"ssthresh\":null,\"srtt\":50112,\"flight\":1448,\"state\":\"ESTABLISHED\"}\n";

    @Test
    void eventsOfAConnectionBecomeRowsOfNumbers() throws IOException {
        String data = data("{\"t\":1000,\"c\":\"a\",\"k\":\"send\",\"seq\":1,\"end\":1449" + KNOWN
            + "{\"t\":2500,\"c\":\"a\",\"k\":\"resend\",\"seq\":1,\"end\":1449" + KNOWN
            + "{\"t\":3000,\"c\":\"a\",\"k\":\"ack\",\"ack\":1,\"edge\":65536" + KNOWN
            + "{\"t\":3000,\"c\":\"a\",\"k\":\"sack\",\"blocks\":[[2897,4345],[5793,7241]]" + KNOWN
            + "{\"t\":4000,\"c\":\"a\",\"k\":\"mark\"" + KNOWN
            + "{\"t\":4000,\"c\":\"a\",\"k\":\"loss\",\"lost\":1448" + KNOWN
            + "{\"t\":5000,\"c\":\"a\",\"k\":\"state\"" + KNOWN);
        assertEquals("""
            [{"name":"a",
            "send":[1,1,1449],
            "resend":[2.5,1,1449],
            "recv":[],
            "ack":[3,1,65536],
            "sack":[3,2897,4345,3,5793,7241],
            "mark":[4],
            "loss":[4,1448],
            "state":[5,"ESTABLISHED"],
            "known":[1,14480,-1,50112,1448]}]""", data);
    }

    @Test
    void connectionsOfOneFileAreKeptApart() throws IOException {
        String data = data("{\"t\":1000,\"c\":\"a\",\"k\":\"mark\"" + KNOWN + "{\"t\":2000,\"c\":\"b\",\"k\":\"mark\"" + KNOWN);
        assertTrue(data.contains("{\"name\":\"a\"") && data.contains("{\"name\":\"b\""), data);
        assertTrue(data.contains("\"mark\":[1]") && data.contains("\"mark\":[2]"), data);
    }

    @Test
    void whatATraceWritesIsRead() throws IOException {
        StringBuilder trace = new StringBuilder();
        ConnectionTrace connection = new ConnectionTrace(trace, "a");
        connection.onSent(TcpSegment.parse("S 0:0(0) win 1000"), null, 1_000);
        connection.onReceived(TcpSegment.parse("S. 0:0(0) ack 1 win 2000"), null, 2_000);

        String data = data(trace.toString());
        assertTrue(data.contains("\"send\":[1,0,1]") && data.contains("\"recv\":[2,0,1]") && data.contains("\"ack\":[2,1,2001]"), data);
        assertTrue(data.contains("\"known\":[]"), data);
    }

    @Test
    void pageLoadsNothing() throws IOException {
        String page = page("{\"t\":1000,\"c\":\"a\",\"k\":\"mark\"" + KNOWN);
        assertFalse(page.replace("http://www.w3.org/2000/svg", "").matches("(?s).*(https?:|src=|href=|@import|fetch\\().*"));
    }

    @Test
    void nameCannotEndTheScript() throws IOException {
        String page = page("{\"t\":1000,\"c\":\"</script>\",\"k\":\"mark\"" + KNOWN);
        assertEquals(page("{\"t\":1000,\"c\":\"a\",\"k\":\"mark\"" + KNOWN).split("</script>").length, page.split("</script>").length);
    }

    @Test
    void lineOfSomethingElseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> page("hello\n"));
        assertThrows(IllegalArgumentException.class, () -> page("{\"t\":1,\"c\":\"a\",\"k\":\"unknown\"" + KNOWN));
        assertThrows(IllegalArgumentException.class, () -> page("{\"t\":1,\"c\":\"a\",\"k\":\"send\"" + KNOWN));
    }

    private static String data(String trace) throws IOException {
        return page(trace).replaceAll("(?s).*<script type=\"application/json\" id=\"data\">(.*?)</script>.*", "$1");
    }

    private static String page(String trace) throws IOException {
        return Plot.page(new BufferedReader(new StringReader(trace)));
    }
}
