package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.MtuRange;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpTuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one connection learns of a path the next one knows, for ten minutes, and of so many paths (RFC 1191 sections 5.1 and 6.3). */
@Tag("RFC1191-5.1")
class PathMtuCacheTest {
    private static final long TEN_MINUTES = 600_000_000_000L;

    private final PathMtuCache cache = new PathMtuCache(TcpStackConfig.builder().maxPathMtus(3).build());
    private int port = 1000;

    private TcpConnection to(int host) {
        TcpTuple tuple = new TcpTuple(IpAddress.parse("192.0.2.1"), port++, IpAddress.v4(0xC633_6400 + host), 80, 0);
        return TcpConnection.create(tuple, TcpConfig.defaults(), InitialNumbers.fixed(1, 0), 1460);
    }

    private void learn(int host, int mtu, long now) {
        TcpConnection tcp = to(host);
        tcp.pathMtu(mtu, now + TEN_MINUTES);
        cache.learn(tcp, now);
    }

    private int toldTo(int host, long now) {
        TcpConnection tcp = to(host);
        int fewer = cache.tell(tcp, now);
        assertEquals(1500 - tcp.pathMtuBytes(), fewer);
        return tcp.pathMtuBytes();
    }

    @Test
    void theNextConnectionToTheSamePeerKnows() {
        assertEquals(1500, toldTo(1, 0));
        learn(1, 1200, 0);
        assertEquals(1200, toldTo(1, 1));
        assertEquals(1500, toldTo(2, 1));
        learn(1, 1000, 2);
        assertEquals(1000, toldTo(1, 3));
    }

    @Test
    @Tag("RFC1191-6.3")
    void forTenMinutes() {
        learn(1, 1200, 5);
        assertEquals(1200, toldTo(1, 4 + TEN_MINUTES));
        assertEquals(1500, toldTo(1, 5 + TEN_MINUTES));
        assertEquals(0, cache.size());
    }

    /** It bounds nothing: it is where that connection's search begins. */
    @Test
    @Tag("RFC4821-5.2")
    void whatASearchHasFoundIsKeptBesideWhatWasReported() {
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(1300, 1400, 1500, 7), 7);
        TcpConnection next = to(1);
        assertEquals(200, cache.tell(next, 8));
        assertEquals(1500, next.pathMtuBytes());
        learn(1, 1200, 8);
        assertEquals(300, cache.tell(to(1), 9));
        assertEquals(300, cache.tell(to(1), 7 + TEN_MINUTES));
        assertEquals(1, cache.size());
    }

    @Test
    void aSearchThatFindsNoBoundIsForgotten() {
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(1300, 1400, 1500, 7), 7);
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(1500, Integer.MAX_VALUE, 1500, 8), 8);
        assertEquals(0, cache.tell(to(1), 9));
        assertEquals(0, cache.size());
    }

    @Test
    void whoSendsOnlySmallPacketsDoesNotKnowThatLargeOnesGetThrough() {
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(1300, 1400, 1500, 7), 7);
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(576, Integer.MAX_VALUE, 576, 8), 8);
        assertEquals(200, cache.tell(to(1), 9));
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(1064, Integer.MAX_VALUE, 1350, 8), 8);
        assertEquals(200, cache.tell(to(1), 9), "nor who has only begun");
        cache.learn(IpAddress.v4(0xC633_6401), new MtuRange(1064, 1200, 1350, 8), 8);
        assertEquals(436, cache.tell(to(1), 9), "but that some of its own do not");
    }

    @Test
    void theOldestGivesWay() {
        for (int host = 1; host <= 3; host++) {
            learn(host, 1200, 0);
        }
        learn(1, 1100, 1);
        learn(4, 1200, 2);
        assertEquals(3, cache.size());
        assertEquals(1500, toldTo(2, 3));
        assertEquals(1100, toldTo(1, 3));
        assertEquals(1200, toldTo(4, 3));
    }

    @Test
    void aCacheOfNoneRemembersNothing() {
        PathMtuCache none = new PathMtuCache(TcpStackConfig.builder().maxPathMtus(0).build());
        TcpConnection tcp = to(1);
        tcp.pathMtu(1200, TEN_MINUTES);
        none.learn(tcp, 0);
        assertEquals(0, none.size());
        assertEquals(0, none.tell(to(1), 0));
    }
}
