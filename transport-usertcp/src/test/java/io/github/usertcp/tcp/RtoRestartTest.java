package io.github.usertcp.tcp;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The retransmission timer of the last few segments counts from when they left (RFC 7765): its RTO is 300 ms here, the RTT 100 ms. */
@TraceTest
class RtoRestartTest {
    @ParameterizedTest @Tag("RFC7765-4")
    @CsvSource({"true, 300", "false, 400"})
    void lastSegmentIsRepeatedOneTimeoutAfterItLeft(boolean restart, long repeatedAt) {
        Script t = path().config(c -> c.rtoRestart(restart));
        t.send(2000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1").at(100).receive(". 1:1(0) ack 1001");
        t.expectSilenceUntil(repeatedAt - 1).expectAt(repeatedAt, "P. 1001:2001(1000) ack 1");
    }

    @Test @Tag("RFC7765-4") void timeBetweenDepartureAndDelayedAckIsTakenOffToo() {
        Script t = path();
        t.send(2000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1").at(140).receive(". 1:1(0) ack 1001");
        t.expectSilenceUntil(304).expectAt(305, "P. 1001:2001(1000) ack 1"); // the SRTT has become 105 ms
    }

    @ParameterizedTest @Tag("RFC7765-4")
    @CsvSource({"4, 300", "5, 400"})
    void fourSegmentsMoreCanBringDuplicatesOfTheirOwn(int segments, long repeatedAt) {
        Script t = path();
        t.send(segments * 1000).takeSent();
        t.at(100).receive(". 1:1(0) ack 1001").expectSilenceUntil(repeatedAt - 1).at(repeatedAt).expect(". 1001:2001(1000) ack 1");
    }

    @Test @Tag("RFC7765-4") void segmentsNotSentYetCountToo() {
        Script t = path().peerWindow(3000);
        t.send(5000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1");
        t.at(100).receive(". 1:1(0) ack 1001 win 3000").expect(". 3001:4001(1000) ack 1");
        t.expectSilenceUntil(399).expectAt(400, ". 1001:2001(1000) ack 1");
    }

    @Test @Tag("RFC7765-5.3") void shortSegmentsCountAsTheyLeft() {
        Script t = path().config(c -> c.noDelay(true));
        for (int i = 0; i < 5; i++) {
            t.send(10).expect("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1");
        }
        t.at(100).receive(". 1:1(0) ack 11").expectSilenceUntil(399).at(400).takeSent();
    }

    @Test @Tag("RFC7765-4") void segmentOlderThanTheTimeoutGetsAllOfIt() {
        Script t = path().config(c -> c.forwardRto(false));
        t.send(2000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1").expectAt(300, ". 1:1001(1000) ack 1");
        // The timeout has doubled, and no sample halves it; 500 ms of it would be over.
        t.at(500).receive(". 1:1(0) ack 1001").expect("P. 1001:2001(1000) ack 1");
        t.expectSilenceUntil(1_099).expectAt(1_100, "P. 1001:2001(1000) ack 1");
    }

    @Test @Tag("RFC7765-6") void tailLossProbesMakeItNeedless() {
        Script t = path().sack().config(c -> c.timeBasedLossDetection(false));
        t.send(2000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1").at(100).receive(". 1:1(0) ack 1001");
        t.expectAt(200, "P. 1001:2001(1000) ack 1").expectSilenceUntil(499).expectAt(500, "P. 1001:2001(1000) ack 1");
    }

    private static Script path() {
        return Script.established().rtt(100).mss(1000);
    }
}
