package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Path MTU discovery where the network's reports end in the host, and its absence where nobody has reason to doubt. */
class PathMtuReportsTest {
    private static final int LINK_MTU = 1500;
    /** Around a payload over IPv4: IP, UDP and TCP headers and timestamps. */
    private static final int HEADERS = 20 + 8 + 20 + 12;
    private static final String DATA = "x".repeat(20_000);

    private final TwoStacks stacks = new TwoStacks().echoing();

    PathMtuReportsTest() {
        stacks.network.delay(Duration.ofMillis(10));
    }

    @AfterEach
    void close() {
        stacks.advance(Duration.ofSeconds(1));
        stacks.close();
    }

    private Application connect() {
        Application user = stacks.connect();
        stacks.advance(Duration.ofMillis(30));
        return user;
    }

    /** The network drops larger packets without a word. */
    private void narrowPath(int mtu) {
        stacks.network.losing(segment -> segment.payload().readableBytes() + HEADERS > mtu);
    }

    private static void assertEcho(Application user) {
        assertEquals(DATA.length(), user.bytesRead);
    }

    /** RFC 5927 section 7.2: a report, which may be forged, is to be believed when something has failed to get through. */
    @Test @Tag("RFC5927-7.2")
    void theHostIsAskedWhenNothingIsAcknowledged() {
        Application user = connect();
        narrowPath(1400);
        stacks.clientLink().hostPathMtu(1400);
        stacks.serverLink().hostPathMtu(1400);
        user.send(DATA);
        stacks.advance(Duration.ofMillis(45)); // two round trips and the timer's granularity
        assertEquals(1400, user.connection.tcp().pathMtuBytes());
        assertEquals(1, stacks.clientLink().questions());
        stacks.advance(Duration.ofSeconds(1)); // the server, too
        assertEcho(user);
        assertEquals(1, stacks.client.stats().get(StackCounter.PATH_MTU_REDUCTIONS));
    }

    @Test @Tag("RFC1191-5.1")
    void theNextConnectionToThatPeerNeedNotAsk() {
        theHostIsAskedWhenNothingIsAcknowledged();
        int asked = stacks.clientLink().questions();
        Application next = connect();
        assertEquals(1400, next.connection.tcp().pathMtuBytes());
        next.send(DATA);
        stacks.advance(Duration.ofMillis(100));
        assertEcho(next);
        assertEquals(asked, stacks.clientLink().questions());
    }

    @Test @Tag("RFC5927-7.2")
    void aForgedReportMakesNothingSmallerWhileDataArrives() {
        Application user = connect();
        stacks.clientLink().hostPathMtu(600);
        user.send(DATA);
        stacks.advance(Duration.ofSeconds(2));
        assertEcho(user);
        assertEquals(LINK_MTU, user.connection.tcp().pathMtuBytes());
        assertEquals(0, stacks.clientLink().questions());
    }

    @Test
    void whatFitsEveryPathWasNotLostForItsSize() {
        Application user = connect();
        stacks.network.losing(segment -> segment.payload().isReadable());
        user.send("small");
        stacks.advance(Duration.ofSeconds(2));
        assertEquals(0, stacks.clientLink().questions());
        stacks.network.losing(segment -> false);
        stacks.advance(Duration.ofSeconds(10));
        assertEquals("small", user.text.toString());
    }

    @Test
    void whatTheHostDoesNotSendIsCutSmallerAtOnce() {
        Application user = connect();
        narrowPath(1400);
        stacks.clientLink().hostPathMtu(1400);
        stacks.serverLink().hostPathMtu(1400);
        user.send(DATA);
        stacks.network.run();
        stacks.clientLink().tooBig("192.0.2.77");
        assertEquals(LINK_MTU, user.connection.tcp().pathMtuBytes(), "another peer's");
        int sent = stacks.network.log().size();
        stacks.clientLink().tooBig("192.0.2.77", TwoStacks.SERVER);
        stacks.network.run();
        assertEquals(1400, user.connection.tcp().pathMtuBytes());
        assertTrue(stacks.network.log().size() > sent, "sent again without waiting");
        stacks.advance(Duration.ofSeconds(1));
        assertEcho(user);
    }

    /** Timeouts are paid once: by whoever falls into the black hole first. */
    @Test @Tag("RFC4821-5.2")
    void whatProbingFindsTheNextConnectionKnows() {
        Application user = connect();
        narrowPath(1300);
        user.send(DATA);
        stacks.advance(Duration.ofSeconds(30)); // the server falls into it, too
        assertEcho(user);
        int found = user.connection.tcp().info(stacks.client.nowNanos()).sndMss();
        Application next = connect();
        assertEquals(found, next.connection.tcp().info(stacks.client.nowNanos()).sndMss());
        next.send(DATA);
        stacks.advance(Duration.ofMillis(190));
        assertEcho(next);
    }

    @Test
    void whoDoesNotDiscoverPathsIsLeftAlone() {
        Application user = stacks.connect(0, TcpConfig.builder().pathMtuDiscovery(false).build());
        stacks.advance(Duration.ofMillis(30));
        stacks.clientLink().hostPathMtu(1400);
        stacks.network.losing(segment -> segment.payload().isReadable());
        user.send(DATA);
        stacks.advance(Duration.ofSeconds(1));
        stacks.clientLink().tooBig(TwoStacks.SERVER);
        assertEquals(LINK_MTU, user.connection.tcp().pathMtuBytes());
        stacks.network.losing(segment -> false);
        stacks.advance(Duration.ofSeconds(10));
    }
}
