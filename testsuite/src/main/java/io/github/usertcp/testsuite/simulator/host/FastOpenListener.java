package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.HalfOpen;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpTuple;
import java.util.Arrays;

/**
 * A listener's part in TCP Fast Open, which in production is the stack's: makes a connection of a SYN with the right cookie (RFC 7413
 * section 4.2.2).
 *
 * @param cookie  what clients must bring; {@code null} for nothing
 */
public record FastOpenListener(TcpConfig config, InitialNumbers numbers, int linkMss, byte[] cookie) {
    /** The connection that this segment opens, accepted by the application at once; {@code null} if it opens none. */
    TcpConnection open(TcpTuple tuple, TcpSegment segment, long nowNanos) {
        boolean ordinary = !segment.isSyn() || segment.isAck() || segment.isRst() || segment.isFin();
        if (ordinary || cookie != null && !Arrays.equals(cookie, segment.fastOpenCookie())) {
            return null;
        }
        HalfOpen halfOpen = HalfOpen.answer(segment, tuple, config, numbers, nowNanos);
        TcpConnection connection = TcpConnection.openedBySyn(tuple, config, halfOpen, segment, linkMss, nowNanos);
        connection.wasAccepted();
        return connection;
    }
}
