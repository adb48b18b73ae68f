package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.stack.FastOpenConfig;
import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.tcp.FastOpenSyn;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.host.FastOpenListener;
import java.util.Arrays;

/** What the client of a {@link Scenario} puts on its SYN for TCP Fast Open (RFC 7413), and what the server makes of it. */
public enum FastOpenPlan {
    NONE,
    /** A request for a cookie; the data waits. */
    REQUEST,
    /** A cookie from an earlier visit, and data. */
    COOKIE,
    /** The same in option 254. */
    EXPERIMENTAL_COOKIE,
    /** The server has another key since that visit: it ignores the data. */
    FORGOTTEN_COOKIE,
    /** Data alone, which this server takes from anybody. */
    WITHOUT_COOKIE;

    private static final int KEY_BYTES = 16;
    private static final byte[] VALID = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final byte[] OUTDATED = {8, 7, 6, 5, 4, 3, 2, 1};

    /** What the SYN carries; {@code null} for nothing. */
    FastOpenSyn offer(TcpConfig config, int linkMss) {
        return switch (this) {
            case NONE -> null;
            case REQUEST -> FastOpenSyn.cookieRequest(false);
            case COOKIE -> FastOpenSyn.withData(VALID, false, 0, config, linkMss);
            case EXPERIMENTAL_COOKIE -> FastOpenSyn.withData(VALID, true, 0, config, linkMss);
            case FORGOTTEN_COOKIE -> FastOpenSyn.withData(OUTDATED, false, 0, config, linkMss);
            case WITHOUT_COOKIE -> FastOpenSyn.withData(null, false, 0, config, linkMss);
        };
    }

    /** The client has been there before. */
    boolean hasVisit() {
        return this == COOKIE || this == EXPERIMENTAL_COOKIE || this == FORGOTTEN_COOKIE;
    }

    /** Settings of a client channel's connections. */
    TcpConfig ofClient(TcpConfig config) {
        return this == NONE ? config : config.toBuilder().fastOpenConnect(true).fastOpenWithoutCookie(this == WITHOUT_COOKIE).build();
    }

    /** What the server's stack allows at the beginning. */
    FastOpenConfig ofServer() {
        return server(VALID);
    }

    /** And after the visit. */
    FastOpenConfig ofServerLater() {
        return server(this == FORGOTTEN_COOKIE ? OUTDATED : VALID);
    }

    private FastOpenConfig server(byte[] cookie) {
        byte[] key = Arrays.copyOf(cookie, KEY_BYTES);
        return FastOpenConfig.builder().everyListener(this != NONE).serverWithoutCookie(this == WITHOUT_COOKIE)
            .keys(FastOpenKeys.of(key)).build();
    }

    /** How the server listens; {@code null} for as ever. */
    FastOpenListener listener(Scenario.Party server) {
        if (this == NONE) {
            return null;
        }
        return new FastOpenListener(server.config(), server.numbers(), server.linkMss(), this == WITHOUT_COOKIE ? null : VALID);
    }
}
