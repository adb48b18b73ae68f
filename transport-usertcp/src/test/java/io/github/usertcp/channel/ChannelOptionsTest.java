package io.github.usertcp.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option is read back as set, and nonsense is refused with name, value and range. */
class ChannelOptionsTest {
    private final UserTcpSocketChannelConfig config = new UserTcpSocketChannel().config();
    private final UserTcpServerSocketChannelConfig serverConfig = new UserTcpServerSocketChannel().config();

    static Stream<Arguments> connectionOptions() {
        return Stream.of(
            Arguments.of(ChannelOption.SO_SNDBUF, 70_000),
            Arguments.of(ChannelOption.SO_RCVBUF, 80_000),
            Arguments.of(ChannelOption.TCP_NODELAY, false),
            Arguments.of(ChannelOption.SO_KEEPALIVE, true),
            Arguments.of(ChannelOption.SO_REUSEADDR, true),
            Arguments.of(ChannelOption.IP_TOS, 0x10),
            Arguments.of(UserTcpChannelOption.TCP_CORK, true),
            Arguments.of(UserTcpChannelOption.TCP_QUICKACK, true),
            Arguments.of(UserTcpChannelOption.TCP_NOTSENT_LOWAT, 16_384L),
            Arguments.of(UserTcpChannelOption.TCP_KEEPIDLE, 30),
            Arguments.of(UserTcpChannelOption.TCP_KEEPINTVL, 5),
            Arguments.of(UserTcpChannelOption.TCP_KEEPCNT, 3),
            Arguments.of(UserTcpChannelOption.TCP_USER_TIMEOUT, 20_000),
            Arguments.of(UserTcpChannelOption.TCP_MAXSEG, 1200),
            Arguments.of(UserTcpChannelOption.IP_MTU_DISCOVER, 3),
            Arguments.of(UserTcpChannelOption.TCP_SYNCNT, 2),
            Arguments.of(UserTcpChannelOption.TCP_LINGER2, 10),
            Arguments.of(UserTcpChannelOption.TCP_INITIAL_WINDOW, 4),
            Arguments.of(UserTcpChannelOption.TCP_RTO_MIN_US, 50_000),
            Arguments.of(UserTcpChannelOption.TCP_DELACK_MAX_US, 25_000),
            Arguments.of(UserTcpChannelOption.TCP_TIMESTAMPS, false),
            Arguments.of(UserTcpChannelOption.TCP_SACK, true),
            Arguments.of(UserTcpChannelOption.TCP_MTU_PROBING, MtuProbing.ALWAYS),
            Arguments.of(EpollChannelOption.TCP_CORK, true),
            Arguments.of(EpollChannelOption.TCP_USER_TIMEOUT, 1234),
            Arguments.of(EpollChannelOption.TCP_NOTSENT_LOWAT, 1L << 20),
            Arguments.of(IoUringChannelOption.TCP_KEEPIDLE, 17),
            Arguments.of(NioChannelOption.of(StandardSocketOptions.SO_SNDBUF), 65_536),
            Arguments.of(NioChannelOption.of(StandardSocketOptions.TCP_NODELAY), false),
            Arguments.of(ChannelOption.CONNECT_TIMEOUT_MILLIS, 77),
            Arguments.of(ChannelOption.AUTO_READ, false),
            Arguments.of(ChannelOption.AUTO_CLOSE, false),
            Arguments.of(ChannelOption.WRITE_SPIN_COUNT, 3),
            Arguments.of(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(10, 20)));
    }

    static Stream<Arguments> channelOptions() {
        return Stream.of(
            Arguments.of(ChannelOption.SO_LINGER, 5),
            Arguments.of(ChannelOption.ALLOW_HALF_CLOSURE, true),
            Arguments.of(ChannelOption.TCP_FASTOPEN_CONNECT, true),
            Arguments.of(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true),
            Arguments.of(UserTcpChannelOption.ZERO_COPY_THRESHOLD, 100));
    }

    static Stream<Arguments> serverOptions() {
        return Stream.of(
            Arguments.of(ChannelOption.SO_BACKLOG, 7),
            Arguments.of(ChannelOption.TCP_FASTOPEN, 5),
            Arguments.of(UserTcpChannelOption.TCP_FASTOPEN_KEY, FastOpenKeys.parse("1-2-3-4")),
            Arguments.of(UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE, true),
            Arguments.of(EpollChannelOption.SO_REUSEPORT, true));
    }

    @ParameterizedTest
    @MethodSource({"connectionOptions", "channelOptions"})
    <T> void isReadBackAsSet(ChannelOption<T> option, T value) {
        assertReadBack(config, option, value);
    }

    @ParameterizedTest
    @MethodSource({"connectionOptions", "serverOptions"})
    <T> void isReadBackAsSetFromServerChannels(ChannelOption<T> option, T value) {
        assertReadBack(serverConfig, option, value);
    }

    private static <T> void assertReadBack(ChannelConfig config, ChannelOption<T> option, T value) {
        assertTrue(config.setOption(option, value), "known");
        assertEquals(value, config.getOption(option));
        boolean own = option == ChannelOption.valueOf(option.name()) && !option.name().contains("#");
        Map<ChannelOption<?>, Object> all = config.getOptions();
        if (own && all.containsKey(option)) {
            assertEquals(value, all.get(option));
        }
    }

    @Test
    void defaultsAreThoseOfNettysSocketChannels() {
        assertTrue(config.isTcpNoDelay());
        assertEquals(-1, config.getSoLinger());
        assertFalse(config.isAllowHalfClosure());
        assertFalse(config.isKeepAlive());
        assertEquals(7200, config.getOption(UserTcpChannelOption.TCP_KEEPIDLE));
        assertEquals(0L, config.getOption(UserTcpChannelOption.TCP_NOTSENT_LOWAT));
        assertTrue(serverConfig.getBacklog() > 0);
        assertNotNull(config.getOptions().get(ChannelOption.SO_RCVBUF));
    }

    @Test
    void congestionControlIsChosenByOption() {
        CongestionControlFactory factory = CongestionControls.newReno();
        assertTrue(config.setOption(UserTcpChannelOption.TCP_CONGESTION, factory));
        assertSame(factory, config.getOption(UserTcpChannelOption.TCP_CONGESTION));
        assertSame(factory, config.settings().congestionControl());
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
            Arguments.of(ChannelOption.SO_SNDBUF, 0, "SO_SNDBUF: 0 (expected: 1 to 2147483647)"),
            Arguments.of(ChannelOption.SO_RCVBUF, -5, "SO_RCVBUF: -5 (expected: 1 to 2147483647)"),
            Arguments.of(ChannelOption.SO_LINGER, -2, "SO_LINGER: -2 (expected: -1 to 2147483647)"),
            Arguments.of(ChannelOption.IP_TOS, 256, "IP_TOS: 256 (expected: 0 to 255)"),
            Arguments.of(UserTcpChannelOption.TCP_KEEPIDLE, 0, "TCP_KEEPIDLE: 0 (expected: 1 to 32767)"),
            Arguments.of(EpollChannelOption.TCP_KEEPCNT, 128, "TCP_KEEPCNT: 128 (expected: 1 to 127)"),
            Arguments.of(UserTcpChannelOption.IP_MTU_DISCOVER, 6, "IP_MTU_DISCOVER: 6 (expected: 0 to 5)"),
            Arguments.of(UserTcpChannelOption.TCP_MAXSEG, 47, "TCP_MAXSEG: 47 (expected: 48 to 65495)"),
            Arguments.of(UserTcpChannelOption.TCP_NOTSENT_LOWAT, -1L, "TCP_NOTSENT_LOWAT: -1 (expected: 0 to 4294967295)"),
            Arguments.of(UserTcpChannelOption.TCP_USER_TIMEOUT, -1, "TCP_USER_TIMEOUT: -1 (expected: 0 to 86400000)"),
            Arguments.of(UserTcpChannelOption.ZERO_COPY_THRESHOLD, -1, "ZERO_COPY_THRESHOLD: -1 (expected: 0 to 2147483647)"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    <T> void nonsenseIsRefusedWithNameValueAndRange(ChannelOption<T> option, T value, String message) {
        T before = config.getOption(option);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> config.setOption(option, value));
        assertEquals(message, e.getMessage());
        assertEquals(before, config.getOption(option), "unchanged");
    }

    @Test
    void negativeBacklogIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> serverConfig.setBacklog(-1));
        assertEquals("SO_BACKLOG: -1 (expected: 0 to 2147483647)", e.getMessage());
    }

    @Test
    void anUnknownOptionIsSaidToBeUnknown() {
        assertFalse(config.setOption(EpollChannelOption.SO_BUSY_POLL, 50));
        assertFalse(config.setOption(ChannelOption.SO_BACKLOG, 50));
        assertFalse(serverConfig.setOption(ChannelOption.SO_LINGER, 50));
    }

    @Test
    void bufferSizesAreTheNearestPossible() {
        config.setSendBufferSize(1);
        assertEquals(1024, config.getSendBufferSize());
        config.setSendBufferSize(Integer.MAX_VALUE);
        assertEquals(1 << 30, config.getSendBufferSize());
    }

    @Test
    void channelsStartWithWhatTheStackHasWhenTheyAreMade() {
        try (TwoHosts hosts = new TwoHosts(false)) {
            UserTcpSocketChannel before = UserTcpChannels.clients(hosts.client).newChannel();
            hosts.client.reconfigure(TcpConfig.builder().sack(false).sendBufferBytes(70_000).build());
            UserTcpSocketChannel after = UserTcpChannels.clients(hosts.client).newChannel();
            assertEquals(TcpConfig.defaults().sendBufferBytes(), before.config().getOption(ChannelOption.SO_SNDBUF));
            assertEquals(70_000, after.config().getOption(ChannelOption.SO_SNDBUF));
            assertEquals(false, after.config().getOption(UserTcpChannelOption.TCP_SACK));
        }
    }
}
