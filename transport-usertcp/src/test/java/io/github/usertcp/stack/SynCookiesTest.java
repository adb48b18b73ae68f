package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import io.github.usertcp.tcp.TcpInfo;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passive opens of which the server remembers nothing (RFC 4987 section 3.6). */
@Tag("RFC4987-3.6")
class SynCookiesTest {
    private static final int PORT = 1234;
    private static final Duration PERIOD = Duration.ofSeconds(64);

    private TwoStacks stacks = always();

    private static TwoStacks always() {
        return with(TcpStackConfig.builder().synCookies(SynCookieUse.ALWAYS));
    }

    private static TwoStacks with(TcpStackConfig.Builder server) {
        return new TwoStacks(TcpStackConfig.defaults(), server.build()).listeningOnly(1000);
    }

    private void use(TwoStacks other) {
        stacks.close();
        stacks = other;
    }

    @AfterEach
    void close() {
        stacks.close();
    }

    /** The SYN-ACK to a stranger's SYN, which leaves no trace. */
    private TcpSegment synAckTo(String syn) {
        stacks.network.inject(stacks.stranger(syn, PORT));
        List<TcpSegment> answers = stacks.network.takeReceived(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP);
        assertEquals(1, answers.size());
        assertEquals(0, stacks.server.synQueue.size());
        return answers.get(0);
    }

    private TcpInfo accepted() {
        assertEquals(1, stacks.listener.acceptQueueLength());
        return stacks.listener.accept().tcp().info(stacks.server.nowNanos());
    }

    private static String third(TcpSegment synAck, String options) {
        return ". 101:101(0) ack " + Integer.toUnsignedString(synAck.seq() + 1) + " win 1000" + options;
    }

    @Test
    void theThirdSegmentMakesAConnectionOutOfNothing() {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1000>");
        assertEquals("win 65535 <mss 1452>", synAck.toString().replaceAll(".*(win.*)", "$1"));
        assertEquals(List.of(), stacks.answersTo(stacks.stranger(third(synAck, ""), PORT)));
        assertEquals(536, accepted().sndMss());
        assertEquals(1, stacks.count(StackCounter.SYN_COOKIES_SENT));
        assertEquals(1, stacks.count(StackCounter.SYN_COOKIES_ACCEPTED));
    }

    @ParameterizedTest
    @CsvSource({"48, 48", "215, 48", "216, 216", "535, 216", "536, 536", "1299, 536", "1300, 1300", "1440, 1440", "1452, 1440",
        "1460, 1452", "65495, 1452"})
    void thePeersMssIsNeverExceeded(int announced, int used) {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss " + announced + ">");
        stacks.answersTo(stacks.stranger(third(synAck, ""), PORT));
        assertEquals(used, accepted().sndMss());
    }

    @ParameterizedTest
    @CsvSource({"sackOK, 7, true", "sackOK, 0, true", "sackOK, 14, true", "nop, 3, false"})
    void windowScaleAndSackComeBackInTheTimestamp(String sack, int scale, boolean hasSack) {
        stacks.advance(Duration.ofMillis(12_345));
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1460," + sack + ",TS val 5000 ecr 0,nop,wscale " + scale + ">");
        assertEquals(hasSack, synAck.isSackPermitted());
        long ticks = stacks.server.nowNanos() / 1_000_000;
        assertTrue(synAck.tsVal() <= ticks && synAck.tsVal() > ticks - 64, synAck.tsVal() + " at " + ticks);
        stacks.answersTo(stacks.stranger(third(synAck, " <TS val 5001 ecr " + Integer.toUnsignedString(synAck.tsVal()) + ">"), PORT));
        TcpInfo info = accepted();
        assertTrue(info.timestamps());
        assertEquals(hasSack, info.sack());
        assertEquals(scale, info.sndWscale());
        assertEquals(synAck.windowScale(), info.rcvWscale());
        assertEquals(1000 << scale, info.sndWnd());
        assertEquals(0, info.rtt(), "no sample: the timestamp has told other things");
    }

    @Test
    void withoutTimestampsThereIsNoPlaceForOptions() {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1460,sackOK,nop,wscale 7>");
        assertEquals("win 65535 <mss 1452>", synAck.toString().replaceAll(".*(win.*)", "$1"));
        stacks.answersTo(stacks.stranger(third(synAck, ""), PORT));
        TcpInfo info = accepted();
        assertEquals(-1, info.sndWscale());
        assertEquals(1000, info.sndWnd());
    }

    @Test
    void withoutWindowScaleTheRestComesBack() {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1460,sackOK,TS val 1 ecr 0>");
        stacks.answersTo(stacks.stranger(third(synAck, " <TS val 2 ecr " + Integer.toUnsignedString(synAck.tsVal()) + ">"), PORT));
        TcpInfo info = accepted();
        assertTrue(info.sack());
        assertEquals(-1, info.sndWscale());
    }

    @Test
    void dataOnTheThirdSegmentIsKept() {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1000>");
        stacks.network.inject(stacks.stranger("P" + third(synAck, "").replace("101:101(0)", "101:106(5)"), PORT));
        assertEquals(1, stacks.listener.acceptQueueLength());
        stacks.acceptAll();
        stacks.network.run();
        assertEquals(5, stacks.accepted.get(0).bytesRead);
        stacks.network.takeReceived(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).forEach(TcpSegment::release);
    }

    @Test
    void aCookieIsGoodForOnePeerOnly() {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1000>");
        String third = third(synAck, "");
        assertEquals(1, stacks.answersTo(stacks.stranger(third, PORT + 1)).size(), "other port");
        assertEquals(1, stacks.answersTo(stacks.stranger(third.replace("101:101", "102:102"), PORT)).size(), "other number");
        assertEquals(1, stacks.answersTo(stacks.from(TwoStacks.STRANGER, PORT, 7, third)).size(), "other UDP port");
        assertEquals(0, stacks.server.connectionCount());
        assertEquals(3, stacks.count(StackCounter.SYN_COOKIES_REJECTED));
        assertEquals(3, stacks.count(StackCounter.RESETS_SENT));
    }

    @Test
    void aCookieIsGoodInItsPeriodAndTheNext() {
        stacks.advance(PERIOD.multipliedBy(3).minusNanos(stacks.server.nowNanos() % PERIOD.toNanos()));
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1000>");
        stacks.advance(PERIOD.multipliedBy(2).minusMillis(1));
        assertEquals(List.of(), stacks.answersTo(stacks.stranger(third(synAck, ""), PORT)));
        assertEquals(1, stacks.server.connectionCount());
        TcpSegment late = synAckTo("S 100:100(0) win 1000 <mss 1000>".replace("100", "900"));
        stacks.advance(PERIOD.multipliedBy(2));
        synAckTo("S 555:555(0) win 1000"); // there is something to answer
        String third = third(late, "").replace("101:101", "901:901");
        assertEquals(1, stacks.answersTo(stacks.stranger(third, PORT + 1)).size());
        assertEquals(1, stacks.server.connectionCount());
    }

    @Test
    void nothingIsAcceptedWhileThereIsNothingToAnswer() {
        TcpSegment synAck = synAckTo("S 100:100(0) win 1000 <mss 1000>");
        TwoStacks other = always(); // the same secret, and the cookie would be good
        assertEquals(1, other.answersTo(other.stranger(third(synAck, ""), PORT)).size());
        assertEquals(0, other.server.connectionCount());
        use(other);
    }

    /** Threat 6: the chance is below 2^-27 a segment. */
    @Test
    void forgedAcknowledgmentsAreRejected() {
        use(with(TcpStackConfig.builder().synCookies(SynCookieUse.ALWAYS).resetsPerSecond(0)));
        synAckTo("S 100:100(0) win 1000 <mss 1000>");
        Random random = new Random(4987);
        for (int i = 0; i < 100_000; i++) {
            String ack = Integer.toUnsignedString(random.nextInt());
            stacks.serverLink().onSegment(stacks.stranger(". 101:101(0) ack " + ack + " win 1000", 1 + random.nextInt(65_535)));
        }
        stacks.network.run();
        assertEquals(0, stacks.server.connectionCount());
        assertEquals(100_000, stacks.count(StackCounter.SYN_COOKIES_REJECTED));
    }

    @Test
    void cookiesBeginWhenTheQueueIsHalfFull() {
        use(with(TcpStackConfig.builder().maxHalfOpenPerListener(10)));
        for (int port = 1; port <= 20; port++) {
            stacks.network.inject(stacks.stranger("S 100:100(0) win 1000", port));
        }
        assertEquals(6, stacks.listener.synQueueLength());
        assertEquals(14, stacks.count(StackCounter.SYN_COOKIES_SENT));
        stacks.network.takeReceived(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).forEach(TcpSegment::release);
    }

    @Test
    void aFullAcceptQueueDropsTheThirdSegmentAndNeverResets() {
        use(new TwoStacks(TcpStackConfig.defaults(), TcpStackConfig.builder().synCookies(SynCookieUse.ALWAYS).build()).listeningOnly(1));
        TcpSegment first = synAckTo("S 100:100(0) win 1000");
        stacks.answersTo(stacks.stranger(third(first, ""), PORT));
        stacks.network.inject(stacks.stranger("S 100:100(0) win 1000", PORT + 1));
        TcpSegment second = stacks.network.takeReceived(TwoStacks.STRANGER, TwoStacks.STRANGER_UDP).get(0);
        assertEquals(List.of(), stacks.answersTo(stacks.stranger(third(second, ""), PORT + 1)));
        assertEquals(1, stacks.count(StackCounter.ACCEPT_QUEUE_OVERFLOWS));
        stacks.listener.accept().detach();
        stacks.network.run();
        stacks.answersTo(stacks.stranger(third(second, ""), PORT + 1)); // the peer tries again
        assertEquals(1, stacks.listener.acceptQueueLength());
    }

    /** Threat 5: a million forged SYNs fill half the queue and nothing else, and who means it connects in a round trip. */
    @Test
    void clientsConnectDuringAFlood() {
        use(new TwoStacks(TcpStackConfig.defaults(), TcpStackConfig.builder().maxHalfOpenPerListener(1000).build()).echoing());
        stacks.network.losing(segment -> segment.destination().equals(TwoStacks.STRANGER)); // nobody is there
        TcpConfig once = TcpConfig.builder().synRetries(1).build();
        Application[] users = new Application[10];
        for (int i = 0; i < 1_000_000; i++) {
            stacks.serverLink().onSegment(stacks.stranger("S 100:100(0) win 1000", i % 65_535 + 1).udpPorts(1 + i / 65_535, TwoStacks.PORT));
            if (i % 100_000 == 50_000) {
                users[i / 100_000] = stacks.connect(0, once);
                stacks.network.log().clear();
            }
        }
        for (Application user : users) {
            assertEquals(TcpEvent.CONNECTED, user.events.get(0));
            user.send("hello");
        }
        stacks.network.run();
        for (Application user : users) {
            assertEquals("hello", user.text.toString());
        }
        assertTrue(stacks.listener.synQueueLength() <= 501, stacks.listener.synQueueLength() + " half-open");
        assertEquals(10, stacks.server.connectionCount());
        assertEquals(10, stacks.count(StackCounter.SYN_COOKIES_ACCEPTED));
    }
}
