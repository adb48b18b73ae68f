package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.Unpooled;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a client remembers of servers (RFC 7413 section 4.1.3), seen in its next SYN to them. The server is played by hand. */
@Tag("RFC7413-4.1.3")
class FastOpenCacheTest {
    private static final TcpConfig CONFIG = TcpConfig.builder().fastOpenConnect(true).timestamps(false).sack(false).windowScaling(false).build();
    private static final IpAddress SERVER = IpAddress.parse("203.0.113.9");

    private TwoStacks stacks = new TwoStacks();
    private int nextPort = 40_000;
    private int serverUdp = 7777;

    @AfterEach
    void close() {
        stacks.close();
    }

    private void reopen(FastOpenConfig config) {
        stacks.close();
        stacks = new TwoStacks(TcpStackConfig.builder().fastOpen(config).build(), TcpStackConfig.defaults());
    }

    /** Connects, ten bytes ready, and says what the SYN looked like. */
    private String syn(TcpConfig config) {
        Application application = new Application();
        List<String> log = stacks.network.log();
        int before = log.size();
        try {
            application.connection = stacks.client.connect(IpAddress.ANY_V4, nextPort++, SERVER, 80, serverUdp, config, application);
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
        application.send(Unpooled.wrappedBuffer(new byte[10]));
        application.connection.touch();
        stacks.network.run();
        received();
        assertEquals(before + 1, log.size(), log::toString);
        return log.get(before).replace("4294967050", "10").replace("4294967040", "0").replace(" win 65535", "");
    }

    private String syn() {
        return syn(CONFIG);
    }

    /** What the server gets is seen in the network's log. */
    private void received() {
        stacks.received(SERVER, serverUdp);
    }

    /** The server's answer to the last SYN. */
    private void answer(int acked, String options) {
        TcpSegment synAck = TcpSegment.parse("S. 0:0(0) ack 0 win 65535 " + options).ack(TwoStacks.ISS + acked).source(SERVER, 80)
            .destination(IpAddress.parse(TwoStacks.CLIENT), nextPort - 1).udpPorts(serverUdp, TwoStacks.CLIENT_UDP);
        stacks.network.inject(synAck);
        received();
    }

    private void cookieFetched() {
        syn();
        answer(1, "<mss 1000,FO 0102030405060708>");
    }

    @Test
    void aCookieIsAskedForAndThenUsed() {
        assertEquals("S 0:0(0) <mss 1452,FO>", syn());
        answer(1, "<mss 1000,FO 0102030405060708>");
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
        answer(11, "<mss 1000>");
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
        assertEquals(1, stacks.client.fastOpenCache().size());
    }

    @Test
    void theNewestCookieReplacesTheOneBefore() {
        cookieFetched();
        syn();
        answer(1, "<mss 1000,FO 11121314>");
        assertEquals("S 0:10(10) <mss 1452,FO 11121314>", syn());
    }

    @Test
    void roomOnTheSynFollowsTheServersMss() {
        cookieFetched();
        assertEquals(960, stacks.client.fastOpenCache().synDataRoom(SERVER, serverUdp, CONFIG));
        assertEquals(-1, stacks.client.fastOpenCache().synDataRoom(SERVER, serverUdp + 1, CONFIG), "another server on the same host");
        assertEquals(-1, stacks.client.fastOpenCache().synDataRoom(SERVER, serverUdp, TcpConfig.defaults()), "nobody asked for Fast Open");
    }

    @Test
    void onlyConnectsThatAskForItHaveIt() {
        cookieFetched();
        TcpConfig ordinary = CONFIG.toBuilder().fastOpenConnect(false).build();
        assertEquals("S 0:0(0) <mss 1452>", syn(ordinary));
    }

    @Test
    void aClientThatForbidsItHasNone() {
        reopen(FastOpenConfig.builder().client(false).build());
        assertEquals("S 0:0(0) <mss 1452>", syn());
    }

    @Test
    void anUnansweredRequestIsRepeatedOnceInTheExperimentalOption() {
        syn();
        answer(1, "<mss 1000>");
        assertEquals("S 0:0(0) <mss 1452,FOEXP>", syn());
        answer(1, "<mss 1000>");
        assertEquals("S 0:0(0) <mss 1452,FO>", syn());
        answer(1, "<mss 1000>");
        assertEquals("S 0:0(0) <mss 1452,FO>", syn());
    }

    @Test
    void anExperimentalCookieIsUsedInItsOption() {
        syn();
        answer(1, "<mss 1000>");
        syn();
        answer(1, "<mss 1000,FOEXP 0102030405060708>");
        assertEquals("S 0:10(10) <mss 1452,FOEXP 0102030405060708>", syn());
    }

    @Test
    @Tag("RFC7413-7.3")
    void cookiesCanBeDoneWithout() {
        reopen(FastOpenConfig.builder().clientWithoutCookie(true).build());
        assertEquals("S 0:10(10) <mss 1452>", syn());
        close();
        stacks = new TwoStacks();
        assertEquals("S 0:10(10) <mss 1452>", syn(CONFIG.toBuilder().fastOpenWithoutCookie(true).build()));
    }

    @Test
    @Tag("RFC7413-4.1.3.1")
    void aLostSynPausesFastOpenForTheServer() {
        cookieFetched();
        loseSynWithData();
        assertEquals("S 0:0(0) <mss 1452>", syn());
        answer(1, "<mss 1000>");
        stacks.advance(Duration.ofSeconds(60));
        loseSynWithData();
        stacks.advance(Duration.ofSeconds(119));
        assertEquals("S 0:0(0) <mss 1452>", syn(), "the second pause is twice as long");
        answer(1, "<mss 1000>");
        stacks.advance(Duration.ofSeconds(1));
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
    }

    private void loseSynWithData() {
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
        stacks.advance(Duration.ofSeconds(1));
        answer(1, "<mss 1000>");
    }

    @Test
    @Tag("RFC7413-4.1.3.1")
    void aServerThatDoesNotAnswerAtAllPausesItToo() {
        cookieFetched();
        syn(CONFIG.toBuilder().synRetries(1).build());
        stacks.advance(Duration.ofSeconds(10));
        received();
        assertEquals("S 0:0(0) <mss 1452>", syn());
    }

    @Test
    @Tag("RFC7413-4.1.3.1")
    void dataRefusedWithoutANewCookiePausesItToo() {
        cookieFetched();
        syn();
        answer(1, "<mss 1000>");
        assertEquals("S 0:0(0) <mss 1452>", syn());
        answer(1, "<mss 1000>");
        stacks.advance(Duration.ofSeconds(60));
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
    }

    @Test
    void aSuccessEndsTheCountOfLosses() {
        cookieFetched();
        loseSynWithData();
        stacks.advance(Duration.ofSeconds(60));
        syn();
        answer(11, "<mss 1000>");
        loseSynWithData();
        stacks.advance(Duration.ofSeconds(60));
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
    }

    @Test
    void pausesCanBeDoneWithout() {
        reopen(FastOpenConfig.builder().pauseNanos(0).build());
        cookieFetched();
        loseSynWithData();
        loseSynWithData();
    }

    @Test
    void noMoreServersAreRememberedThanAllowed() {
        reopen(FastOpenConfig.builder().maxPeers(3).build());
        FastOpenCache cache = stacks.client.fastOpenCache();
        for (int i = 0; i < 5; i++) {
            serverUdp = 7000 + i;
            cookieFetched();
            assertTrue(cache.size() <= 3);
        }
        assertEquals("S 0:10(10) <mss 1452,FO 0102030405060708>", syn());
        serverUdp = 7000;
        assertEquals("S 0:0(0) <mss 1452,FO>", syn(), "the one not used for longest is forgotten");
        cache.clear();
        assertEquals(0, cache.size());
    }
}
