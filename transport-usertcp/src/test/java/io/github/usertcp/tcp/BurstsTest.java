package io.github.usertcp.tcp;

import org.junit.jupiter.api.Test;

/** How new data is cut into bursts, as the peer sees it by their PSH; the rules are Linux's. */
@TraceTest
class BurstsTest {
    private static Script bursting() {
        return Script.established().mss(1000).config(c -> c.burstPush(true).burstWindowDivisor(3));
    }

    @Test void longPathsGetBurstsOfTwo() {
        Script t = bursting().rtt(100).config(c -> c.initialWindowSegments(5));
        t.send(10_000).expect(". 1:1001(1000) ack 1", "P. 1001:2001(1000) ack 1", ". 2001:3001(1000) ack 1", "P. 3001:4001(1000) ack 1",
            ". 4001:5001(1000) ack 1").expectSilence();
    }

    @Test void shortPathsGetBurstsOfHalfTheWindow() {
        Script t = bursting().rtt(1).config(c -> c.initialWindowSegments(6));
        t.send(10_000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", "P. 2001:3001(1000) ack 1", ". 3001:4001(1000) ack 1",
            ". 4001:5001(1000) ack 1", "P. 5001:6001(1000) ack 1").expectSilence();
    }

    @Test void smallestBurstIsASetting() {
        Script t = bursting().rtt(100).config(c -> c.initialWindowSegments(6).minBurstSegments(3));
        t.send(6000).expect(". 1:1001(1000) ack 1", ". 1001:2001(1000) ack 1", "P. 2001:3001(1000) ack 1", ". 3001:4001(1000) ack 1",
            ". 4001:5001(1000) ack 1", "P. 5001:6001(1000) ack 1").receive(". 1:1(0) ack 6001");
    }

    @Test void smallBurstWaitsForAnAckThatIsDue() {
        Script t = bursting().rtt(100).config(c -> c.minBurstSegments(4));
        t.send(30_000).takeSent();
        t.at(100).receive(". 1:1(0) ack 1001").expect(". 10001:11001(1000) ack 1", "P. 11001:12001(1000) ack 1");
        t.receive(". 1:1(0) ack 2001").expectSilence();
        t.at(102).expectSilence().receive(". 1:1(0) ack 3001");
        t.expect(". 12001:13001(1000) ack 1", ". 13001:14001(1000) ack 1", ". 14001:15001(1000) ack 1", "P. 15001:16001(1000) ack 1");
    }

    @Test void withoutAShareOfTheWindowUpToThreeSegmentsWait() {
        Script t = bursting().rtt(100).config(c -> c.minBurstSegments(6).burstWindowDivisor(0));
        t.send(30_000).takeSent();
        t.at(100).receive(". 1:1(0) ack 1001").expect(". 10001:11001(1000) ack 1", "P. 11001:12001(1000) ack 1");
        t.receive(". 1:1(0) ack 2001").expectSilence().receive(". 1:1(0) ack 3001");
        t.expect(". 12001:13001(1000) ack 1", ". 13001:14001(1000) ack 1", ". 14001:15001(1000) ack 1", "P. 15001:16001(1000) ack 1");
    }
}
